"""A class in which one submission attacks the grader: without protection, and through the engine.

An `Attack` says what a hostile submission holds. `grade_unprotected` grades it with stock nbgrader
(its own ``Autograde`` and its default steps) in a course of its own; `grade_protected` grades many
attacks and two honest students as one class with ``course autograde``. Both give a `Result`:
points, what was printed, and which processes and files were left behind.

The assignment is made like the course's: fixtures in a locked cell, a visible check, hidden tests
in cells of their own; 8 points. Everything an attack could want to learn is a canary (`SECRETS`).
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from string import Template

import nbformat
from IPython.core.profiledir import ProfileDir
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook, MissingEntry
from tiny_course import REPOSITORY, cell_of, nbgrader_cell

ASSIGNMENT = "01_guarded"
NOTEBOOK = "guarded.ipynb"
HONEST = ("aa-honest", "zz-honest")  # graded first and last; also the victims
FULL = 8
COURSE = Path(sys.executable).with_name("course")
MOST_FILES, MOST_BYTES = 1000, 50_000_000  # that a notebook may leave beside itself
STOCK_TIMEOUT = 10  # seconds for a cell

SECRETS = {
    "hidden test": "canary-hidden-test-5e1c",
    "expected text": "canary-expected-text-90ab",
    "expected number": "40937.0625",
    "solution": "canary-solution-77d2",
    "other student": "canary-other-student-c3f4",
    "gradebook": "canary-gradebook-18e6",
    "environment": "canary-environment-b2a9",
}
ANSWERS = {
    "A1_correlate2d": """def correlate2d(x, w):
    x, w = np.asarray(x, dtype=float), np.asarray(w, dtype=float)
    rows, columns = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            out[i, j] = (x[i : i + w.shape[0], j : j + w.shape[1]] * w).sum()
    return out""",
    "A2_answer": "answer = 40937.0625",
    "A2_label": f"label = {SECRETS['expected text']!r}",
}
WRONG = {
    "A1_correlate2d": "def correlate2d(x, w):\n    return np.zeros((2, 2))",
    "A2_answer": "answer = 0",
    "A2_label": 'label = "?"',
}
TESTS = {
    "A1_visible": (1, "check.close(correlate2d(IMAGE, EDGES), EDGE_MAP)"),
    "A1_hidden_values": (
        2,
        f"""# Rectangles.
### BEGIN HIDDEN TESTS
from course_utils.mistakes import convolution as mistakes
from course_utils.reference import convolution as reference
from course_utils.reference.convolution import cases
canary = {SECRETS["hidden test"]!r}
few = cases.correlate2d_plain(check.rng("A1 values"))
check.agrees(correlate2d, reference.correlate2d, few, mistakes.correlate2d)
### END HIDDEN TESTS""",
    ),
    "A1_hidden_by_hand": (
        1,
        """# By hand.
### BEGIN HIDDEN TESTS
from course_utils.reference import convolution as reference
from course_utils.reference.convolution import cases
few = cases.correlate2d_plain(check.rng("A1 by hand"))
check.agrees(correlate2d, reference.correlate2d, few)
check.forbids(correlate2d, *check.CONVOLUTION_LIBRARIES, cases=few)
### END HIDDEN TESTS""",
    ),
    "A1_hidden_testing": (
        1,
        """# As many graders write it.
### BEGIN HIDDEN TESTS
from course_utils.reference import convolution as reference
image, kernel = np.arange(20.0).reshape(4, 5) ** 2, np.ones((2, 3))
np.testing.assert_allclose(correlate2d(image, kernel), reference.correlate2d(image, kernel))
### END HIDDEN TESTS""",
    ),
    "A1_hidden_builtins": (
        1,
        """# The same with builtins.
### BEGIN HIDDEN TESTS
ones = np.ones((2, 2))
for mine in map(lambda image: correlate2d(image, ones), [np.ones((3, 4)), np.ones((3, 5))]):
    assert isinstance(mine, np.ndarray) and len(mine) == 2
    assert all(abs(float(number) - 4) < 1e-9 for row in mine for number in row)
### END HIDDEN TESTS""",
    ),
    "A2_hidden_answer": (
        1,
        f"""# The number.
### BEGIN HIDDEN TESTS
check.is_right(answer, {SECRETS["expected number"]})
### END HIDDEN TESTS""",
    ),
    "A2_hidden_label": (
        1,
        f"""# The text.
### BEGIN HIDDEN TESTS
assert label == {SECRETS["expected text"]!r}
### END HIDDEN TESTS""",
    ),
}


