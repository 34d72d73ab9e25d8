"""Programs that the tests start as spawners, each in a process of its own.

``python spawner_programs.py '{"program": NAME, …}'`` runs the function NAME with that request and
prints what it returns as JSON.
"""

import contextlib
import dataclasses
import errno
import json
import os
import select
import signal
import sys
import tempfile
import threading
import time
import traceback
from pathlib import Path

from course_utils.sandbox.isolation import (
    Confinement,
    IsolationError,
    ResourceLimits,
    View,
    default_view,
    kernel,
    landlock,
)
from course_utils.sandbox.isolation.canaries import laid_out
from course_utils.sandbox.isolation.probe import attempt_all, probe

MIB = 2**20


def become_ordinary():
    """Turn root into a user without rights: by a user namespace that knows nobody else."""
    user, group = os.geteuid(), os.getegid()
    kernel.unshare(kernel.CLONE_NEWUSER)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"1000 {user} 1")
    Path("/proc/self/gid_map").write_text(f"1000 {group} 1")
    kernel.drop_capabilities()


def refuse(number):
    """Return a function that fails as a system call does."""

    def refused(*_):
        raise OSError(number, os.strerror(number))

    return refused


def take_away(mechanism):
    """Make this process live on a machine that lacks ``mechanism``."""
    if mechanism == "namespaces":
        kernel.unshare = refuse(errno.EPERM)
    elif mechanism == "Landlock":
        landlock.version = refuse(errno.EOPNOTSUPP)
    elif mechanism == "seccomp":
        sys.modules["pyseccomp"] = None
    else:
        raise ValueError(mechanism)


def confinement(request, **limits):
    """Return the confinement that the request asks for."""
    view = default_view()
    return Confinement(view, ResourceLimits(**limits), request.get("level", "full"))


def run(confined, function, **options):
    """Run ``function()`` in a confined child and return what it returned."""
    receiver, sender = os.pipe()

    def child():
        try:
            value = function()
        except Exception as error:
            value = traceback.format_exception(error)
        with open(sender, "w") as file:
            json.dump(value, file)

    started = confined.start(child, [sender], **options)
    os.close(sender)
    with open(receiver) as file:
        text = file.read()
    wait(confined, started)
    return json.loads(text or "null")


def wait(confined, started):
    """Wait for a child's end, have what it left removed, and return its exit code."""
    if not select.select([started.pidfd], [], [], 60)[0]:
        raise TimeoutError(f"child {started.pid} lives on")
    ended = os.waitid(os.P_PIDFD, started.pidfd, os.WEXITED | os.WNOWAIT)
    os.close(started.pidfd)
    confined._collect()
    return ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status


def outcome(function):
    """Return "works" or the name of the error."""
    try:
        function()
    except Exception as error:
        return type(error).__name__
    return "works"


def open_files():
    """Return how many file descriptors this process has."""
    return sum(outcome(lambda n=n: os.fstat(n)) == "works" for n in range(256))


# Attacks


def attack_unprotected(request):
    """Try every attack in this process, with nothing to stop it."""
    with laid_out() as canaries:
        return forked(lambda: attempt_all(canaries))


def forked(function):
    """Return what ``function`` returns in a forked child in an empty folder."""
    receiver, sender = os.pipe()
    with tempfile.TemporaryDirectory() as folder:
        pid = os.fork()
        if not pid:
            os.chdir(folder)
            with open(sender, "w") as file:
                json.dump(function(), file)
            os._exit(0)
        os.close(sender)
        with open(receiver) as file:
            text = file.read()
        os.waitpid(pid, 0)
    return json.loads(text)


def report(request):
    """Return the probe's report."""
    found = probe(default_view(), request["level"])
    return {"text": str(found), **dataclasses.asdict(found)}


def reached(request):
    """Return the level reached and what is missing, with attacks on what is left."""
    confined = confinement(request)
    with contextlib.closing(confined):
        value = run(confined, lambda: "alive")
    return {"level": confined.level, "missing": confined.missing, "child": value}


def hold_canaries(request):
    """Attack a child on a machine that lacks what the request takes away."""

    def confine_and_attack():
        view = default_view()
        view = View((Path(canaries.readable), *view.readable), view.listable)
        confined = Confinement(view, canaries.limits, request.get("level", "full"))
        with contextlib.closing(confined):
            return run(confined, lambda: attempt_all(canaries))

    with laid_out() as canaries:
        return forked(confine_and_attack)


# Honest code


