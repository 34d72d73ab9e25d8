"""Confined child processes of a spawner, each for the code of one notebook.

The spawner (one thread, everything slow already imported) makes one ``Confinement``. It
finds out what this machine allows, moves the spawner itself out of sight of disk and
network, and then forks a confined child for each notebook. Each mechanism is tried in a
throw-away process before it is relied upon; what does not work here is named in ``missing`` and
left out, and ``level`` says what remains.
"""

import contextlib
import functools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from course_utils.sandbox.isolation import (
    child,
    forks,
    kernel,
    landlock,
    namespaces,
    privileges,
    system_calls,
)
from course_utils.sandbox.isolation.errors import IsolationError, reason
from course_utils.sandbox.isolation.limits import ResourceLimits, address_space, tasks_of_user

# From nothing to everything. "limits": a process of its own with limits on what it uses;
# "landlock": and no files, network or other processes; "full": and nothing of them to be seen.
LEVELS = ("none", "limits", "landlock", "full")

_PATIENCE = 0.5  # seconds for a thread that has been joined to be gone for the kernel too


class Child(NamedTuple):
    """A confined process that is running its target.

    Attributes
    ----------
    pid : int
        Its id as the spawner sees it.
    pidfd : int
        A file descriptor of the process: for signals (``signal.pidfd_send_signal``) and, by
        polling for reading, for its end. To be closed by whoever has it.
    workdir : Path or None
        Its working directory; None where only the child itself can see it. The next ``start``, or
        ``close``, removes it when the process has ended.
    """

    pid: int
    pidfd: int
    workdir: Path | None


