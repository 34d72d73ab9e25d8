"""The confined child's side: everything it gives up before student code runs."""

import os
import signal
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from course_utils.sandbox.isolation import kernel, landlock, namespaces, privileges, system_calls
from course_utils.sandbox.isolation.limits import ResourceLimits, apply_limits
from course_utils.sandbox.isolation.view import DEVICES, View

CONFINED = b"confined"


@dataclass(frozen=True)
class Mechanisms:
    """What can be switched on here; the same for all children of a spawner.

    Attributes
    ----------
    view : View
    proc : int
        File descriptor of the folder ``/proc``.
    namespaces : bool
        Whether the child is the first process of namespaces of its own.
    landlock : int
        The version to use; 0: none.
    ruleset : int or None
        File descriptor of the ruleset where it is the same for all children.
    seccomp : bool
    user_of : callable or None
        From a process's id to the user it becomes; None: it stays who it is.
    """

    view: View
    proc: int
    namespaces: bool = False
    landlock: int = 0
    ruleset: int | None = None
    seccomp: bool = False
    user_of: object = None


@dataclass(frozen=True)
class Life:
    """What one child is started for.

    Attributes
    ----------
    target : callable
    keep_fds : tuple of int
    limits : ResourceLimits
    environment : dict
    workdir : Path or None
        Its working directory; None: one in memory, where it has namespaces.
    addresses : int
        What ``limits.address_space`` says of the spawner.
    other_tasks : int
        How many other tasks count towards its limit.
    """

    target: object
    keep_fds: tuple[int, ...]
    limits: ResourceLimits
    environment: dict[str, str]
    workdir: Path | None
    addresses: int
    other_tasks: int


def live(mechanisms, life, channel, parents_end):
    """Confine the calling process, tell the spawner, and call the target.

    ``channel`` and ``parents_end`` are file descriptors of a pair of stream sockets. The
    spawner writes this process's id as it sees it, once it is its parent; back goes ``CONFINED``
    or what went wrong.
    """
    os.close(parents_end)
    pid = os.read(channel, 32)
    if not pid:
        return  # the spawner has died
    pid = int(pid)
    try:
        _leave_the_parent(mechanisms, life, channel)
        workdir = _enter_workdir(mechanisms, life, pid)
        _replace_environment(workdir, life.environment)
        confine(mechanisms, workdir)
        apply_limits(life.limits, life.addresses, life.other_tasks)
        if mechanisms.seccomp:
            system_calls.install(system_calls.program(os.getpid()))
        # Fails where the spawner has died meanwhile, before it could take us with it.
        os.write(channel, CONFINED)
    except BaseException as error:
        os.write(channel, f"{type(error).__name__}: {error}".encode(errors="replace")[:4000])
        raise
    os.close(channel)
    life.target()


def confine(mechanisms, workdir):
    """Give up every right that is not needed to run; the system calls come last, by themselves."""
    kernel.drop_capabilities()
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)  # no other process of the same user may look inside
    # A change of user undoes this, so it comes after that.
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if mechanisms.landlock:
        ruleset = mechanisms.ruleset
        if ruleset is None:
            ruleset = create_ruleset(mechanisms.landlock, mechanisms.view, workdir)
        landlock.restrict(ruleset)
        os.close(ruleset)


def create_ruleset(abi, view, work):
    """Return a Landlock ruleset for the view and everything below the folder ``work``."""
    rules = [(path, landlock.READ_FOLDER) for path in view.readable]
    rules += [(path, landlock.LIST_FOLDER) for path in view.listable]
    rules += [(path, landlock.DEVICE) for path in DEVICES if os.path.exists(path)]
    return landlock.create_ruleset(abi, [*rules, (work, landlock.WORK)])


def _leave_the_parent(mechanisms, life, channel):
    """Close the parent's files, leave its session and forget its signal handlers."""
    # Where memory runs out, the kernel is to end this process and none of the grader's.
    kernel.write(mechanisms.proc, "self/oom_score_adj", "1000")
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    keep = {channel, *life.keep_fds}
    if mechanisms.ruleset is not None:
        keep.add(mechanisms.ruleset)
    low = 3
    for number in sorted(keep):
        if low < number:  # CPython 3.11 takes an empty range for everything
            os.closerange(low, number)
        low = number + 1
    os.closerange(low, 2**31 - 1)

    os.setsid()
    signal.set_wakeup_fd(-1)
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)
    # The first process of a pid namespace gets only the signals that it handles.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _enter_workdir(mechanisms, life, pid):
    """Become the child's own user in its own working directory; return the directory's path."""
    changes = mechanisms.user_of is not None
    user = mechanisms.user_of(pid) if changes else os.getuid()
    group = user if changes else os.getgid()
    if mechanisms.namespaces:
        namespaces.mount_working_directory(life.limits, user, group)
        workdir = namespaces.WORK
    else:
        workdir = str(life.workdir)
        if changes:
            os.chown(workdir, user, group)
    if changes:
        privileges.become(user)
    os.chdir(workdir)
    os.umask(0o022)
    return workdir


def _replace_environment(workdir, variables):
    os.environ.clear()
    os.environ.update(
        HOME=workdir,
        LANG="C.UTF-8",
        LOGNAME="student",
        PATH=os.defpath,
        TMPDIR=workdir,
        USER="student",
    )
    os.environ.update(variables)
    tempfile.tempdir = None  # the spawner may have asked already
    sys.argv = [""]