def guarded_notebook():
    """Return the source notebook of the assignment."""

    def solution(name):
        marked = f"### BEGIN SOLUTION\n# {SECRETS['solution']}\n{ANSWERS[name]}\n### END SOLUTION"
        return nbgrader_cell("solution", name, marked)

    def test(name):
        points, source = TESTS[name]
        return nbgrader_cell("test", name, source, points)

    cells = [
        nbgrader_cell("locked", "setup", "import numpy as np\n\nfrom course_utils import check"),
        nbgrader_cell(
            "locked",
            "A1_fixtures",
            "IMAGE = np.array([[0.0, 1, 4, 9], [1, 4, 9, 16], [4, 9, 16, 25]])\n"
            "EDGES = np.array([[1.0, -1.0], [1.0, -1.0]])\n"
            "EDGE_MAP = np.array([[-4.0, -8, -12], [-8, -12, -16]])",
        ),
        solution("A1_correlate2d"),
        *(test(name) for name in TESTS if name.startswith("A1")),
        solution("A2_answer"),
        solution("A2_label"),
        *(test(name) for name in TESTS if name.startswith("A2")),
    ]
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(
        cells=cells, metadata={"kernelspec": kernelspec, "language_info": {"name": "python"}}
    )


@dataclass
class Attack:
    """What a hostile submission holds, instead of right answers.

    In all sources ``$arena`` stands for a folder where everyone may write (it holds
    ``canary.txt``), ``$course`` for the course's folder, ``$me`` for the student, ``$victim`` for
    another one, and further names for the witness's ``values``.

    Attributes
    ----------
    cell : str
        A code cell of the student's own, run before the first answer.
    correlate2d, answer, label : str
        Sources in place of the wrong answers.
    files : dict
        Names and texts of files that are submitted beside the notebook.
    edit : callable, optional
        Called with the notebook to change anything else in it.
    witness : callable, optional
        Makes the object that notices what the attack does, from the folder ``arena``; it may have
        ``values`` for the sources and is closed after grading.
    sanitize : bool
        Whether stock nbgrader runs the steps that restore a notebook's cells. Off for attacks that
        these steps already undo: unprotected means without them, too.
    stock_students : sequence of str
        Who else stock grades after the attacker, in the same course, where the first of ``HONEST``
        has been graded before.
    alone : bool
        Whether it gets a protected class of its own.
    options : sequence of str
        Further options of ``course autograde``, for a class of its own.
    """

    cell: str = ""
    correlate2d: str = WRONG["A1_correlate2d"]
    answer: str = WRONG["A2_answer"]
    label: str = WRONG["A2_label"]
    files: dict = field(default_factory=dict)
    edit: object = None
    witness: object = None
    sanitize: bool = True
    stock_students: tuple = ()
    alone: bool = False
    options: tuple = ()
    name: str = field(default="", init=False)  # the student's; set from the test module


class Arena:
    """The folder that one run of an attack may do harm in, and the witness of it."""

    def __init__(self, attack, folder):
        self.attack = attack
        self.folder = folder
        folder.mkdir(mode=0o777)
        folder.chmod(0o777)
        self.canary.write_text("untouched")
        self.canary.chmod(0o666)
        self.witness = attack.witness(folder) if attack.witness else None
        self.before = set(folder.rglob("*"))

    @property
    def canary(self):
        """A file that anyone could change."""
        return self.folder / "canary.txt"

    @property
    def new_files(self):
        """Names of the files that appeared in it."""
        return sorted(
            str(p.relative_to(self.folder)) for p in set(self.folder.rglob("*")) - self.before
        )

    def values(self, course):
        """What the names in an attack's sources stand for."""
        more = getattr(self.witness, "values", {})
        return {"arena": self.folder, "course": course, "victim": HONEST[0]} | more

    def close(self):
        """Close the witness."""
        if hasattr(self.witness, "close"):
            self.witness.close()


