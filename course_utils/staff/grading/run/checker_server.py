"""The process that forks a checker for each notebook; trusted.

It comes from ``sandbox/preload.py``, which is told to call `serve`. Every frame from the grader
holds a pickled ``Job``, followed by a socket to the student's process, its pidfd and a socket for
the pickled ``RunResult``. Both ends of the pickles are the grader's own.
"""

import functools
import gc
import os
import pickle
import socket
import sys
import traceback
from pathlib import Path

from course_utils.check import hints
from course_utils.sandbox.preload import keep, load_modules, on_core
from course_utils.staff.grading.job import SOLUTION
from course_utils.staff.grading.memory_limit import limit_memory
from course_utils.staff.grading.run import cell_plan, checker, forbidden_source

GARBAGE = 100_000  # new objects before those in cycles are looked for: most checkers make fewer
MEMORY = 3 * 2**29  # bytes of address space for a checker, beyond what the libraries take


def serve(connection, control, shell, modules, students):
    """Serve the grader.

    Parameters
    ----------
    connection : Connection
        To the grader, over the socket ``control``.
    control : socket.socket
    shell : CapturingShell
    modules : list of str
        What test cells import.
    students : int
        The process id of the spawner, which starts students' processes: a child of this one.

    Raises
    ------
    ConnectionLost
        The grader has closed its end.
    """
    load_modules(modules)
    hints.table()
    keep()
    connection.send({"ready": True})
    pidfd = os.pidfd_open(students)
    socket.send_fds(control, [b"x"], [pidfd])
    os.close(pidfd)
    while True:
        order, pickled = connection.receive()
        _, fds, _, _ = socket.recv_fds(control, 1, 5)
        job = pickle.loads(pickled)
        _read(job.trusted, shell)
        _one_thread()
        with on_core(order["core"]):
            if os.fork() == 0:
                control.close()
                _check(job, fds, shell, order)
        for fd in fds:
            os.close(fd)
        _reap()


@functools.lru_cache(maxsize=64)
def _read(trusted, shell):
    """Read an assignment's cells here once, so that the forked checkers find them read."""
    cell_plan.plan(trusted)
    for _, role, source in trusted:
        if role != SOLUTION:  # where the source is missing, it is a student's
            shell.remember(source)
            forbidden_source.definitions_in(source)


def _check(job, fds, shell, order):
    code = 1
    try:
        # what students return can be made to grow on this side
        limit_memory(MEMORY)
        gc.set_threshold(GARBAGE)
        answer, *students = fds
        student, *by_hand = [
            (socket.socket(fileno=stream), pidfd)
            for stream, pidfd in zip(students[::2], students[1::2], strict=True)
        ]
        result = checker.check_notebook(job, student, by_hand, shell, order)
        with socket.socket(fileno=answer) as stream:
            stream.sendall(pickle.dumps(result))
        code = 0
    except BrokenPipeError:  # the grader has gone
        code = 0
    except BaseException:  # the grader reads it, and reports a failure of the run room
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _one_thread():
    """Make sure that this process may fork.

    Raises
    ------
    RuntimeError
        It has more than one thread: a lock that another one holds would stay locked in the child.
    """
    threads = Path("/proc/self/task")
    count = len(list(threads.iterdir())) if threads.is_dir() else 1
    if count != 1:
        raise RuntimeError(f"a process has {count} threads, so it cannot fork safely")


def _reap():
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
    except ChildProcessError:
        return
