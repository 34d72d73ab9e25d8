"""An attack on the grader, and what became of it.

An `Attack` says what a hostile submission holds, a `Result` what there is once it is graded:
points, what was printed, and which processes and files were left behind.
"""

from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

import nbformat
from attack_course import ASSIGNMENT, FULL, HONEST, NOTEBOOK, SECRETS, TESTS, WRONG
from nbgrader.api import Gradebook, MissingEntry

MOST_FILES, MOST_BYTES = 1000, 50_000_000  # that a notebook may leave beside itself


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
    stock_cell : str
        In the place of ``cell`` with stock nbgrader: a kernel is taken over in another way.
    stock_group : str
        Stock grades all attacks of one group in one notebook, each in a cell of its own. For a
        ``cell`` that does nothing to the other cells; points and processes are the group's.
    stock_students : sequence of str
        Who else stock grades after the attacker, in the same course, where the first of ``HONEST``
        has been graded before.
    stock_timeout : int
        Seconds that stock waits for a cell.
    """

    cell: str = ""
    correlate2d: str = WRONG["A1_correlate2d"]
    answer: str = WRONG["A2_answer"]
    label: str = WRONG["A2_label"]
    files: dict = field(default_factory=dict)
    edit: object = None
    witness: object = None
    sanitize: bool = True
    stock_cell: str = ""
    stock_group: str = ""
    stock_students: tuple = ()
    stock_timeout: int = 10
    name: str = field(default="", init=False)  # set from the test module


def attacks_of(module):
    """The module's ATTACK, or its ATTACKS by kind."""
    only = getattr(module, "ATTACK", None)
    return {"": only} if only is not None else getattr(module, "ATTACKS", {})


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
    student: str  # who has submitted it
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
        return self.points_of(self.student)

    @property
    def score(self):
        """Points of the attacker, all together."""
        return sum(self.points.values())

    def points_of(self, student):
        """Automatic points of a student by test cell; 0 where there is no grade."""
        grades = grades_of(self.course, student)
        return dict.fromkeys(TESTS, 0) | {name: grade.score for name, grade in grades.items()}

    @property
    def is_ungraded(self):
        """Whether no test of the attacker was judged, not even as failed."""
        grades = grades_of(self.course, self.student).values()
        return all(grade.auto_score is None for grade in grades)

    @property
    def waiting(self):
        """Names of the attacker's tests that wait for a person to grade them."""
        grades = grades_of(self.course, self.student)
        return {name for name, grade in grades.items() if grade.needs_manual_grade}

    @property
    def timeouts(self):
        """How many cells of the attacker's notebook were waited for in vain."""
        outputs = [output for cell in self.notebook.cells for output in cell.get("outputs", [])]
        return sum(output.get("ename") == "CellTimeoutError" for output in outputs)

    @property
    def folder(self):
        """The attacker's graded folder."""
        return self.course / "autograded" / self.student / ASSIGNMENT

    @property
    def notebook(self):
        """The attacker's graded notebook, or None."""
        return _graded_notebook(self.folder / NOTEBOOK)

    @property
    def outputs(self):
        """All outputs of the attacker's graded notebook, as one text; of a group's, its own."""
        if self.notebook is None:
            return ""
        is_shared = self.student != self.attack.name
        return "\n".join(
            text
            for cell in self.notebook.cells
            if not is_shared or cell["id"] == f"attack-{self.attack.name}"
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


@cache
def _graded_notebook(path):
    return nbformat.read(path, as_version=4) if path.is_file() else None


class Grade(NamedTuple):
    """What the gradebook holds of a test cell."""

    score: float
    auto_score: float | None
    needs_manual_grade: bool


@cache
def grades_of(course, student):
    """Return the ``Grade`` of each test cell of a student, when all is graded."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        try:
            submission = gradebook.find_submission(ASSIGNMENT, student)
        except MissingEntry:
            return {}
        [notebook] = submission.notebooks
        return {
            grade.name: Grade(grade.score, grade.auto_score, grade.needs_manual_grade)
            for grade in notebook.grades
        }


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