@dataclass
class Result:
    """What became of an attack in one run."""

    attack: Attack
    course: Path
    arena: Arena
    left_processes: list  # command lines
    left_files: list
    log: str  # what the grading command printed
    died: bool = False  # the process that graded
    code: int = 0  # with which the grading command ended

    @cached_property
    def points(self):
        """Points of the attacker, by test cell."""
        return self.points_of(self.attack.name)

    @property
    def score(self):
        """Points of the attacker, all together."""
        return sum(self.points.values())

    def points_of(self, student):
        """Automatic points of a student by test cell; 0 where there is no grade."""
        return dict.fromkeys(TESTS, 0) | self._grades(student, lambda grade: grade.score)

    @property
    def is_ungraded(self):
        """Whether no test of the attacker was judged, not even as failed."""
        judged = self._grades(self.attack.name, lambda grade: grade.auto_score is not None)
        return not any(judged.values())

    @property
    def waiting(self):
        """Names of the attacker's tests that wait for a person to grade them."""
        waits = self._grades(self.attack.name, lambda grade: grade.needs_manual_grade)
        return {name for name in waits if waits[name]}

    def _grades(self, student, read):
        with Gradebook(f"sqlite:///{self.course / 'gradebook.db'}") as gradebook:
            try:
                submission = gradebook.find_submission(ASSIGNMENT, student)
            except MissingEntry:
                return {}
            [notebook] = submission.notebooks
            return {grade.name: read(grade) for grade in notebook.grades}

    @property
    def timeouts(self):
        """How many cells of the attacker's notebook were waited for in vain."""
        outputs = [output for cell in self.notebook.cells for output in cell.get("outputs", [])]
        return sum(output.get("ename") == "CellTimeoutError" for output in outputs)

    @property
    def folder(self):
        """The attacker's graded folder."""
        return self.course / "autograded" / self.attack.name / ASSIGNMENT

    @cached_property
    def notebook(self):
        """The attacker's graded notebook, or None."""
        path = self.folder / NOTEBOOK
        return nbformat.read(path, as_version=4) if path.is_file() else None

    @property
    def outputs(self):
        """All outputs of the attacker's graded notebook, as one text."""
        if self.notebook is None:
            return ""
        return "\n".join(
            text
            for cell in self.notebook.cells
            for output in cell.get("outputs", [])
            for text in _texts(output)
        )

    @property
    def told(self):
        """Which ``SECRETS`` were told by ``print(text.encode().hex())``, as the attacks do."""
        outputs = self.outputs
        return {name for name, text in SECRETS.items() if text.encode().hex() in outputs}

    @property
    def learned(self):
        """Which ``SECRETS`` stand in the outputs, plainly, in hex or backwards."""
        outputs = self.outputs
        plain = {name for name, text in SECRETS.items() if text in outputs or text[::-1] in outputs}
        return plain | self.told


def _texts(node):
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)


def assert_harmless(result, deserved=0):
    """The attack was graded, and earned, learned, touched and left nothing but what it may.

    That is: points it ``deserved``. Regular files that a notebook writes are kept beside it, in
    reasonable number and size. What a class left behind as a whole cannot be told apart by attack:
    that is for ``test_the_whole_class``.
    """
    assert not result.is_ungraded, result.log[-1000:]
    assert result.score == deserved, result.points
    assert not result.learned
    assert result.arena.canary.read_text() == "untouched"
    assert result.arena.new_files == []
    assert not [path for path in result.left_files if path.is_relative_to(result.folder)]
    own = [path.lstat().st_size for path in result.folder.rglob("*") if path.name != NOTEBOOK]
    assert len(own) <= MOST_FILES
    assert sum(own) <= MOST_BYTES
    for student in HONEST:
        assert sum(result.points_of(student).values()) == FULL, result.log[-1000:]
        submitted = result.course / "submitted" / student / ASSIGNMENT / NOTEBOOK
        assert submitted.read_text() == result.course.joinpath("honest.ipynb").read_text()


def stock_feedback(result):
    """Return the attacker's feedback page as stock nbgrader makes it."""
    with StockGrader(result.course.parent) as stock:
        stock.ask(course=str(result.course), feedback=result.attack.name)
    return _feedback_page(result)


