"""A visible check says so where a value is right and its kind is not."""

import re
from pathlib import Path

import numpy as np
import pytest

from course_utils import check
from course_utils.check import verdict
from course_utils.staff.authoring.source_notebook import SourceNotebook


@pytest.mark.parametrize(
    ("got", "expected", "remark"),
    [
        (4, 4, "is right"),
        (4, 4.0, "is right"),
        (np.int64(4), 4, "is right"),
        (4.0, 4, "is right in value, but not in kind: a float, not an int"),
        (1, True, "is right in value, but not in kind: an int, not a bool"),
        ([3, 4], (3, 4), "is right"),
        ([3, 4.0], (3, 4), "is right in value, but not in kind: floats, not ints"),
        ({"a": (1.0,)}, {"a": (1,)}, "is right in value, but not in kind: floats, not ints"),
        (
            np.ones(2),
            [True, True],
            "is right in value, but not in kind: floats, not True and False",
        ),
        ("four", "four", "is right"),
    ],
)
def test_equal_tells_the_kind(got, expected, remark, capsys):
    check.equal(got, expected)
    assert capsys.readouterr().out == f"✔ got {remark}\n"


def test_close_leaves_the_kind_open(capsys):
    check.close(4.0, 4)
    assert capsys.readouterr().out == "✔ 4.0 is right\n"


def as_floats(value):
    if isinstance(value, (list, tuple)):
        return type(value)(map(as_floats, value))
    if isinstance(value, dict):
        return {key: as_floats(entry) for key, entry in value.items()}
    if isinstance(value, np.ndarray):
        return value.astype(float)
    return float(value) if isinstance(value, (int, np.generic)) else value


@pytest.mark.parametrize(
    "path",
    sorted((Path(__file__).parents[2] / "source").glob("*/*.ipynb")),
    ids=lambda path: path.stem,
)
def test_a_function_whose_kind_is_remarked_upon_loses_a_hidden_point(path, monkeypatch):
    notebook = SourceNotebook(path)
    right = notebook.namespace()
    remarks, remarked = [], []
    monkeypatch.setattr(verdict, "passed", lambda subject, remark="": remarks.append(remark))
    for cell in notebook.tests("visible"):
        if cell.trains:
            continue
        assert notebook.failure(cell, {}) is None
        assert not any("kind" in remark for remark in remarks), cell.grade_id
        called = set(re.findall(r"check\.equal\((\w+)\(", cell.source))
        for name in called & {name for made in notebook.solutions() for name in made.names_defined}:
            remarks.clear()
            floats = {name: lambda *args, _right=right[name], **kw: as_floats(_right(*args, **kw))}
            notebook.failure(cell, floats)
            if any("kind" in remark for remark in remarks):
                remarked.append(name)
                hidden = notebook.tests_of([name], "hidden")
                assert any(notebook.failure(test, floats) for test in hidden), name
        remarks.clear()
    assert remarked