class Confinement:
    """What the spawner needs to start confined children.

    Parameters
    ----------
    view : View
        The files they may read.
    default_limits : ResourceLimits, optional
    level : str
        The highest of ``LEVELS`` to try, at least "limits".

    Attributes
    ----------
    level : str
        The level reached, by what could be switched on here. ``probe`` tells what it is worth.
    missing : tuple of str
        What could not be switched on and why.

    Raises
    ------
    IsolationError
        Where the system has no means at all (not Linux), or the process has several threads.
    """

    def __init__(self, view, default_limits=None, level="full"):
        if level not in LEVELS[1:]:
            raise ValueError(f"level is {level!r}: one of {', '.join(LEVELS[1:])} is needed")
        if sys.platform != "linux":
            raise IsolationError(f"confined processes need Linux; this is {sys.platform}")
        # After the change of root there is no /proc; what was opened before stays.
        self._tasks = os.open("/proc/self/task", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._refuse_threads()
        self._proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._statm = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
        self.default_limits = default_limits or ResourceLimits()
        self.missing = ()
        self._view = view
        self._running = {}
        self._scratch = None  # for working directories that cannot lie in memory
        # Children whose guard has gone become ours.
        kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)

        # Compiled before the disk is out of sight, since libseccomp has to be found on it.
        seccomp = level != "limits" and self._works("seccomp", _filter_own_system_calls)
        if seccomp:
            system_calls.program(1)
        can_change_user = privileges.can_change_user()
        self._users = kernel.CAP_SYS_ADMIN not in kernel.effective_capabilities()
        self._namespaces = level == "full" and self._enter_namespaces()
        self._user_of = self._choose_user() if can_change_user else None
        abi, ruleset = self._prepare_landlock() if level != "limits" else (0, None)
        self._mechanisms = child.Mechanisms(
            view, self._proc, self._namespaces, abi, ruleset, seccomp, self._user_of
        )
        if seccomp and abi and self._namespaces:
            self.level = "full"
        else:
            self.level = "landlock" if seccomp and (abi or self._namespaces) else "limits"

    def start(self, target, keep_fds=(), limits=None, environment=None):
        """Fork a confined child that calls ``target()`` and exits; return once it is confined.

        In the child nothing is open but ``keep_fds`` and, on ``/dev/null``, the standard streams;
        the working directory is empty, and the environment holds ``environment`` and what Python
        expects. SIGINT raises ``KeyboardInterrupt``. The exit code is 0, or 1 after an exception.

        Parameters
        ----------
        target : callable
        keep_fds : iterable of int
            Pipes or pairs of stream sockets; through a datagram socket student code could send
            to any address.
        limits : ResourceLimits, optional
        environment : dict, optional
            Environment variables to add.

        Returns
        -------
        Child

        Raises
        ------
        IsolationError
            What the child could not be given; it has ended then.
        """
        self._refuse_threads()
        self._collect()
        keep_fds = tuple(keep_fds)
        if keep_fds and min(keep_fds) < 3:
            raise ValueError(f"keep_fds has {min(keep_fds)}: 0 to 2 are the standard streams")
        workdir = None if self._namespaces else self._new_workdir()
        life = child.Life(
            target=target,
            keep_fds=keep_fds,
            limits=limits or self.default_limits,
            environment=environment or {},
            workdir=workdir,
            addresses=address_space(self._statm),
            other_tasks=self._other_tasks(),
        )
        ours, theirs = socket.socketpair()
        with ours, theirs:
            ends = theirs.fileno(), ours.fileno()
            live = functools.partial(child.live, self._mechanisms, life, *ends)
            pid = self._fork(live)
            theirs.close()
            self._running[pid] = workdir
            ours.sendall(str(pid).encode())
            reply = b"".join(iter(lambda: ours.recv(4096), b""))
        if reply != child.CONFINED:
            os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
            self._collect()
            raise IsolationError(reply.decode(errors="replace") or "the child died unconfined")
        return Child(pid, os.pidfd_open(pid), workdir)

    def close(self):
        """Kill the children that are left and remove what is theirs."""
        for pid in self._running:
            os.kill(pid, signal.SIGKILL)
            os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        self._collect()
        if self._scratch:
            shutil.rmtree(self._scratch, ignore_errors=True)
        opened = {self._proc, self._statm, self._tasks, self._mechanisms.ruleset} - {None}
        for number in opened:
            os.close(number)

    def _refuse_threads(self):
        """A fork copies the calling thread only; locks held by others would stay locked."""
        deadline = time.monotonic() + _PATIENCE
        while (threads := len(os.listdir(self._tasks))) != 1:
            if time.monotonic() > deadline:
                raise IsolationError(
                    f"the process has {threads} threads and may have only one: set "
                    "OMP_NUM_THREADS=1 and OPENBLAS_NUM_THREADS=1 before it starts"
                )
            time.sleep(0.001)

    def _collect(self):
        """Remove what ended children leave: working directories, and processes of their group."""
        for pid, workdir in list(self._running.items()):
            if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                os.killpg(pid, signal.SIGKILL)  # the ended child itself is still there to be named
                os.waitpid(pid, 0)
                _wait_for_group(pid)
                del self._running[pid]
                if workdir:
                    _remove(workdir)

    def _fork(self, live):
        """Fork the child, as the first process of its pid namespace where it has one."""
        if not self._namespaces:
            return forks.fork(live)

        def guard():
            namespaces.unshare_for_child(self._proc, self._users)
            return str(forks.fork(live))

        return int(forks.answer(guard))

    def _works(self, mechanism, step):
        """Return whether ``step()`` works in a throw-away process; note it where it does not."""
        failure = forks.failure(step)
        if failure:
            self.missing += (f"{mechanism}: {failure}",)
        return not failure

    def _enter_namespaces(self):
        place = tempfile.mkdtemp(prefix="course-sandbox-")
        parent = os.open(os.path.dirname(place), os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        enter = functools.partial(namespaces.enter, self._view, place, self._proc, self._users)

        def rehearse():
            enter()
            namespaces.unshare_for_child(self._proc, self._users)
            forks.answer(begin)

        def begin():
            namespaces.mount_working_directory(self.default_limits, os.getuid(), os.getgid())
            return ""

        try:
            works = self._works("namespaces", rehearse)
            if works:
                enter()
            return works
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.rmdir(os.path.basename(place), dir_fd=parent)
            os.close(parent)

    def _choose_user(self):
        """Return how a child of root finds the user that it becomes, or None."""

        def rehearse(user):
            privileges.become(user)
            hidden = privileges.unreadable(self._view.readable)
            if hidden:
                raise IsolationError(f"of the view only root can read {hidden[0]}")

        own = forks.failure(lambda: rehearse(privileges.unused_user(os.getpid())))
        if not own:
            return privileges.unused_user
        if not forks.failure(lambda: rehearse(privileges.NOBODY)):
            self.missing += (f"a user for each child (all are {privileges.NOBODY}): {own}",)
            return lambda pid: privileges.NOBODY
        self.missing += (f"an unprivileged user (root without its rights instead): {own}",)
        return None

    def _prepare_landlock(self):
        """Return Landlock's version, or 0, and the ruleset where one serves all children."""
        try:
            abi = landlock.version()
        except OSError as error:
            self.missing += (f"Landlock: {reason(error)}",)
            return 0, None

        def rehearse():
            work = namespaces.PARENT_OF_WORK if self._namespaces else tempfile.gettempdir()
            kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
            landlock.restrict(child.create_ruleset(abi, self._view, work))

        if not self._works("Landlock", rehearse):
            return 0, None
        self.missing += tuple(landlock.gaps(abi))
        if not self._namespaces:
            return abi, None
        return abi, child.create_ruleset(abi, self._view, namespaces.PARENT_OF_WORK)

    def _new_workdir(self):
        if self._scratch is None:
            self._scratch = Path(tempfile.mkdtemp(prefix="course-work-"))
            self._scratch.chmod(0o711)  # to be passed through by the children's users
        return Path(tempfile.mkdtemp(dir=self._scratch))

    def _other_tasks(self):
        """Return how many tasks count towards a child's limit beside its own."""
        if self._user_of is privileges.unused_user or (self._namespaces and self._users):
            return 0
        user = self._user_of(0) if self._user_of else os.getuid()
        return tasks_of_user(self._proc, user)


def _filter_own_system_calls():
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    system_calls.install(system_calls.program(1))


def _wait_for_group(leader):
    """Wait for the killed processes of a group whose leader has been waited for."""
    with contextlib.suppress(ChildProcessError):  # none is left
        while True:
            os.waitpid(-leader, 0)


def _remove(folder):
    """Remove a folder whatever was done in it: any depth, any mode."""
    with contextlib.suppress(OSError, RecursionError):
        shutil.rmtree(folder)
        return
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(["chmod", "-R", "u+rwX", "--", folder], check=False, **quiet)
    subprocess.run(["rm", "-rf", "--", folder], check=False, **quiet)
