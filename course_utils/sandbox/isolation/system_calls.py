"""seccomp: system calls that student code has no need of are refused by the kernel.

Everything is allowed that is not named here, since Python, NumPy, torch and libc differ from
version to version in what they call. The tables hold what reaches other processes, the network,
the kernel's own machinery, or memory that no limit counts. libseccomp (through ``pyseccomp``)
knows the numbers of each architecture.
"""

import ctypes
import errno
import functools
import socket
import tempfile

from course_utils.sandbox.isolation import kernel
from course_utils.sandbox.isolation.errors import IsolationError

_DENIED = {
    "programs and processes": "execve execveat fork vfork ptrace process_vm_readv "
    "process_vm_writev process_madvise process_mrelease kcmp tkill rt_sigqueueinfo "
    "rt_tgsigqueueinfo pidfd_open pidfd_getfd pidfd_send_signal move_pages migrate_pages "
    "setpriority ioprio_set sched_setscheduler sched_setparam sched_setattr",
    "network and shared memory": "socket connect bind listen accept accept4 mq_open mq_unlink "
    "shmget shmat shmctl shmdt semget semop semctl semtimedop msgget msgsnd msgrcv msgctl",
    "file systems": "mount umount umount2 pivot_root chroot unshare setns open_tree "
    "open_tree_attr move_mount fsopen fsconfig fsmount fspick mount_setattr statmount listmount "
    "name_to_handle_at open_by_handle_at fanotify_init fanotify_mark inotify_add_watch quotactl "
    "quotactl_fd acct swapon swapoff sysfs ustat uselib lookup_dcookie nfsservctl",
    "memory that no limit counts": "memfd_create memfd_secret",
    "kernel": "bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register "
    "add_key request_key keyctl init_module finit_module delete_module create_module kexec_load "
    "kexec_file_load reboot syslog iopl ioperm modify_ldt personality vhangup _sysctl",
    "clock and names": "settimeofday clock_settime clock_adjtime adjtimex sethostname "
    "setdomainname",
}

# For a libseccomp that is older than the call; since Linux 5.1 a call has the same number on
# every architecture.
_NUMBERS = {
    "pidfd_send_signal": 424,
    "io_uring_setup": 425,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "open_tree": 428,
    "move_mount": 429,
    "fsopen": 430,
    "fsconfig": 431,
    "fsmount": 432,
    "fspick": 433,
    "pidfd_open": 434,
    "clone3": 435,
    "pidfd_getfd": 438,
    "process_madvise": 440,
    "mount_setattr": 442,
    "quotactl_fd": 443,
    "memfd_secret": 447,
    "process_mrelease": 448,
    "statmount": 457,
    "listmount": 458,
    "open_tree_attr": 467,
}

_CLONE_THREAD = 0x10000
_INT = 0xFFFFFFFF  # the kernel reads only these bits of an argument of type int
_PRCTL_DENIED = (kernel.PR_SET_PDEATHSIG, kernel.PR_SET_DUMPABLE, 0x59616D61)  # PR_SET_PTRACER
_FCNTL_DENIED = (8, 10, 15)  # F_SETOWN, F_SETSIG, F_SETOWN_EX: signals to others
# TIOCSTI and TIOCLINUX type into a terminal; FIOSETOWN and SIOCSPGRP: signals to others.
_IOCTL_DENIED = (0x5412, 0x541C, 0x8901, 0x8902)


@functools.cache
def program(own_pid):
    """Return the filter as the kernel's byte code, for a process that has the id ``own_pid``.

    Threads, signals to itself and pairs of connected stream sockets (every asyncio loop makes
    one) are allowed. Raises ``IsolationError`` where libseccomp is missing.
    """
    try:
        import pyseccomp
    except (ImportError, RuntimeError, OSError, AttributeError) as error:
        raise IsolationError(f"seccomp: {error} (pyseccomp and libseccomp are needed)") from None
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    rules.set_attr(pyseccomp.Attr.ACT_BADARCH, pyseccomp.KILL_PROCESS)

    def deny(name, *conditions, error=errno.EPERM):
        number = pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)
        if number == -1:
            number = _NUMBERS.get(name, -1)
        if number >= 0:  # otherwise this architecture has no such call
            arguments = [pyseccomp.Arg(*condition) for condition in conditions]
            rules.add_rule(pyseccomp.ERRNO(error), number, *arguments)

    for names in _DENIED.values():
        for name in names.split():
            deny(name)
    # libc then tries clone, whose flags a filter can read.
    deny("clone3", error=errno.ENOSYS)
    deny("clone", (0, pyseccomp.MASKED_EQ, _CLONE_THREAD, 0))
    deny("socketpair", (0, pyseccomp.NE, socket.AF_UNIX))
    # A datagram socket could send to any address. These bits hold the kind without its flags.
    for kind in set(range(16)) - {socket.SOCK_STREAM}:
        deny("socketpair", (1, pyseccomp.MASKED_EQ, 0xF, kind))
    for name in ("kill", "tgkill"):
        deny(name, (0, pyseccomp.NE, own_pid))
    for name in ("prlimit64", "sched_setaffinity"):
        deny(name, (0, pyseccomp.NE, 0))
    for name, argument, values in (
        ("prctl", 0, _PRCTL_DENIED),
        ("fcntl", 1, _FCNTL_DENIED),
        ("ioctl", 1, _IOCTL_DENIED),
    ):
        for value in values:
            deny(name, (argument, pyseccomp.MASKED_EQ, _INT, value))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def install(code):
    """Hold the calling thread to the filter for good; it must have ``no_new_privs`` set."""
    structure = _Program(len(code) // 8, code)
    kernel.prctl(kernel.PR_SET_SECCOMP, kernel.SECCOMP_MODE_FILTER, ctypes.byref(structure))