def honest(request):
    """Run everyday code of notebooks, each piece in a child of its own."""
    import IPython.core.interactiveshell
    import matplotlib.pyplot as plt
    import numpy as np
    import torch

    def arrays():
        return float((np.ones((300, 200)) @ np.ones((200, 300))).sum())

    def tensors():
        x = torch.ones(100, 100, requires_grad=True)
        (x @ x).sum().backward()
        layer = torch.nn.Conv2d(1, 2, 3)
        layer(torch.zeros(1, 1, 8, 8))
        return float(x.grad.sum())

    def figure():
        plt.plot([1, 2, 3])
        plt.title("α")
        plt.savefig("figure.png")
        return Path("figure.png").read_bytes()[:4].decode("latin-1")

    def awaiting():
        shell = IPython.core.interactiveshell.InteractiveShell()
        result = shell.run_cell("import asyncio\nawait asyncio.sleep(0, 'awaited')")
        return result.result

    def threads():
        seen = []
        started = [threading.Thread(target=seen.append, args=(n,)) for n in range(8)]
        for thread in started:
            thread.start()
        for thread in started:
            thread.join()
        return sorted(seen)

    def importing():
        import wave  # noqa: F401

        import scipy.fft

        return scipy.fft.__name__

    def own_signals():
        try:
            signal.raise_signal(signal.SIGINT)
            time.sleep(5)
        except KeyboardInterrupt:
            return "interrupted"

    pieces = [arrays, tensors, figure, awaiting, threads, importing, own_signals]
    confined = confinement(request)
    with contextlib.closing(confined):
        return {piece.__name__: run(confined, piece) for piece in pieces}


# The life of a child


def surroundings(request):
    """Return what two children find around them, one after the other."""
    os.environ["COURSE_SECRET"] = "secret"
    opened = os.open(__file__, os.O_RDONLY)

    def look():
        Path("left.txt").write_text("x")
        return {
            "open": open_files() - 3,  # the standard streams
            "environment": dict(os.environ),
            "files": os.listdir(),
            "folder": os.getcwd(),
            "temporary": tempfile.gettempdir(),
            "pid": os.getpid(),
            "user": os.getuid(),
            "capabilities": sorted(kernel.effective_capabilities()),
            "program": sys.argv,
        }

    confined = confinement(request)
    with contextlib.closing(confined):
        found = [run(confined, look, environment={"NBGRADER_EXECUTION": "x"}) for _ in range(2)]
    os.close(opened)
    return found


def repository(request):
    """Return what a child can do with the repository, the course's package and its install."""
    import course_utils

    package = Path(course_utils.__file__).parent
    installed = [
        path
        for folder in map(Path, sys.path)
        if folder.name == "site-packages"
        for path in folder.iterdir()
        if "course_utils" in path.name
    ]
    paths = {
        "staff": package / course_utils.STAFF / "__init__.py",
        "tests": Path(__file__),
        "student": package / "__init__.py",
    }

    def look():
        found = {name: outcome(path.read_bytes) for name, path in paths.items()}
        return found | {"installed": sorted({outcome(path.stat) for path in installed})}

    unprotected = look()
    confined = confinement(request)
    with contextlib.closing(confined):
        return {"unprotected": unprotected, "confined": run(confined, look)}


def endings(request):
    """Return the exit codes of children that end in different ways."""
    receiver, sender = os.pipe()

    def loop():
        try:
            os.write(sender, b"r")
            while True:
                pass
        except KeyboardInterrupt:
            os.write(sender, b"i")

    def ignore_everything():
        for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
            with contextlib.suppress(OSError):
                signal.signal(number, signal.SIG_IGN)
        os.write(sender, b"r")
        while True:
            time.sleep(1)

    def signalled(target, number):
        child = confined.start(target, [sender])
        assert os.read(receiver, 1) == b"r"
        signal.pidfd_send_signal(child.pidfd, number)
        return wait(confined, child)

    confined = confinement(request)
    with contextlib.closing(confined):
        codes = {
            "returns": wait(confined, confined.start(lambda: None)),
            "raises": wait(confined, confined.start(lambda: 1 / 0)),
            "leaves": wait(confined, confined.start(lambda: os._exit(7))),
            "interrupted": signalled(loop, signal.SIGINT),
            "says": os.read(receiver, 1).decode(),
            "killed": signalled(ignore_everything, signal.SIGKILL),
        }
        for _ in range(3):  # each start waits for those before
            started = confined.start(lambda: None)
            select.select([started.pidfd], [], [], 60)
            os.close(started.pidfd)
        confined._collect()
        codes["zombies"] = outcome(lambda: os.waitpid(-1, os.WNOHANG)) != "ChildProcessError"
    return codes


def side_by_side(request):
    """Return what can be seen of two children that live at the same time."""
    # Kept, since /proc is not there any more afterwards.
    proc = os.open("/proc", os.O_RDONLY)
    confined = confinement(request)
    receiver, sender = os.pipe()
    question, release = os.pipe()

    def child():
        os.write(sender, f"{os.getuid()} ".encode())
        os.read(question, 1)

    with contextlib.closing(confined):
        children = [confined.start(child, [sender, question]) for _ in range(2)]
        users = os.read(receiver, 99).decode()
        while users.count(" ") < 2:
            users += os.read(receiver, 99).decode()
        scores = []
        for started in children:
            with open(os.open(f"{started.pid}/oom_score_adj", os.O_RDONLY, dir_fd=proc)) as file:
                scores.append(int(file.read()))
        os.write(release, b"xx")
        for started in children:
            select.select([started.pidfd], [], [], 60)
            os.close(started.pidfd)
    return {"users": users.split(), "scores": scores}


