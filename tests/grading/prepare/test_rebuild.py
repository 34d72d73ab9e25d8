"""A notebook rebuilt from JSON holds what grading needs, and that is sound."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from tiny_course import cell_of, tiny_notebook

from course_utils.staff.grading.prepare.rebuild import (
    LONGEST_CELL,
    MOST_CELLS,
    NoNotebookError,
    rebuild,
)


def plain(nb):
    return json.loads(nbformat.writes(nb))


def rebuilt(*cells, **values):
    """Rebuild a notebook of these cells; returns it, and events as pairs."""
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)} | values
    nb, events = rebuild(content)
    nbformat.validate(nb)
    return nb, [(event["kind"], event["cell"]) for event in events]


def code(source, **values):
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": []} | values


def test_texts_types_ids_and_grading_of_a_sound_notebook_stay():
    nb, events = rebuild(plain(tiny_notebook()))
    assert events == []
    for old, new in zip(tiny_notebook().cells, nb.cells, strict=True):
        assert (new.cell_type, new.source, new.id) == (old.cell_type, old.source, old.id)
        for key, value in old.metadata.get("nbgrader", {}).items():
            assert new.metadata.nbgrader[key] == value


def test_rebuilding_twice_is_rebuilding_once():
    nb, _ = rebuild(plain(tiny_notebook()))
    assert rebuild(plain(nb)) == (nb, [])
    assert rebuild(nb) == (nb, []), "a notebook will do as well as JSON"


def test_outputs_and_foreign_metadata_stay_behind():
    nb = tiny_notebook()
    nb.metadata["course"] = {"seed": 1}
    nb.metadata["widgets"] = {"state": "x"}
    cell = cell_of(nb, "T1_double")
    cell.metadata["collapsed"] = True
    cell.metadata.nbgrader["extra"] = 1
    cell.outputs = [new_output("stream", text="seen")]
    cell.execution_count = 3
    new, _ = rebuild(plain(nb))
    assert set(new.metadata) == {"kernelspec", "language_info"}
    cell = cell_of(new, "T1_double")
    assert (cell.outputs, cell.execution_count, set(cell.metadata)) == ([], None, {"nbgrader"})
    assert "extra" not in cell.metadata.nbgrader


def test_pictures_pasted_into_an_answer_stay_and_nothing_else_does():
    cell = new_markdown_cell("![](a.png)", id="answer")
    cell["attachments"] = {
        "a.png": {"image/png": "QUJD", "text/html": "<script>"},
        "b.html": {"text/html": "<script>"},
    }
    nb, _ = rebuilt(cell)
    assert nb.cells[0].attachments == {"a.png": {"image/png": "QUJD"}}


@pytest.mark.parametrize(
    ("source", "text", "is_noted"),
    [
        ("a\r\nb\rc\n", "a\nb\nc\n", False),
        (["a\n", "b"], "a\nb", False),
        ("x = '\ud83d\ude00'", "x = '\U0001f600'", True),  # halves of one character, together
        ("x = '\ud800'", "x = '\N{REPLACEMENT CHARACTER}'", True),
        ("x\0", "x\N{REPLACEMENT CHARACTER}", True),
    ],
)
def test_texts_can_be_written_and_compiled(source, text, is_noted):
    nb, events = rebuilt(code(source))
    assert nb.cells[0].source == text
    assert [kind for kind, _ in events] == ["odd-characters"] * is_noted
    assert all(name.startswith("the beginning: x") and name.isprintable() for _, name in events)


def test_a_text_at_the_limit_stays_and_a_character_more_does_not():
    nb, events = rebuilt(code("#" * LONGEST_CELL), code("#" * (LONGEST_CELL + 1)))
    assert [len(cell.source) for cell in nb.cells] == [LONGEST_CELL, 0]
    assert events == [("too-long", f"the beginning: {'#' * 30}…{'#' * 9}")]


def test_as_many_cells_as_the_limit_are_taken():
    nb, _ = rebuilt(*[code("")] * MOST_CELLS)
    assert len(nb.cells) == MOST_CELLS
    with pytest.raises(NoNotebookError, match=f"holds {MOST_CELLS + 1} cells"):
        rebuilt(*[code("")] * (MOST_CELLS + 1))


def test_ids_are_made_unique_and_the_same_each_time():
    ids = ["a", "a", "cell-2", None, "not an id", "cell-4", "x" * 65, "cell-7-6"]
    cells = [code("", id=name) for name in ids]
    first, second = (rebuilt(*cells)[0] for _ in range(2))
    assert len({cell.id for cell in first.cells}) == len(ids)
    assert first == second
    assert first.cells[0].id == "a"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1, 10**400, "3", True, None, []])
def test_points_that_are_no_points_are_left_out(value):
    cell = new_code_cell("", id="a", metadata={"nbgrader": {"grade_id": "a", "points": value}})
    nb, _ = rebuilt(cell)
    assert "points" not in nb.cells[0].metadata.nbgrader


@pytest.mark.parametrize("value", ["", "a b", "a/b", "é", "a\n", "x" * 201, 3, None, ["a"]])
def test_a_grade_id_that_nbgrader_would_not_take_is_left_out(value):
    nb, _ = rebuilt(code("", metadata={"nbgrader": {"grade_id": value, "solution": True}}))
    assert "grade_id" not in nb.cells[0].metadata.nbgrader
    assert nb.cells[0].metadata.nbgrader.solution


@pytest.mark.parametrize("name", ["python", "Python", "python3", "ipython", "", None, 3])
def test_python_is_no_other_language(name):
    metadata = {"kernelspec": {"language": name}, "language_info": {"name": name}}
    assert rebuilt(metadata=metadata)[1] == []
