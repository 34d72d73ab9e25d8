"""What went wrong in a graded notebook, in a few words for the staff."""

import re
from dataclasses import dataclass, field

from nbgrader import utils

from course_utils.check.verdict import CARD_MIME
from course_utils.staff.grading.as_given import is_as_given
from course_utils.staff.grading.event_log import exercise_of
from course_utils.staff.names import show_name

UNNAMED = ("AssertionError", "CheckFailed", "Failed")  # the last is pytest's
# errors that grading puts into cells; the outcome's label already says so
OUTCOMES = ("CellTimeoutError", "DeadKernel", "KeyboardInterrupt", "NotRun")

_NO_MODULE = re.compile(r"No module named '([\w.]{1,60})'(?:;.*)?", re.ASCII)

# docs/grading.md explains them
NOTHING_ANSWERED = "nothing answered"
NOT_ANSWERED = "not answered"
NOT_ALL = "not all answered"
WRONG = "wrong"


def what_went_wrong(nb):
    """Return the mistakes recognised in a graded notebook, and the errors of answer cells.

    Returns
    -------
    list of str
        Such as "kernel-flipped (C1, C5)" and "SyntaxError (C1)".
    """
    answers = [cell for cell in nb.cells if utils.is_solution(cell)]
    if answers and all(map(is_as_given, answers)):
        return [NOTHING_ANSWERED]
    parts = _parts(nb)
    found = {}  # problem -> the exercises that have it
    for exercise in dict.fromkeys(exercise for exercise, _ in parts):
        problems = [part.problems() for (name, _), part in parts.items() if name == exercise]
        for problem in dict.fromkeys(problem for of_part in problems for problem in of_part):
            if problem == NOT_ANSWERED and any(of_part != [problem] for of_part in problems):
                problem = NOT_ALL
            found.setdefault(problem, []).append(exercise)
    return [
        f"{problem} ({', '.join(exercises)})"
        for problem, exercises in found.items()
        if problem not in OUTCOMES
    ]


@dataclass
class _Part:
    """A part of an exercise: an answer in code, and what its tests showed."""

    answer: list[str] = field(default_factory=list)
    recognised: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def problems(self):
        """Return what to tell of it: where the answer is amiss, tests only follow from that."""
        if self.answer or self.recognised:
            return self.answer or self.recognised
        named = [name for name in self.failures if name not in UNNAMED]
        return named or ([WRONG] if self.failures else [])


def _parts(nb):
    """Return ``{(exercise, answer): _Part}``; a test belongs to the answer whose name it begins
    with, otherwise to the last one above it in its exercise.
    """
    code = [cell for cell in nb.cells if cell.cell_type == "code" and _grade_id(cell)]
    answers = [_grade_id(cell) for cell in code if utils.is_solution(cell)]
    parts, above = {}, {}
    for cell in code:
        name = _grade_id(cell)
        exercise = exercise_of(name)
        if utils.is_solution(cell):
            above[exercise] = name
            part = parts.setdefault((exercise, name), _Part())
            part.answer += [NOT_ANSWERED] if is_as_given(cell) else _errors(cell)
        elif utils.is_grade(cell):
            named = [answer for answer in answers if name.startswith(f"{answer}_")]
            owner = max(named, key=len, default=above.get(exercise))
            part = parts.setdefault((exercise, owner), _Part())
            if "_hidden" in name:
                part.recognised += _mistakes(cell)
                part.failures += _errors(cell)
            else:  # a visible test sees one input and may guess wrong: only the last resort
                part.failures += _mistakes(cell) or _errors(cell)
    return parts


def _grade_id(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _errors(cell):
    errors = [output for output in cell.outputs if output.output_type == "error"]
    return [_missing_module(error) or show_name(error.ename) for error in errors]


def _missing_module(error):
    """Return such as "no module seaborn", which a person can do something about; or None."""
    found = _NO_MODULE.fullmatch(error.evalue)
    return f"no module {found[1]}" if found and error.ename == "ModuleNotFoundError" else None


def _mistakes(cell):
    cards = [output.data[CARD_MIME] for output in cell.outputs if CARD_MIME in _data(output)]
    return [show_name(card["mistake"]) for card in cards if card.get("mistake")]


def _data(output):
    return output.get("data", {})
