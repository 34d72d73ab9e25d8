"""The run room: a notebook's cells are run and its tests decided, see ``docs/engine.md``.

`run_notebook` takes a ``Job`` and returns a ``RunResult``, both plain data, and may be called from
any thread, or on another machine through any executor like those of ``concurrent.futures``.
"""

import ast
import atexit
import collections
import contextlib
import functools
import os
import pickle
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import course_utils
from course_utils.grading import job as jobs
from course_utils.sandbox.isolation import LEVELS
from course_utils.sandbox.shell import INLINE_BACKEND
from course_utils.sandbox.wire import Connection, ConnectionLost

PACKAGE = Path(course_utils.__file__).parent
# What no student's code may read: left out of the sandbox's view of the disk.
SECRET = ("grading", "instructor", "mistakes", "reference")

FOLDER = "course-run-"  # in the folder for temporary files
LEFT_OVER_SECONDS = 24 * 3600
START_SECONDS = 120  # to load the libraries
SPARE_SECONDS = 60  # beyond a notebook's own limit, before the checker itself is given up

# One thread for every library: a process with more cannot be forked, and notebooks share cores.
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
)


class RunRoomError(RuntimeError):
    """The run room itself failed; the submission is not to blame."""


def run_notebook(job):
    """Run one notebook.

    Parameters
    ----------
    job : Job

    Returns
    -------
    RunResult

    Raises
    ------
    RunRoomError
        The run room does not work here, or is less isolated than ``job.require``.
    """
    return _pair_for(job.trusted).run(job)


def warm_up(trusted):
    """Begin to start the warm processes for the notebooks of an assignment, without waiting.

    Parameters
    ----------
    trusted : tuple of (name, role, source)
        As in ``Job``.
    """
    _pair_for(trusted)


def close():
    """End the warm processes; the next notebook starts them anew."""
    with _LOCK:
        while _PAIRS:
            _PAIRS.popitem()[1].close()


_PAIRS = {}
_LOCK = threading.Lock()
atexit.register(close)


def _pair_for(trusted):
    needs = _needs(trusted)
    with _LOCK:
        pair = _PAIRS.get(needs)
        if pair is None or not pair.is_alive():
            if pair is not None:
                pair.close()
            pair = _PAIRS[needs] = _WarmPair(*needs)
        return pair


class _WarmPair:
    """The two warm processes: one forks for student code, the other for the checker."""

    def __init__(self, student_modules, checker_modules, given_cells):
        self._lock = threading.Lock()
        self.level, self.missing = None, ()  # known when they are ready
        _remove_leftovers()
        self._folder = Path(tempfile.mkdtemp(prefix=FOLDER))
        try:
            self._folder.chmod(0o755)  # the student's process may run as another user
            package = self._folder / "view"
            copy_student_package(package)
            self._student = _start(
                "course_utils.sandbox.warm", self._student_environment(package), package
            )
            self._checker = _start(
                "course_utils.grading.warm_checker", self._checker_environment(), self._folder
            )
            cells = {"cells": given_cells}
            view = {"package": str(package), "hidden_paths": [str(PACKAGE.parent), ""]}
            self._student.connection.send(cells | view | {"modules": student_modules})
            self._checker.connection.send(cells | {"modules": checker_modules})
        except BaseException:
            self.close()
            raise

    def _wait_until_ready(self):
        if self.level is None:
            deadline = time.monotonic() + START_SECONDS
            self._checker.receive(deadline)
            ready = self._student.receive(deadline)
            self.level, self.missing = ready["level"], ready["missing"]

    def run(self, job):
        """Run one notebook, see `run_notebook`."""
        with self._lock:
            self._wait_until_ready()
        if LEVELS.index(self.level) < LEVELS.index(job.require):
            raise RunRoomError(
                f"isolation {job.require!r} is required, and this machine reaches {self.level!r}"
                + "".join(f"\n  {line}" for line in self.missing)
            )
        here, there = socket.socketpair()
        answer, answers = socket.socketpair()
        with answer, _CORES.least_used() as core:
            with here, there, answers, self._lock:
                pidfd = self._start_student(job, there, core)
                try:
                    order = {"isolation": self.level, "core": core}
                    self._checker.connection.send(order, pickle.dumps(job))
                    fds = [here.fileno(), pidfd, answers.fileno()]
                    socket.send_fds(self._checker.control, [b"x"], fds)
                finally:
                    os.close(pidfd)
            return _read_answer(answer, job.limits)

    def _start_student(self, job, stream, core):
        limits = {"memory": job.limits.memory * 2**20}
        self._student.connection.send({"limits": limits, "core": core})
        socket.send_fds(self._student.control, [b"x"], [stream.fileno()])
        self._student.receive(time.monotonic() + SPARE_SECONDS)
        _, [pidfd], _, _ = socket.recv_fds(self._student.control, 1, 1)
        return pidfd

    def is_alive(self):
        """Whether both processes are there."""
        return self._student.is_alive() and self._checker.is_alive()

    def close(self):
        """End both processes, and with them every process they have forked."""
        for name in ("_student", "_checker"):
            if hasattr(self, name):
                getattr(self, name).close(is_idle=self.level is not None)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _student_environment(self, package):
        home = self._folder / "home"
        home.mkdir()
        return ONE_THREAD | {
            "HOME": str(home),
            "LANG": os.environ.get("LANG", "C.UTF-8"),
            "MPLBACKEND": INLINE_BACKEND,
            "MPLCONFIGDIR": str(home),
            "NBGRADER_EXECUTION": "autograde",
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(package),
            "PYTHONSAFEPATH": "1",
        }

    def _checker_environment(self):
        paths = [str(PACKAGE.parent), os.environ.get("PYTHONPATH", "")]
        return (
            os.environ
            | ONE_THREAD
            | {
                "NBGRADER_EXECUTION": "autograde",
                "PYTHONPATH": os.pathsep.join(path for path in paths if path),
                "PYTHONSAFEPATH": "1",
            }
        )