def memory(request):
    """Return what happens to a child that takes more memory than it may, and then goes on."""

    def greedy():
        size = 256 * MIB
        taken = outcome(lambda: bytearray(size))
        return [taken, outcome(lambda: bytearray(16 * MIB))]

    unprotected = forked(greedy)
    confined = confinement(request, memory=64 * MIB)
    with contextlib.closing(confined):
        return {"unprotected": unprotected, "confined": run(confined, greedy)}


def outlive(request):
    """Start a child that clings to life, then die without warning.

    The child has the file descriptor ``request["pipe"]``. It waits for the end of this process
    and then writes to it.
    """
    pipe = request["pipe"]
    parent, alive = os.pipe()  # its end tells that this process has died

    def cling():
        import ctypes

        ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)  # PR_SET_PDEATHSIG
        for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
            with contextlib.suppress(OSError):
                signal.signal(number, signal.SIG_IGN)
        os.write(pipe, b"living ")
        os.read(parent, 1)
        time.sleep(0.5)
        os.write(pipe, b"survived")

    if request["confined"]:
        view = default_view()
        tempfile.tempdir = request["scratch"]
        confined = Confinement(view, level=request["level"])
        confined.start(cling, [pipe, parent])
    elif not os.fork():
        os.close(alive)
        os.setsid()
        cling()
        os._exit(0)
    os.kill(os.getpid(), signal.SIGKILL)


def leave_behind(request):
    """Return whether what a child forks is gone once the child has been reaped."""
    receiver, sender = os.pipe()

    def leave():
        with contextlib.suppress(OSError):
            if not os.fork():
                time.sleep(60)
        os.write(sender, b"x")

    confined = confinement(request)
    with contextlib.closing(confined):
        wait(confined, confined.start(leave, [sender]))
        os.close(sender)
        said = os.read(receiver, 1)
        at_end = bool(select.select([receiver], [], [], 20)[0]) and os.read(receiver, 1) == b""
        zombies = outcome(lambda: os.waitpid(-1, os.WNOHANG)) != "ChildProcessError"
    return {"said": said.decode(), "gone": at_end, "zombies": zombies}


def workdirs(request):
    """Return what is left of working directories that were filled with trouble."""

    def trouble():
        Path("sealed").mkdir()
        Path("sealed", "file").write_text("x")
        os.chmod("sealed", 0)
        for _ in range(1200):
            os.mkdir("deep")
            os.chdir("deep")
        return "done"

    def working_directories():
        # by descriptors: the paths may be out of sight by now
        for folder in os.listdir(parent):
            inside = os.open(folder, os.O_RDONLY, dir_fd=parent)
            yield from (f"{scratch}/{folder}/{name}" for name in os.listdir(inside))
            os.close(inside)

    scratch = Path(request["scratch"])
    parent = os.open(scratch, os.O_RDONLY)
    tempfile.tempdir = str(scratch)
    confined = Confinement(default_view(), level=request["level"])
    with contextlib.closing(confined):
        receiver, sender = os.pipe()
        started = confined.start(lambda: os.write(sender, trouble().encode()), [sender])
        said = os.read(receiver, 9).decode()
        during = list(working_directories())
        wait(confined, started)
        after = list(working_directories())
    closed = os.listdir(parent)
    return {
        "said": said,
        "during": during,
        "after": after + closed,
        "workdir": str(started.workdir),
    }


def refusals(request):
    """Return what a confinement says to what it cannot do."""
    said = {}

    def note(name, function):
        try:
            function()
            said[name] = "works"
        except (ValueError, IsolationError) as error:
            said[name] = f"{type(error).__name__}: {error}"

    view = default_view()
    note("level", lambda: Confinement(view, level="best"))
    release = threading.Event()
    thread = threading.Thread(target=release.wait)
    thread.start()
    note("threads", lambda: Confinement(view))
    release.set()
    thread.join()
    confined = Confinement(view)
    opened = open_files()
    with contextlib.closing(confined):
        note("stdin", lambda: confined.start(lambda: None, [0]))
        # Within the child, when it is too late for the rehearsals.
        kernel.drop_capabilities = refuse(errno.EIO)
        note("in the child", lambda: confined.start(lambda: None))
        said["left"] = outcome(lambda: os.waitpid(-1, os.WNOHANG)) != "ChildProcessError"
        said["leaked"] = open_files() - opened
    return said


if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    if asked["user"] == "ordinary user" and os.geteuid() == 0:
        become_ordinary()
    for mechanism in asked.get("without", ()):
        take_away(mechanism)
    print(json.dumps(globals()[asked["program"]](asked)))