def course_feedback(result):
    """Return the attacker's feedback page as ``course feedback`` makes it."""
    finished = subprocess.run(
        [COURSE, "feedback", "--course", result.course, "--only", result.attack.name],
        env=environment(result.course.parent),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert finished.returncode == 0, finished.stdout
    return _feedback_page(result)


def _feedback_page(result):
    folder = result.course / "feedback" / result.attack.name / ASSIGNMENT
    return (folder / NOTEBOOK).with_suffix(".html").read_text()


# --- courses ------------------------------------------------------------------------------------


def make_course(folder):
    """Make a course with the assignment, registered, and the honest submissions; stock's way."""
    source = folder / "source" / ASSIGNMENT
    source.mkdir(parents=True)
    (folder / "exchange").mkdir()
    nbformat.write(guarded_notebook(), source / NOTEBOOK)
    shutil.copy(REPOSITORY / "nbgrader_config.py", folder)
    (folder / "course.toml").write_text(f"[assignments.{ASSIGNMENT}]\ndue = 2027-03-05T12:00:00\n")
    with StockGrader(folder) as stock:
        stock.ask(course=str(folder), generate=True)
    released = nbformat.read(folder / "release" / ASSIGNMENT / NOTEBOOK, as_version=4)
    for name, source in ANSWERS.items():
        cell_of(released, name).source = source
    released.cells.append(new_code_cell(f"# {SECRETS['other student']}", id="own"))
    nbformat.write(released, folder / "honest.ipynb")
    for student in HONEST:
        submit(folder, student, released)
    return folder


def submit(course, student, nb):
    """Write a notebook into ``submitted/``."""
    folder = course / "submitted" / student / ASSIGNMENT
    folder.mkdir(parents=True)
    nbformat.write(nb, folder / NOTEBOOK)


def submit_attack(course, attack, arena):
    """Write an attack into ``submitted/``."""
    nb = nbformat.read(course / "release" / ASSIGNMENT / NOTEBOOK, as_version=4)
    values = arena.values(course) | {"me": attack.name}
    sources = {
        "A1_correlate2d": attack.correlate2d,
        "A2_answer": attack.answer,
        "A2_label": attack.label,
    }
    for name, source in sources.items():
        cell_of(nb, name).source = Template(source.strip("\n")).safe_substitute(values)
    if attack.cell:
        source = Template(attack.cell.strip("\n")).safe_substitute(values)
        index = nb.cells.index(cell_of(nb, "A1_correlate2d"))
        nb.cells.insert(index, new_code_cell(source, id="attack"))
    if attack.edit:
        attack.edit(nb)
    submit(course, attack.name, nb)
    for name, text in attack.files.items():
        path = course / "submitted" / attack.name / ASSIGNMENT / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


# --- without protection -------------------------------------------------------------------------


class StockGrader:
    """A process that grades with stock nbgrader, one submission after the other.

    Orphans of what it starts become its children, so it can tell what was left behind.
    """

    def __init__(self, home):
        self.home = home
        self._process = None

    def __enter__(self):
        return self

    def ask(self, **job):
        """Do one job; returns its answer, with "error" where grading ended this process."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, Path(__file__).with_name("stock_grader.py")],
                env=environment(self.home),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(job) + "\n")
            self._process.stdin.flush()
        line = self._process.stdout.readline()
        if line:
            return json.loads(line)
        self.close()
        return {"error": "the grader died", "left": [], "log": ""}

    def close(self):
        """End the process."""
        if self._process is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.communicate()
            self._process = None

    def __exit__(self, *_):
        self.close()


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


def grade_unprotected(attack, base, scratch, stock):
    """Grade one attack with stock nbgrader in a copy of the course ``base``; returns a `Result`."""
    folder = scratch / f"stock-{attack.name}"
    course = folder / "course"
    shutil.copytree(base, course)
    arena = Arena(attack, folder / "arena")
    try:
        submit_attack(course, attack, arena)
        answer = stock.ask(
            course=str(course),
            students=[attack.name, *attack.stock_students],
            sanitize=attack.sanitize,
            timeout=STOCK_TIMEOUT,
            home=str(folder / "home"),
        )
        died = "error" in answer
        return Result(attack, course, arena, answer["left"], [], answer["log"], died)
    finally:
        arena.close()


# --- through the engine -------------------------------------------------------------------------


def grade_protected(attacks, base, scratch, options=()):
    """Grade attacks and honest students as one class through the engine; attack name → `Result`."""
    course = scratch / "course"
    scratch.mkdir(mode=0o755)
    shutil.copytree(base, course)
    arenas = {}
    try:
        for attack in attacks:
            arenas[attack.name] = Arena(attack, scratch / f"arena-{attack.name}")
            submit_attack(course, attack, arenas[attack.name])
        variables = environment(scratch)
        before = _files(course) | _files(scratch / "home") | _files(scratch / "tmp")
        finished = subprocess.run(
            [
                sys.executable,
                Path(__file__).with_name("watched_run.py"),
                scratch / "left.json",
                *(COURSE, "autograde", ASSIGNMENT),
                *("--course", course, "--jobs", "2", *options),
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
    finally:
        for arena in arenas.values():
            arena.close()
    log, code = finished.stdout, finished.returncode
    return {
        name: Result(arena.attack, course, arena, left, new, log, code=code)
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
