"""Errors that end a visible cell before its check sees a result get a card that explains them."""

import ast
from pathlib import Path

import numpy as np
import pytest

from course_utils import check
from course_utils.check.observation import arrays_in
from course_utils.datasets.arrays import read_only
from course_utils.staff.authoring.source_notebook import SourceNotebook, run

GIVEN = read_only([[1.0, -2.0], [3.0, -4.0]])


def doubled(x):
    x *= 2
    return x


def nothing(x):
    x + 1


def failure_of(source, **names):
    namespace = {"check": check, "np": np, "GIVEN": GIVEN, "doubled": doubled, "nothing": nothing}
    cell = "with check.explaining():\n    " + source
    with pytest.raises(check.CheckFailed) as failure:
        run(cell, "cell", namespace | names)
    return failure.value


@pytest.mark.parametrize(
    "source",
    [
        "check.close(doubled(GIVEN), 2 * GIVEN)",
        "check.close(np.sum(doubled(\n        GIVEN)), 2 * np.sum(GIVEN))",
        "first, second = doubled(GIVEN)",
    ],
)
def test_an_argument_changed_in_place_is_explained_with_call_and_line(source):
    failure = failure_of(source)
    assert failure.mistake == "argument-changed"
    told = str(failure).splitlines()
    assert told[0].startswith("doubled(")
    assert told[0].endswith("GIVEN) writes into an array that is read-only")
    assert told[1:3] == [
        "it raised ValueError: 'output array is read-only'",
        "in the line `x *= 2`",
    ]
    assert "work on a copy" in told[-1]


@pytest.mark.parametrize(
    "source",
    [
        "first, second = nothing(GIVEN)",
        "check.close(nothing(GIVEN)[0], 1)",
        "check.equal(sum(nothing(GIVEN)), 1)",
        "np.array(nothing(GIVEN), dtype=int)",
        "check.close(2 * nothing(GIVEN), 1)",
    ],
)
def test_a_result_of_none_is_explained_where_the_cell_uses_it(source):
    failure = failure_of(source)
    assert failure.mistake == "nothing-returned"
    assert str(failure).splitlines()[:2] == [
        "None is found where a result should be",
        f"in the line `{source}`",
    ]


def own_error(x):
    raise ValueError("the kernel is too large")


def own_none(x):
    return None + x


@pytest.mark.parametrize(("function", "kind"), [(own_error, ValueError), (own_none, TypeError)])
def test_other_errors_of_a_student_are_shown_as_they_are(function, kind):
    with pytest.raises(kind) as error, check.explaining():
        check.close(function(GIVEN), GIVEN)
    assert error.traceback[-1].name == function.__name__


def test_a_verdict_and_what_is_right_pass_through():
    with check.explaining():
        check.close(GIVEN * 1, GIVEN)
    with pytest.raises(check.CheckFailed, match="is not right"), check.explaining():
        check.close(GIVEN + 1, GIVEN)


def writes_first(right):
    """A function that writes into every array it gets, and is right where it may."""

    def function(*args, **kwargs):
        for array in arrays_in([args, kwargs]):
            array[...] = array
        return right(*args, **kwargs)

    return function


@pytest.mark.parametrize(
    "path",
    sorted((Path(__file__).parents[2] / "source").glob("*/*.ipynb")),
    ids=lambda path: path.stem,
)
def test_every_visible_cell_explains_both_errors_of_every_function(path):
    notebook = SourceNotebook(path)
    functions = {
        statement.name
        for cell in notebook.solutions()
        for statement in ast.parse(cell.source).body
        if isinstance(statement, ast.FunctionDef)
    }
    right = notebook.namespace()
    unexplained = []
    for cell in notebook.tests("visible"):
        for name in sorted(functions & cell.names_used):
            empty = notebook.failure(cell, {name: lambda *args, **kwargs: None})
            if getattr(empty, "mistake", None) != "nothing-returned":
                unexplained.append((cell.grade_id, name, repr(empty)))
            if cell.trains:  # its arrays may be written to: torch warns of others
                continue
            changed = notebook.failure(cell, {name: writes_first(right[name])})
            if changed and getattr(changed, "mistake", None) != "argument-changed":
                unexplained.append((cell.grade_id, name, repr(changed)))
    assert not unexplained
