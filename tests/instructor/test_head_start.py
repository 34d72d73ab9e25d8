"""What the run room is told to load before the commands are there."""

import json

import pytest

from course_utils.grading import run
from course_utils.instructor import head_start

TEST = {"nbgrader": {"grade": True}}


def cell(source, kind="code", **metadata):
    return {"cell_type": kind, "source": source.splitlines(keepends=True), "metadata": metadata}


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """What was asked for, in a course with two assignments."""
    notebooks = {
        "01_waves": [cell("import wave\nfrom os import path"), cell("import chunk", **TEST)],
        "02_marks": [cell("import difflib"), cell("import abc", "markdown")],
        "03_broken": None,
    }
    for name, cells in notebooks.items():
        path = tmp_path / "source" / name / "notebook.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text("{" if cells is None else json.dumps({"cells": cells}))
    asked = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(run, "load_libraries", asked.append)
    monkeypatch.setattr(head_start.sys, "platform", "linux")
    return asked


ALWAYS = [*head_start.ALWAYS]


@pytest.mark.parametrize(
    ("words", "modules"),
    [
        ("", ["wave", "os", "os.path"]),
        ("--jobs 2", ["wave", "os", "os.path"]),
        ("02", ["difflib"]),
        ("marks --only ada", ["difflib"]),
        ("--force 02", ["wave", "os", "os.path"]),  # a wrong guess
        ("nothing_of_that_name", ["wave", "os", "os.path"]),
        ("broken", []),
    ],
)
def test_imports_of_the_assignment_that_is_probably_graded_first(asked, words, modules):
    head_start.begin(["autograde", *words.split()])
    assert asked == [ALWAYS + modules]


@pytest.mark.parametrize("words", ["", "release", "autograde --help", "report autograde"])
def test_other_commands_load_nothing(asked, words):
    head_start.begin(words.split())
    assert asked == []


def test_not_where_notebooks_run_in_kernels(asked, monkeypatch):
    monkeypatch.setattr(head_start.sys, "platform", "darwin")
    head_start.begin(["autograde"])
    assert asked == []


def test_without_a_course_only_what_is_always_needed(asked, tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    head_start.begin(["autograde"])
    assert asked == [ALWAYS]
