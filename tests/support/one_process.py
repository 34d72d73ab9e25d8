"""Run notebooks as a student's own Jupyter does: all cells in one process, one namespace.

What `run_in_one_process` gives back can be compared, message by message, with what the run room's
``run_notebook`` gives for the same cells. The work is done by this file as a program of its own,
which forks for each notebook, so that an answer may leave or spoil its process.
"""

import io
import os
import pickle
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass
class OneProcessRun:
    """What was seen.

    ``messages`` holds, for each cell's place, (kind, content) of Jupyter's messages in order;
    ``interrupted_in`` is the place of the cell that ran too long, ``died_in`` of the one in which
    the process ended; None where there is none. Cells after these have not been run.
    """

    messages: dict = field(default_factory=dict)
    interrupted_in: int | None = None
    died_in: int | None = None


def run_in_one_process(notebooks, seed, cell_seconds, modules=()):
    """Run notebooks one after the other, each in a fresh process; return an ``OneProcessRun`` each.

    Parameters
    ----------
    notebooks : list of lists of (place, source)
        The code cells of each, in order.
    seed : int
        Of the student's hidden tests.
    cell_seconds : int
        After which a cell gets Ctrl-C, and the notebook ends.
    modules : iterable of str
        To load before forking.
    """
    with tempfile.TemporaryDirectory() as folder:
        order, answer = Path(folder) / "order", Path(folder) / "answer"
        order.write_bytes(pickle.dumps((notebooks, cell_seconds, tuple(modules))))
        environment = os.environ | {
            "COURSE_SEED": str(seed),
            "MKL_NUM_THREADS": "1",
            "NBGRADER_EXECUTION": "autograde",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONPATH": str(REPOSITORY),
        }
        command = [sys.executable, __file__, str(order), str(answer)]
        subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
        return [_read(notes) for notes in pickle.loads(answer.read_bytes())]


def main(order, answer):
    """Read the order's file, write the answer's."""
    from course_utils.sandbox import preload
    from course_utils.sandbox.shell import make_shell

    notebooks, cell_seconds, modules = pickle.loads(Path(order).read_bytes())
    shell = make_shell()
    preload.load(shell, modules, ())
    runs = [_forked(shell, cells, cell_seconds) for cells in notebooks]
    Path(answer).write_bytes(pickle.dumps(runs))


def _forked(shell, cells, cell_seconds):
    with tempfile.TemporaryFile() as notes:
        child = os.fork()
        if child == 0:
            _run(shell, cells, cell_seconds, notes)
            os._exit(0)
        os.waitpid(child, 0)
        notes.seek(0)
        return notes.read()


def _run(shell, cells, cell_seconds, notes):
    def note(*what):
        pickle.dump(what, notes)
        notes.flush()

    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGINT))
        for count, (place, source) in enumerate(cells, 1):
            shell.deliver = lambda kind, content, place=place: note("message", place, kind, content)
            note("begin", place)
            signal.setitimer(signal.ITIMER_REAL, cell_seconds)
            result = shell.run(source, count)
            signal.setitimer(signal.ITIMER_REAL, 0)
            if isinstance(result.error_in_exec, KeyboardInterrupt):
                note("timeout", place)
                return
            note("end", place)


def _read(notes):
    notes = io.BytesIO(notes)
    seen = OneProcessRun()
    while True:
        try:
            what, place, *rest = pickle.load(notes)
        except EOFError:
            return seen
        if what == "begin":
            seen.messages[place] = []
            seen.died_in = place
        elif what == "message":
            seen.messages[place].append(tuple(rest))
        elif what == "timeout":
            seen.interrupted_in = place
            seen.died_in = None
        else:
            seen.died_in = None


if __name__ == "__main__":
    main(*sys.argv[1:])
