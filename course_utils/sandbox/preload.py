"""The preload process: it loads IPython and the libraries once, and notebooks fork from it.

Started as ``python -m course_utils.sandbox.preload FD FD``, with sockets to the grader: the
students' and the checkers'. The process loads what the first frame on the students' socket names,
and reads the cells that students were given. Then it forks.

The child, the *spawner*, serves the students' socket. Every further frame there, followed by a
socket to the checker, asks for a confined process that serves one notebook. The reply tells the
level of isolation, and is followed by the process's pidfd.

The parent serves the checkers' socket. Only now does it get the grader's environment, and the name
of the module that serves there: nothing of them is in the spawner or in the processes it forks.
"""

import contextlib
import functools
import gc
import importlib
import importlib.metadata
import json
import os
import select
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path

import course_utils
from course_utils.sandbox import agent, isolation, placeholders
from course_utils.sandbox.isolation import kernel
from course_utils.sandbox.shell import make_shell, warm_matplotlib
from course_utils.sandbox.wire import Connection, ConnectionLost

REHEARSAL_SECONDS = 20  # for the given cells; then what they load is loaded when it is needed

# Of the environment that the grader gave this process, what a notebook gets to see.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if name in ("JOBLIB_MULTIPROCESSING", "MPLBACKEND", "NBGRADER_EXECUTION")
    or name.endswith("_NUM_THREADS")
}


def main():
    """Load, fork, and serve the grader until it closes its ends."""
    gc.disable()  # until all is loaded: what is loaded stays
    students, checkers = (socket.socket(fileno=int(number)) for number in sys.argv[1:])
    connection = Connection(students)
    shell = make_shell()  # before matplotlib, see there
    try:
        order = connection.receive().content
    except ConnectionLost:
        return
    without = order["without"]
    placeholders.install(without)
    load(shell, order["modules"], order["cells"])
    child = os.fork()
    if child == 0:
        checkers.close()
        os.setsid()
        _forget_the_repository()
        _serve_students(connection, students, shell, without)
    else:
        students.close()
        _serve_checkers(checkers, shell, child)
    os._exit(0)  # IPython's farewell would look for files that the grader may have removed by now


def _forget_the_repository():
    """Let nothing be imported from where the package lies; the package itself is loaded."""
    repository = Path(course_utils.__file__).resolve().parents[1]
    sys.path[:] = [entry for entry in sys.path if entry and Path(entry).resolve() != repository]


def _serve_students(connection, control, shell, without):
    try:
        confinement = isolation.Confinement(isolation.default_view(without=without))
    except Exception:
        if _has_gone(control):  # and has removed the files meanwhile
            return
        raise
    with contextlib.closing(confinement), contextlib.suppress(ConnectionLost):
        connection.send({"level": confinement.level, "missing": list(confinement.missing)})
        while True:
            order = connection.receive().content
            _, [fd], _, _ = socket.recv_fds(control, 1, 1)
            limits = isolation.ResourceLimits(**order["limits"])
            with on_core(order["core"]):
                serve = functools.partial(_serve, shell, fd)
                child = confinement.start(serve, [fd], limits, ENVIRONMENT)
            os.close(fd)
            connection.send({"pid": child.pid})
            socket.send_fds(control, [b"x"], [child.pidfd])
            os.close(child.pidfd)


def _has_gone(control):
    """Whether the other end of a socket is closed, which would otherwise say nothing now."""
    return bool(select.select([control], [], [], 0)[0]) and not control.recv(1, socket.MSG_PEEK)


def _serve_checkers(control, shell, students):
    connection = Connection(control)
    try:
        order = connection.receive().content
    except ConnectionLost:
        return
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.path[:0] = order["path"]
    server = importlib.import_module(order["server"])
    fresh_randomness()
    with contextlib.suppress(ConnectionLost):
        server.serve(connection, control, shell, order["modules"], students)
    control.close()
    with contextlib.suppress(ChildProcessError):  # it ended before
        os.waitpid(students, 0)


