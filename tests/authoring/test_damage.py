"""Every kind of damage does what its description says."""

import re

import nbformat
import pytest
from tiny_course import cell_of, tiny_notebook

from course_utils.staff.authoring.damage import KINDS, DamageError, damage


def damaged(*orders):
    return damage({"tiny.ipynb": tiny_notebook()}, orders)


def notebook(texts):
    return nbformat.reads(texts["tiny.ipynb"], as_version=4)


def ids(nb):
    return [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in nb.cells]


def test_without_damage_the_notebook_stays_as_it_is():
    assert notebook(damaged()) == tiny_notebook()


@pytest.mark.parametrize("kind", ["truncated", "empty"])
def test_a_damaged_file_is_no_notebook(kind):
    with pytest.raises(nbformat.reader.NotJSONError):
        notebook(damaged(kind))


def test_a_renamed_notebook_is_whole():
    [(name, text)] = damaged("renamed").items()
    assert name == "tiny (1).ipynb"
    assert nbformat.reads(text, as_version=4) == tiny_notebook()


def test_cells_go_and_come_twice():
    assert "T1_given" not in ids(notebook(damaged("deleted-cell T1_given")))
    twice = notebook(damaged("duplicated-cell T1_given"))
    assert ids(twice).count("T1_given") == 2
    nbformat.validate(twice)


def test_cells_lose_their_metadata_or_text_and_get_tags():
    assert "T1_double" not in ids(notebook(damaged("untitled-cell T1_double")))
    assert cell_of(notebook(damaged("emptied-cell T1_double")), "T1_double").source == ""
    tagged = cell_of(notebook(damaged("skipped-cell T1_double")), "T1_double")
    assert tagged.metadata.tags == ["skip-execution"]


def test_cells_get_other_names_types_places_and_points():
    assert "T1_double_of_mine" in ids(notebook(damaged("renamed-cell T1_double")))
    for grade_id, cell_type in {"T1_double": "markdown", "T2_answer": "code"}.items():
        retyped = notebook(damaged(f"retyped-cell {grade_id}"))
        assert cell_of(retyped, grade_id).cell_type == cell_type
        nbformat.validate(retyped)
    assert ids(notebook(damaged("moved-cell T1_double")))[-1] == "T1_double"
    regraded = notebook(damaged("regraded-cell T3_shape_hidden"))
    assert cell_of(regraded, "T3_shape_hidden").metadata.nbgrader.points == 100


def test_files_get_marks_formats_languages_and_lose_metadata():
    assert damaged("byte-order-mark")["tiny.ipynb"] == "\ufeff" + damaged()["tiny.ipynb"]
    old = nbformat.reads(damaged("old-format")["tiny.ipynb"], as_version=nbformat.NO_CONVERT)
    assert old.nbformat == 3
    assert "T1_given" in str(old.worksheets[0].cells)
    assert notebook(damaged("other-language")).metadata.kernelspec.language == "R"
    assert set(ids(notebook(damaged("stripped")))) == {None}


def test_damage_adds_up():
    texts = damaged("deleted-cell T1_given", "renamed")
    [(name, text)] = texts.items()
    assert name == "tiny (1).ipynb"
    assert "T1_given" not in text


@pytest.mark.parametrize(
    ("order", "complaint"),
    [
        ("exploded", f"unknown damage 'exploded'; expected one of {', '.join(KINDS)}"),
        ("deleted-cell", "damage 'deleted-cell' needs a grade_id"),
        ("truncated C1", "damage 'truncated' happens to the whole file, not to 'C1'"),
        ("deleted-cell C9", "damage 'deleted-cell': no cell 'C9' in tiny.ipynb"),
    ],
)
def test_an_order_that_means_nothing_is_refused(order, complaint):
    with pytest.raises(DamageError, match=re.escape(complaint)):
        damaged(order)
