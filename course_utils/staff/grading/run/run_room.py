"""The run room: a notebook's cells are run and its tests decided, see ``docs/engine.md``.

`run_notebook` takes a ``Job`` and returns a ``RunResult``, both plain data, and may be called from
any thread, or on another machine through any executor like those of ``concurrent.futures``.
"""

import ast
import atexit
import collections
import contextlib
import functools
import itertools
import os
import pickle
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import course_utils
from course_utils import STAFF
from course_utils.check.syntax import imports_in
from course_utils.sandbox import INLINE_BACKEND
from course_utils.sandbox.isolation import LEVELS, default_view
from course_utils.sandbox.isolation.probe import probe
from course_utils.sandbox.wire import Connection, ConnectionLost
from course_utils.staff.grading import follow_through
from course_utils.staff.grading import job as jobs
from course_utils.staff.grading.memory_limit import lift_memory_limit
from course_utils.staff.grading.run import by_hand
from course_utils.staff.grading.run.process_clock import SLOWEST

PACKAGE = Path(course_utils.__file__).parent
PRELOAD = ("-m", "course_utils.sandbox.preload")  # how Python is started for both
SERVER = "course_utils.staff.grading.run.checker_server"  # of the process that starts checkers

FOLDER = "course-run-"  # in the folder for temporary files
# Every beginning of a name there that grading uses.
FOLDERS = (
    FOLDER,
    "course-canary-",
    "course-check-",
    "course-sandbox-",
    "course-work-",
)
LEFT_OVER_SECONDS = 24 * 3600
START_SECONDS = 120  # to load the libraries
CLOSE_SECONDS = 5  # for preload process and spawner to end what they have begun
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
    without = by_hand.libraries(job.trusted) if job.by_hand else ()
    by_hand_pair = _pair_for(job.trusted, without) if without else None

    def run(work):
        return _pair_for(job.trusted).run(work, by_hand_pair, without)

    result = run(job)
    again = follow_through.second_try(job, result)
    return follow_through.both(result, run(again)) if again else result


@functools.cache
def isolation():
    """Return the ``Report`` of an attack on this machine's confinement, made once a process."""
    return probe(default_view())


def preload(trusted, is_by_hand=True):
    """Begin to load what the notebooks of an assignment need, without waiting.

    Parameters
    ----------
    trusted : tuple of (name, role, source)
    is_by_hand : bool
        Both as in ``Job``.
    """
    _pair_for(trusted)
    without = by_hand.libraries(trusted) if is_by_hand else ()
    if without:
        _pair_for(trusted, without)


def close():
    """End the preload process and its spawner; the next notebook starts them anew."""
    with _LOCK:
        while _PAIRS:
            _PAIRS.popitem()[1].close()


_PAIRS = {}
_LOCK = threading.Lock()
atexit.register(close)


def _pair_for(trusted, without=()):
    needs = *_needs(trusted), without
    with _LOCK:
        pair = _PAIRS.get(needs)
        if pair is None or not pair.is_alive():
            if pair is not None:
                pair.close()
            pair = _PAIRS[needs] = _PreloadPair(*needs)
        return pair


