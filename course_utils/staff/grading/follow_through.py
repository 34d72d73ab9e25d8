"""Follow-through credit: one mistake costs once.

An author declares in the source notebook's metadata which exercises rest on which earlier ones::

    "course": {"rests_on": {"C6": ["C1"], "C14": ["C9"]}, "adds": {"C6": "the filter is turned"}}

Where a test fails of an exercise that rests on one that is wrong itself, the run room tries it once
more with the source's answer in the place of the wrong one. ``docs/follow_through.md`` tells how.
"""

from dataclasses import replace
from typing import NamedTuple

from nbgrader import utils

from course_utils.staff.course import CourseError
from course_utils.staff.grading.event_log import KEY, exercise_of
from course_utils.staff.grading.job import TEST

CARRIED = "carried"  # in a graded notebook's `metadata.course`: tests, and what they were given
_EXAMPLES = {"rests_on": '{"C6": ["C1"]}', "adds": '{"C6": "the filter is turned"}'}
_KEYS = tuple(_EXAMPLES)


class DeclarationError(CourseError):
    """A notebook's metadata declare something that cannot be."""


class Declaration(NamedTuple):
    """What a source notebook declares.

    Attributes
    ----------
    rests_on : dict of str to tuple of str
        For an exercise, the earlier ones whose functions its answers or tests call.
    adds : dict of str to str
        What an exercise adds that does little more than call the earlier one.
    """

    rests_on: dict
    adds: dict

    def all_below(self):
        """Return ``rests_on`` with what the earlier exercises rest on, too, as frozen sets."""
        found = {}
        for exercise in self.rests_on:
            below, waiting = set(), [exercise]
            while waiting:
                for earlier in self.rests_on.get(waiting.pop(), ()):
                    if earlier not in below:
                        below.add(earlier)
                        waiting.append(earlier)
            found[exercise] = frozenset(below)
        return found


def declared(nb):
    """Return the ``Declaration`` of a source notebook; an empty one where it declares nothing.

    Raises
    ------
    DeclarationError
        It is no table of exercises that the notebook has, each resting on earlier ones.
    """
    content = nb.metadata.get(KEY, {})
    if not isinstance(content, dict) or content.keys() - {*_KEYS}:
        raise DeclarationError(
            f"metadata.course is {content!r}; expected an object with {' and '.join(_KEYS)}"
        )
    tables = {key: content.get(key, {}) for key in _KEYS}
    for key, table in tables.items():
        if not isinstance(table, dict):
            raise DeclarationError(
                f"metadata.course.{key} is {table!r}; expected an object such as {_EXAMPLES[key]}"
            )
    answers = [cell for cell in nb.cells if cell.cell_type == "code" and utils.is_solution(cell)]
    answered = [exercise_of(cell.metadata.nbgrader.grade_id) for cell in answers]
    for exercise, earlier in tables["rests_on"].items():
        where = f"metadata.course.rests_on.{exercise}"
        is_list = isinstance(earlier, list) and all(isinstance(e, str) for e in earlier)
        if not is_list or not earlier or len(set(earlier)) < len(earlier):
            raise DeclarationError(f'{where} is {earlier!r}; expected a list such as ["C1"]')
        for name in (exercise, *earlier):
            if name not in answered:
                known = ", ".join(dict.fromkeys(answered))
                raise DeclarationError(
                    f"{where}: {name} has no answer in code; expected one of {known}"
                )
        for name in earlier:
            if answered.index(name) >= answered.index(exercise):
                raise DeclarationError(f"{where}: {name} does not come before {exercise}")
    for exercise, text in tables["adds"].items():
        if exercise not in tables["rests_on"]:
            raise DeclarationError(f"metadata.course.adds.{exercise}: it is not in rests_on")
        if not (isinstance(text, str) and text.strip()):
            raise DeclarationError(
                f"metadata.course.adds.{exercise} is {text!r}; expected what it adds, in a few "
                "words"
            )
    return Declaration({e: tuple(b) for e, b in tables["rests_on"].items()}, tables["adds"])


def carried_points(nb, grade):
    """Return how many points of a grade are carried forward: none of a mark that a person gave.

    Parameters
    ----------
    nb : NotebookNode
        As graded.
    grade : nbgrader.api.Grade
        Of one of its tests.
    """
    is_carried = grade.name in nb.metadata.get(KEY, {}).get(CARRIED, {})
    return grade.auto_score or 0 if is_carried and grade.manual_score is None else 0


def second_try(job, result):
    """Return the ``Job`` that tries failed tests once more, or None where none can be carried.

    Parameters
    ----------
    job : Job
    result : RunResult
        Of its first run.
    """
    if job.failed:
        return None
    failed = {
        cell.name: exercise_of(cell.name)
        for cell in job.cells
        if cell.role == TEST
        and any(kind == "error" for kind, _ in result.messages.get(cell.index, ()))
    }
    wrong = set(failed.values())
    if not any(wrong & job.rests_on.get(exercise, frozenset()) for exercise in wrong):
        return None
    limits = job.limits
    if any(kind == "timeout" for kind, _ in result.events):
        limits = replace(limits, cell_seconds=limits.later_seconds)
    return replace(job, failed=tuple(failed), limits=limits)


def both(first, second):
    """Return the ``RunResult`` of a first try, with what the second one has to add.

    A test that fails again shows how it does so with earlier exercises put right.
    """
    return replace(
        first,
        messages=first.messages | second.messages,
        carried=second.carried,
        still_wrong=second.still_wrong,
    )
