"""Grades attacks: without protection, and through the engine.

`grade_unprotected` grades one, or a group of them in one notebook, with stock nbgrader (its own
``Autograde`` and its default steps) in a course of its own; `grade_protected` grades many, and two
honest students, as one class with ``course autograde``.
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from string import Template

import nbformat
from attack import Arena, Result
from attack_course import ASSIGNMENT, NOTEBOOK, SECRETS, submit
from IPython.core.profiledir import ProfileDir
from nbformat.v4 import new_code_cell
from tiny_course import REPOSITORY, cell_of

COURSE = Path(sys.executable).with_name("course")
# more jobs than there may be cores: what never ends only waits
CLASS_OPTIONS = ("--jobs", "4", "--timeout", "5", "--notebook-timeout", "60", "--memory", "256")


def submit_attacks(course, student, arenas, with_stock=False):
    """Write the attacks of some arenas into ``submitted/`` as one notebook."""
    nb = nbformat.read(course / "release" / ASSIGNMENT / NOTEBOOK, as_version=4)
    files = {}
    for arena in arenas:
        attack = arena.attack
        values = arena.values(course) | {"me": student}
        cell = (with_stock and attack.stock_cell) or attack.cell
        if cell:
            source = Template(cell.strip("\n")).safe_substitute(values)
            index = nb.cells.index(cell_of(nb, "A1_correlate2d"))
            nb.cells.insert(index, new_code_cell(source, id=f"attack-{attack.name}"))
        sources = {
            "A1_correlate2d": attack.correlate2d,
            "A2_answer": attack.answer,
            "A2_label": attack.label,
        }
        for name, source in sources.items():
            cell_of(nb, name).source = Template(source.strip("\n")).safe_substitute(values)
        if attack.edit:
            attack.edit(nb)
        files |= attack.files
    submit(course, student, nb)
    for name, text in files.items():
        path = course / "submitted" / student / ASSIGNMENT / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


@contextlib.contextmanager
def open_arenas(attacks, folder):
    """Make an `Arena` for each attack, by its name; close them in the end."""
    with contextlib.ExitStack() as stack:
        arenas = {}
        for attack in attacks:
            arena = arenas[attack.name] = Arena(attack, folder / f"arena-{attack.name}")
            stack.callback(arena.close)
        yield arenas


# --- without protection -------------------------------------------------------------------------


class StockServer:
    """A process that has loaded stock nbgrader, and forks a grader for whoever connects."""

    def __init__(self, folder):
        self.address = str(folder / "stock-server")
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(self.address)
            listener.listen()
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    Path(__file__).with_name("stock_grader.py"),
                    str(listener.fileno()),
                ],
                env=environment(folder / "stock-home"),
                pass_fds=[listener.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    def close(self):
        """End it; a grader ends with its connection."""
        self._process.terminate()
        self._process.wait()


class StockGrader:
    """A process that grades with stock nbgrader, one submission after the other.

    Orphans of what it starts become its children, so it can tell what was left behind.
    """

    def __init__(self, server):
        self._address = server.address
        self._connect()

    def _connect(self):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(self._address)
            self._stream = connection.makefile("rw")

    def ask(self, **job):
        """Do one job; returns its answer, with "error" where grading ended this process."""
        print(json.dumps(job), file=self._stream, flush=True)
        line = self._stream.readline()
        if line:
            return json.loads(line)
        self.close()
        self._connect()
        return {"error": "the grader died", "left": [], "log": ""}

    def close(self):
        """End the process."""
        self._stream.close()


def environment(home):
    """Return the environment of a grader: it holds a secret, and empty settings folders."""
    folders = {
        "HOME": home / "home",
        "IPYTHONDIR": home / "home" / ".ipython",
        "TMPDIR": home / "tmp",
    }
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    ProfileDir.create_profile_dir(str(folders["IPYTHONDIR"] / "profile_default"))
    variables = {name: str(folder) for name, folder in folders.items()}
    return os.environ | variables | {"GRADER_TOKEN": SECRETS["environment"]}


def grade_unprotected(attacks, base, scratch, stock):
    """Grade attacks with stock nbgrader as one notebook in a copy of the course ``base``.

    Returns attack name → `Result`.
    """
    first = attacks[0]
    student = first.stock_group or first.name
    folder = scratch / f"stock-{student}"
    course = folder / "course"
    shutil.copytree(base, course)
    with open_arenas(attacks, folder) as arenas:
        submit_attacks(course, student, arenas.values(), with_stock=True)
        answer = stock.ask(
            course=str(course),
            students=[student, *first.stock_students],
            sanitize=first.sanitize,
            timeout=first.stock_timeout,
            home=str(folder / "home"),
        )
    died = "error" in answer
    return {
        name: Result(arena.attack, student, course, arena, answer["left"], [], answer["log"], died)
        for name, arena in arenas.items()
    }


# --- through the engine -------------------------------------------------------------------------


def grade_protected(attacks, base, scratch):
    """Grade attacks and honest students as one class through the engine; attack name → `Result`."""
    course = scratch / "course"
    scratch.mkdir(mode=0o755)
    shutil.copytree(base, course)
    with open_arenas(attacks, scratch) as arenas:
        for name, arena in arenas.items():
            submit_attacks(course, name, [arena])
        variables = environment(scratch)
        before = _files(course) | _files(scratch / "home") | _files(scratch / "tmp")
        finished = subprocess.run(
            [
                sys.executable,
                Path(__file__).with_name("watched_run.py"),
                scratch / "left.json",
                *(COURSE, "autograde", ASSIGNMENT),
                *("--course", course, *CLASS_OPTIONS),
            ],
            env=variables | {"PYTHONPATH": str(REPOSITORY)},
            cwd=scratch,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        left = json.loads((scratch / "left.json").read_text())
        files = _files(course) | _files(scratch / "home") | _files(scratch / "tmp")
        new = [path for path in files - before if not _is_expected(path, course)]
    log, code = finished.stdout, finished.returncode
    return {
        name: Result(arena.attack, name, course, arena, left, new, log, code=code)
        for name, arena in arenas.items()
    }


def _files(folder):
    return set(folder.rglob("*"))


def _is_expected(path, course):
    """Whether grading itself makes this file, or lets a notebook make it."""
    if path.is_symlink() or not (path.is_file() or path.is_dir()):
        return False
    return path.is_relative_to(course) and path.relative_to(course).parts[0] in (
        "gradebook.db",
        "autograded",
    )


# --- feedback pages -------------------------------------------------------------------------------


def stock_feedback(result, stock):
    """Return the attacker's feedback page as stock nbgrader makes it."""
    stock.ask(course=str(result.course), feedback=result.student)
    return _feedback_page(result)


def course_feedback(result):
    """Return the attacker's feedback page as ``course feedback`` makes it."""
    finished = subprocess.run(
        [COURSE, "feedback", "--course", result.course, "--only", result.student],
        env=environment(result.course.parent),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert finished.returncode == 0, finished.stdout
    return _feedback_page(result)


def _feedback_page(result):
    folder = result.course / "feedback" / result.student / ASSIGNMENT
    return (folder / NOTEBOOK).with_suffix(".html").read_text()