class _Cores:
    """Deals out processor cores.

    The two processes of a notebook take turns. On one core that costs a fifth less than on two,
    which sleep and wake each other up hundreds of times.
    """

    def __init__(self):
        self._lock = threading.Lock()
        self._used = collections.Counter()

    @contextlib.contextmanager
    def least_used(self):
        """Take the core that the fewest other notebooks have, for as long as one runs."""
        cores = sorted(os.sched_getaffinity(0))
        first = os.getpid() % len(cores)  # so that several graders do not all begin with one core
        with self._lock:
            core = min(cores[first:] + cores[:first], key=self._used.__getitem__)
            self._used[core] += 1
        try:
            yield core
        finally:
            with self._lock:
                self._used[core] -= 1


_CORES = _Cores()


def _remove_leftovers():
    """Remove the folders of runs that were killed, a day after: by then no run is at work."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER}*"):
        with contextlib.suppress(FileNotFoundError):  # another run removes it, too
            if time.time() - folder.stat().st_mtime > LEFT_OVER_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)  # another user's stays


class _WarmProcess:
    def __init__(self, process, control):
        self._process, self.control = process, control
        self.connection = Connection(control)

    def receive(self, deadline):
        try:
            return self.connection.receive(deadline).content
        except (ConnectionLost, TimeoutError):
            raise RunRoomError(
                f"the process {self._process.args[2]} did not start, or ended; what it wrote "
                "stands above"
            ) from None

    def is_alive(self):
        return self._process.poll() is None

    def close(self, is_idle):
        self.control.close()  # on which it ends, unless it is still loading
        if not is_idle:
            self._process.kill()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _start(module, environment, folder):
    here, there = socket.socketpair()
    with there:
        process = subprocess.Popen(
            [sys.executable, "-m", module, str(there.fileno())],
            cwd=folder,
            env=environment,
            pass_fds=[there.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the grader, which closes the room in order
        )
    return _WarmProcess(process, here)


def _read_answer(stream, limits):
    if limits.notebook_seconds:
        stream.settimeout(limits.notebook_seconds + SPARE_SECONDS)
    pieces = []
    try:
        while piece := stream.recv(2**20):
            pieces.append(piece)
    except TimeoutError:
        raise RunRoomError("the checker did not answer in time") from None
    if not pieces:
        raise RunRoomError("the checker failed; what it wrote stands above")
    return pickle.loads(b"".join(pieces))


def copy_student_package(folder):
    """Copy ``course_utils`` as students have it, with the sandbox's own code, into ``folder``."""
    shutil.copytree(
        PACKAGE,
        folder / "course_utils",
        ignore=lambda parent, names: SECRET if Path(parent) == PACKAGE else (),
    )


@functools.lru_cache(maxsize=64)
def _needs(trusted):
    """The modules to load before the students' cells and the checker's, and the given cells."""
    every = {role: set() for role in jobs.ROLES}
    for _, role, source in trusted:
        every[role] |= set(_imported(source))
    theirs = set().union(*(names for role, names in every.items() if role != jobs.TEST))
    ours = theirs | every[jobs.TEST]
    secret = tuple(f"course_utils.{name}" for name in SECRET)
    given = tuple(source for _, role, source in trusted if role == jobs.GIVEN)
    return tuple(sorted(n for n in theirs if not n.startswith(secret))), tuple(sorted(ours)), given


def _imported(source):
    with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module
                # one of the names may be a module
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
