"""What the confinement is worth on this machine, found out by attacking it.

``probe`` lays out canaries and starts a throw-away process, which confines a child exactly as the
spawner does; the child tries every attack. The level reported is what the attacks found,
not what the mechanisms promise.

Run as a program (``python -m course_utils.sandbox.isolation.probe``) this module is that
throw-away process.
"""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from course_utils.sandbox.isolation.attacks import ATTACKS
from course_utils.sandbox.isolation.canaries import VARIABLE, Canaries, laid_out
from course_utils.sandbox.isolation.confinement import LEVELS, Confinement
from course_utils.sandbox.isolation.errors import IsolationError, reason
from course_utils.sandbox.isolation.view import View

PROGRAM = ("-m", __spec__.name)  # how Python is started for the throw-away process
_TIMEOUT = 60  # seconds; it takes about one


class Attempt(NamedTuple):
    """How one attack went.

    Attributes
    ----------
    name : str
        What the attack was after.
    level : str
        The lowest of ``LEVELS`` that has to stop it.
    stopped : bool
    by : str
        The error that stopped it; empty where nothing did.
    """

    name: str
    level: str
    stopped: bool
    by: str


@dataclass(frozen=True)
class Report:
    """What a probe found.

    Attributes
    ----------
    level : str
        One of ``LEVELS``.
    attempts : tuple of Attempt
    missing : tuple of str
        Mechanisms that could not be switched on, and why.
    broken : tuple of str
        What honest code needs and could not do.
    """

    level: str
    attempts: tuple[Attempt, ...] = ()
    missing: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()

    def __str__(self):
        """Return the report as lines for people."""
        stopped = sum(attempt.stopped for attempt in self.attempts)
        lines = [f"isolation: {self.level} ({stopped} of {len(self.attempts)} attacks stopped)"]
        lines += [f"  not stopped: {a.name}" for a in self.attempts if not a.stopped]
        lines += [f"  missing: {text}" for text in self.missing]
        lines += [f"  broken: {text}" for text in self.broken]
        return "\n".join(lines)


def probe(view, level="full"):
    """Attack a confined child and report; never raises for want of isolation.

    Parameters
    ----------
    view : View
        As for the real thing.
    level : str
        The highest level to try, as for ``Confinement``.

    Returns
    -------
    Report
    """
    if sys.platform != "linux":
        return Report("none", missing=(f"confined processes need Linux; this is {sys.platform}",))
    with laid_out() as canaries:
        readable = [canaries.readable, *map(str, view.readable)]
        paths = [readable, [*map(str, view.listable)]]
        question = {"view": paths, "level": level, "canaries": canaries.as_data()}
        root = str(Path(__file__).parents[3])
        try:
            finished = subprocess.run(
                [sys.executable, *PROGRAM],
                input=json.dumps(question),
                env={"PYTHONPATH": root, "PATH": os.defpath, VARIABLE: "canary"}
                | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
                capture_output=True,
                text=True,
                timeout=_TIMEOUT,
                process_group=0,  # Ctrl-C is for the grader, which ends it
            )
        except subprocess.TimeoutExpired:
            return Report("none", missing=(f"the probe did not end within {_TIMEOUT} s",))
    if finished.returncode:
        return Report("none", missing=(f"the probe failed: {finished.stderr.strip()}",))
    found = json.loads(finished.stdout)
    attempts = tuple(Attempt(*attempt) for attempt in found["attempts"])
    reached = min(level_held(attempts), found["level"], key=LEVELS.index)
    return Report(reached, attempts, tuple(found["missing"]), tuple(found["broken"]))


def level_held(attempts):
    """Return the highest level of which every attack was stopped, and all below it too."""
    held = "none"
    if not attempts:  # the child did not live to tell
        return held
    for level in LEVELS[1:]:
        if any(a.level == level and not a.stopped for a in attempts):
            break
        held = level
    return held


def attempt_all(canaries):
    """Try every attack in this process, as a list of ``Attempt``."""
    attempts = []
    for name, level, attempt in ATTACKS:
        try:
            attempt(canaries)
        except Exception as error:
            attempts.append(Attempt(name, level, True, reason(error)))
        else:
            attempts.append(Attempt(name, level, False, ""))
    return attempts


# What honest code does


def _write_and_read():
    with tempfile.NamedTemporaryFile("w+") as file:
        file.write("x")
        file.flush()
        if Path(file.name).read_text() != "x":
            raise OSError("a file does not hold what was written")


def _start_thread():
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()


def _await_something():
    asyncio.run(asyncio.sleep(0))


def _import_something():
    import wave  # noqa: F401  (from the disk: nothing has loaded it before)


def _draw_random_bytes():
    Path("/dev/urandom").open("rb").close()
    os.urandom(1)


_HONEST = {
    "write and read a file": _write_and_read,
    "start a thread": _start_thread,
    "await": _await_something,
    "import from the view": _import_something,
    "draw random bytes": _draw_random_bytes,
}


def _broken():
    broken = []
    for name, function in _HONEST.items():
        try:
            function()
        except Exception as error:
            broken.append(f"{name}: {reason(error)}")
    return broken


def _main():
    """Answer one question on standard input."""
    question = json.load(sys.stdin)
    canaries = Canaries.from_data(question["canaries"])
    view = View(*(tuple(map(Path, part)) for part in question["view"]))
    receiver, sender = os.pipe()

    def child():
        # Broken things first: the attacks may leave something behind.
        result = {"broken": _broken(), "attempts": attempt_all(canaries)}
        with open(sender, "w", encoding="utf-8") as file:
            json.dump(result, file)

    try:
        confinement = Confinement(view, canaries.limits, question["level"])
    except IsolationError as error:
        answer = {"level": "none", "missing": [str(error)], "broken": [], "attempts": []}
    else:
        with contextlib.closing(confinement):
            os.close(confinement.start(child, [sender]).pidfd)
            os.close(sender)
            with open(receiver, encoding="utf-8") as file:
                found = json.loads(file.read() or '{"broken": ["it died"], "attempts": []}')
        answer = found | {"level": confinement.level, "missing": confinement.missing}
    print(json.dumps(answer))


if __name__ == "__main__":
    _main()
