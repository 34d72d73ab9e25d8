"""Functions that do nothing earn nothing: every test of their exercise fails."""

import inspect
from pathlib import Path
from unittest import mock

import numpy as np
import pytest

from course_utils.check import forbidden
from course_utils.staff.authoring.source_notebook import SourceNotebook
from course_utils.staff.grading.event_log import exercise_of

ROOT = Path(__file__).parents[2]
PATHS = sorted(ROOT.glob("source/*/*.ipynb"))


def refuse(*_):
    raise ValueError("impossible")


def zeros_like_the_first(first=None, *_):
    try:
        return np.zeros_like(first)
    except (TypeError, ValueError):  # lists of several lengths
        return np.zeros(len(first))


CONSTANT = {
    "None": lambda *_: None,
    "0": lambda *_: 0,
    "an empty array": lambda *_: np.array([]),
    "the input": lambda first=None, *_: first,
    "an error": refuse,
    "False": lambda *_: False,
    "an empty text": lambda *_: "",
    "an empty list": lambda *_: [],
    "NaN": lambda *_: float("nan"),
    "-1": lambda *_: -1,
    "1": lambda *_: 1,
    "zeros": zeros_like_the_first,
}


def constant(answer, function):
    def lazy(*args, **kwargs):
        return answer(*args, *kwargs.values())

    lazy.__name__ = function.__name__
    lazy.__signature__ = inspect.signature(function)
    return lazy


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_functions_that_do_nothing_earn_nothing(path):
    notebook = SourceNotebook(path)
    namespace = notebook.namespace()
    exercises = {
        name: exercise_of(cell.grade_id)
        for cell in notebook.solutions()
        for name in cell.names_defined
        if inspect.isfunction(namespace.get(name))
    }
    earning, tried = [], 0
    for test in notebook.tests():
        used = exercises.keys() & test.names_used
        if not (used and test.points):
            continue
        own = {name for name in used if exercises[name] == exercise_of(test.grade_id)}
        # all of them at once, as who answers nothing hands in; and each of the exercise alone
        lazy_ones = {frozenset(exercises), *(frozenset([name]) for name in own)}
        for what, answer in CONSTANT.items():
            for names in lazy_ones:
                changes = {name: constant(answer, namespace[name]) for name in names}
                tried += 1
                # the functions above lie in no cell, so that their text cannot be read
                with mock.patch.object(forbidden, "find", return_value=None):
                    if notebook.failure(test, changes) is None:
                        earning.append((test.grade_id, what, sorted(names)[:3]))
    assert tried >= len(CONSTANT) * len(exercises)
    assert earning == []
