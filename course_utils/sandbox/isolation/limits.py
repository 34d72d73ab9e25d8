"""How much of the machine one notebook may use."""

import os
from dataclasses import dataclass

try:
    import resource
except ImportError:  # Windows
    resource = None

MIB = 2**20


@dataclass(frozen=True)
class ResourceLimits:
    """ResourceLimits of one confined process.

    Attributes
    ----------
    memory : int
        Bytes of address space beyond what the spawner has. Pages that the spawner has
        addresses for but does not use (most of its libraries) are not counted: hostile code gets
        at most the spawner's address space and this.
    file_size : int
        Bytes in one file.
    workdir_bytes, workdir_files : int
        Bytes and files in the working directory, where namespaces allow one of its own size. It
        lies in memory, beside ``memory``.
    open_files : int
        Open file descriptors.
    tasks : int
        Processes and threads together, the first one included.
    """

    memory: int = 1024 * MIB
    file_size: int = 64 * MIB
    workdir_bytes: int = 256 * MIB
    workdir_files: int = 10_000
    open_files: int = 256
    tasks: int = 64

    def __post_init__(self):
        """Refuse limits that no process could live with."""
        for name, value in vars(self).items():
            if not isinstance(value, int) or value < 1:
                raise ValueError(f"{name} is {value!r}: a whole number of at least 1 is needed")


def address_space(statm):
    """Return how many bytes of addresses a process uses.

    ``statm`` is a file descriptor of its ``/proc/…/statm``.
    """
    return int(os.pread(statm, 256, 0).split()[0]) * os.sysconf("SC_PAGE_SIZE")


def tasks_of_user(proc, user):
    """Return how many processes and threads ``user`` has.

    ``proc`` is a file descriptor of the folder ``/proc``. What ends while we count is left out.
    """
    count = 0
    for name in os.listdir(proc):
        if name.isdigit():
            try:
                if os.stat(name, dir_fd=proc).st_uid == user:
                    count += os.stat(f"{name}/task", dir_fd=proc).st_nlink - 2
            except OSError:
                continue
    return count


def apply_limits(limits, addresses, other_tasks=0):
    """Set the calling process's limits, hard ones too, so that it cannot raise them again.

    ``addresses`` is what ``address_space`` said of the spawner; ``other_tasks`` is how many
    tasks count towards the same user's limit.
    """
    for kind, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, limits.file_size),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_NPROC, limits.tasks + other_tasks),
        # RLIMIT_DATA would not help: close to this limit the kernel no longer checks it when
        # memory is made writable.
        (resource.RLIMIT_AS, addresses + limits.memory),
    ):
        hard = resource.getrlimit(kind)[1]
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        resource.setrlimit(kind, (value, value))