def _serve(shell, fd):
    fresh_randomness()
    agent.serve(shell, socket.socket(fileno=fd))


def load(shell, modules, cells):
    """Load what notebooks will need, so that none of them has to wait for it.

    Parameters
    ----------
    shell : CapturingShell
    modules : iterable of str
        What their cells import, as far as it is there.
    cells : iterable of str
        The cells that every student was given: what these load when they are run is loaded, too.
    """
    load_modules(modules)
    if "matplotlib" in sys.modules:
        warm_matplotlib()
    for source in cells:
        shell.remember(source)
    _warm_tracebacks(shell)
    importlib.metadata.distribution("numpy")  # which makes an index of what is installed
    load_modules(_loaded_by(lambda: _rehearse(shell, cells)))
    keep()


def _rehearse(shell, cells):
    # most of them fail without a student's answers, and nobody wants to know where
    shell.showtraceback = lambda *args, **kwargs: None
    for source in cells:
        shell.run(source, 1)


def load_modules(names):
    """Load the modules that are there, and what torch loads with its first training step."""
    had_torch = _has_torch()
    _import(names)
    if _has_torch() and not had_torch:
        warm_torch()


def _has_torch():
    return getattr(sys.modules.get("torch"), "__file__", None) is not None  # or a placeholder


def keep():
    """Let forked processes share what has been made, which their collectors would look at."""
    gc.freeze()
    gc.enable()


@contextlib.contextmanager
def on_core(core):
    """Run on one processor core, and have processes that are forked inside stay there."""
    every = os.sched_getaffinity(0)
    with contextlib.suppress(OSError):  # a core that was taken away from us meanwhile
        os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, every)


def _import(modules):
    for name in modules:
        try:
            importlib.import_module(name)
        except Exception:  # of any module that somebody has written
            continue  # who needs it will be told when a cell imports it


def _loaded_by(function):
    """Return the modules that ``function()`` loads, which is called in a throw-away process."""
    receiver, sender = os.pipe()
    known = set(sys.modules)
    # here, in the run room's folder, which is removed even if this process is killed meanwhile
    with tempfile.TemporaryDirectory(dir=".") as folder:
        child = os.fork()
        if child == 0:
            try:
                kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
                os.setsid()
                os.chdir(folder)
                function()
                found = [name for name in sys.modules if name not in known]
                os.write(sender, json.dumps(found).encode() + b"\n")
            finally:
                os._exit(0)
        os.close(sender)
        text = _line(receiver, time.monotonic() + REHEARSAL_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)  # and whatever it has started
        os.waitpid(child, 0)
    os.close(receiver)
    return json.loads(text) if text.endswith(b"\n") else []


def _line(file, deadline):
    """The first line of a pipe, or what has come of it when it ends or the time is up."""
    text = b""
    while not text.endswith(b"\n"):
        wait = deadline - time.monotonic()
        if wait <= 0 or not select.select([file], [], [], wait)[0]:
            break
        piece = os.read(file, 2**16)
        if not piece:
            break
        text += piece
    return text


def _warm_tracebacks(shell):
    """Lay out a traceback: the first of a process loads and compiles what colours the code."""
    try:
        raise ValueError
    except ValueError as error:
        shell.InteractiveTB.structured_traceback(type(error), error, error.__traceback__)


def warm_torch():
    """Let torch load what it otherwise loads with the first training step, for seconds."""
    import torch

    torch.set_num_threads(1)
    weight = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.Adam([weight])
    weight.sum().backward()
    optimiser.step()


def fresh_randomness():
    """Seed random numbers anew: every forked process would draw the same ones otherwise."""
    import random

    import numpy as np

    random.seed()
    np.random.seed()
    if _has_torch():
        sys.modules["torch"].seed()


if __name__ == "__main__":
    main()