class _PreloadPair:
    """A preload process, which forks checkers, and its spawner, which forks for student code.

    ``without`` names libraries that student code shall do without; such a pair forks no checkers.
    """

    def __init__(self, student_modules, checker_modules, given_cells, without):
        self._lock = threading.Lock()
        self.level = self.promised = None  # of isolation; known when they are ready
        self.missing = ()
        self._process = self._pidfd = None  # of the checkers', and of the students' when ready
        _remove_leftovers()
        self._folder = Path(tempfile.mkdtemp(prefix=FOLDER))
        self._students, students = _channel("students'")
        self._checkers, checkers = _channel("checkers'")
        try:
            with students, checkers:
                self._folder.chmod(0o755)  # the student's process may run as another user
                fds = students.fileno(), checkers.fileno()
                self._process = subprocess.Popen(
                    [sys.executable, *PRELOAD, *map(str, fds)],
                    cwd=self._folder,
                    env=self._student_environment(),
                    pass_fds=fds,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    start_new_session=True,  # Ctrl-C is for the grader, which closes the room
                )
            lift_memory_limit(self._process.pid)  # it gives its children limits of their own
        except BaseException:
            self.close()
            raise
        with contextlib.suppress(ConnectionLost):  # told to whoever waits until they are ready
            self._students.connection.send(
                {"modules": student_modules, "cells": given_cells, "without": without}
            )
            self._checkers.connection.send(
                {
                    "environment": self._checker_environment(),
                    "modules": () if without else checker_modules,
                    "path": _search_path(),
                    "server": SERVER,
                }
            )

    def _wait_until_ready(self):
        if self.level is None:
            deadline = time.monotonic() + START_SECONDS
            found = isolation()  # while the libraries are loaded
            self._checkers.receive(deadline)
            _, [self._pidfd], _, _ = socket.recv_fds(self._checkers.control, 1, 1)
            ready = self._students.receive(deadline)
            self.promised = ready["level"]  # by what has been switched on
            self.level = min(found.level, self.promised, key=LEVELS.index)
            self.missing = found.missing

    def run(self, job, by_hand_pair, without):
        """Run one notebook, see `run_notebook`; the other pair forks for what is done by hand."""
        with self._lock:
            self._wait_until_ready()
        if LEVELS.index(self.level) < LEVELS.index(job.require):
            raise RunRoomError(
                f"isolation {job.require!r} is required, and this machine reaches {self.level!r}"
                + "".join(f"\n  {line}" for line in self.missing)
            )
        answer, answers = socket.socketpair()
        with answer, _CORES.least_used() as core:
            with answers, contextlib.ExitStack() as ours:
                processes = [self.start_student(job, core, ours)]
                if by_hand_pair is not None:
                    processes.append(by_hand_pair.start_student(job, core, ours))
                order = {"isolation": self.level, "core": core, "without": without}
                fds = [answers.fileno(), *itertools.chain(*processes)]
                with self._lock:
                    self._checkers.connection.send(order, pickle.dumps(job))
                    socket.send_fds(self._checkers.control, [b"x"], fds)
            return _read_answer(answer, job.limits)

    def start_student(self, job, core, stack):
        """Fork a process for student code; return a socket to it and its pidfd.

        Both are file descriptors that ``stack``, a ``contextlib.ExitStack``, closes.
        """
        here, there = socket.socketpair()
        stack.enter_context(here)
        with there, self._lock:
            self._wait_until_ready()
            limits = {"memory": job.limits.memory * 2**20}
            self._students.connection.send({"limits": limits, "core": core})
            socket.send_fds(self._students.control, [b"x"], [there.fileno()])
            self._students.receive(time.monotonic() + SPARE_SECONDS)
            _, [pidfd], _, _ = socket.recv_fds(self._students.control, 1, 1)
        stack.callback(os.close, pidfd)
        return here.fileno(), pidfd

    def is_alive(self):
        """Whether both processes are there."""
        if self._process.poll() is not None:
            return False
        return self._pidfd is None or not _has_ended(self._pidfd, 0)

    def close(self):
        """End both processes, and with them every process they have forked."""
        for channel in (self._students, self._checkers):
            channel.control.close()  # on which they end, unless they are still loading
        if self._process is not None:
            if self.level is None:
                self._process.kill()
            try:
                self._process.wait(timeout=CLOSE_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._pidfd is not None:
            if not _has_ended(self._pidfd, CLOSE_SECONDS):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            os.close(self._pidfd)
            self._pidfd = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def _student_environment(self):
        home = self._folder / "home"
        home.mkdir()
        return ONE_THREAD | {
            "HOME": str(home),
            "JOBLIB_MULTIPROCESSING": "0",  # or importing it warns that there are no locks
            "LANG": os.environ.get("LANG", "C.UTF-8"),
            "MPLBACKEND": INLINE_BACKEND,
            "MPLCONFIGDIR": str(home),
            "NBGRADER_EXECUTION": "autograde",
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(PACKAGE.parent),
            "PYTHONSAFEPATH": "1",
        }

    def _checker_environment(self):
        ours = {
            "MPLBACKEND": INLINE_BACKEND,
            "NBGRADER_EXECUTION": "autograde",
            "PYTHONPATH": os.pathsep.join(_search_path()),
            "PYTHONSAFEPATH": "1",
        }
        return os.environ | ONE_THREAD | ours


def _search_path():
    """Where tests find what they import beside installed packages."""
    paths = [str(PACKAGE.parent), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    return [path for path in paths if path]


def _has_ended(pidfd, seconds):
    """Wait at most so long for the end of a process; return whether it has ended."""
    return bool(select.select([pidfd], [], [], seconds)[0])


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
    for folder in Path(tempfile.gettempdir()).glob("course-*"):
        if not folder.name.startswith(FOLDERS):
            continue
        with contextlib.suppress(FileNotFoundError):  # another run removes it, too
            if time.time() - folder.stat().st_mtime > LEFT_OVER_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)  # another user's stays


class _Channel:
    """The grader's end of the socket to a preload process."""

    def __init__(self, control, whose):
        self.control, self._whose = control, whose
        self.connection = Connection(control)

    def receive(self, deadline):
        try:
            return self.connection.receive(deadline).content
        except (ConnectionLost, TimeoutError):
            raise RunRoomError(
                f"the process that is to start {self._whose} processes did not start, or ended; "
                "what it wrote stands above"
            ) from None


def _channel(whose):
    """Return a ``_Channel`` and the socket for its other end."""
    here, there = socket.socketpair()
    return _Channel(here, whose), there


def _read_answer(stream, limits):
    if limits.notebook_seconds:
        stream.settimeout(limits.notebook_seconds * SLOWEST + SPARE_SECONDS)
    pieces = []
    try:
        while piece := stream.recv(2**20):
            pieces.append(piece)
    except TimeoutError:
        raise RunRoomError("the checker did not answer in time") from None
    if not pieces:
        raise RunRoomError("the checker failed; what it wrote stands above")
    return pickle.loads(b"".join(pieces))


@functools.lru_cache(maxsize=64)
def _needs(trusted):
    """The modules to load before the students' cells and the checker's, and the given cells."""
    every = {role: set() for role in jobs.ROLES}
    for _, role, source in trusted:
        every[role] |= set(imported_by(source))
    theirs = set().union(*(names for role, names in every.items() if role != jobs.TEST))
    ours = theirs | every[jobs.TEST]
    given = tuple(source for _, role, source in trusted if role == jobs.GIVEN)
    secret = {name for name in theirs if f"{name}.".startswith(f"course_utils.{STAFF}.")}
    return tuple(sorted(theirs - secret)), tuple(sorted(ours)), given


def imported_by(source):
    """Yield the names of the modules that a cell imports, and of what could be modules."""
    with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        for found in imports_in(ast.parse(source)):
            # of `from a import b`, both may be modules
            yield from (found.dotted, found.dotted.rpartition(".")[0] or found.dotted)
