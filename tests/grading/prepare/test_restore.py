"""A submission's cells become the assignment's again, whatever was done to them."""

import copy
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader import utils
from nbgrader.preprocessors import ClearSolutions
from tiny_course import REPOSITORY, cell_of, tiny_notebook

from course_utils.staff.grading import event_log
from course_utils.staff.grading.prepare import restore
from course_utils.staff.grading.prepare.restore import AssignmentCell, RestoreSubmission

RELEASED = sorted(REPOSITORY.glob("release/*/*.ipynb"))
NAMES = {
    "nbgrader": {"db_url": "", "notebook": "tiny", "assignment": "01_tiny"},
    "metadata": {"path": str(Path(__file__).parent)},
}
ORDER = [
    "T1_given",
    "T1_double",
    "T1_double_visible",
    "T1_double_hidden_values",
    "T2_task",
    "T2_answer",
    "T4_explore_print",
    "T3_shape",
    "T3_shape_hidden",
]


def source_of(nb):
    """What the gradebook knows of a source notebook's cells."""
    cells = []
    nb, _ = ClearSolutions().preprocess(copy.deepcopy(nb), {})
    for cell in nb.cells:
        grading = cell.metadata.get("nbgrader", {})
        flags = {key: grading.get(key, False) for key in ("grade", "solution", "task")}
        if any(flags.values()) or grading.get("locked"):
            cells.append(
                AssignmentCell(
                    grading.grade_id,
                    cell.cell_type,
                    cell.source,
                    utils.compute_checksum(cell),
                    locked=utils.is_locked(cell),
                    points=grading.get("points"),
                    **flags,
                )
            )
    return cells


def of_course(monkeypatch, source):
    cells = source_of(source)
    monkeypatch.setattr(restore, "source_cells", lambda *names: cells)
    monkeypatch.setattr(restore, "source_notebook", lambda *names: source)


@pytest.fixture
def restored(monkeypatch):
    of_course(monkeypatch, tiny_notebook())

    def restore_notebook(nb, **resources):
        nb, _ = RestoreSubmission().preprocess(nb, NAMES | resources)
        nbformat.validate(nb)
        return nb

    return restore_notebook


def ids(nb):
    found = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in nb.cells]
    return [name for name in found if name]


def noted(nb):
    return [(event["kind"], event["cell"]) for event in event_log.events(nb)]


def gradings(nb):
    """What each cell is, and what it is worth."""
    return {
        cell.metadata.nbgrader.grade_id: (
            cell.cell_type,
            utils.is_grade(cell),
            utils.is_solution(cell),
            utils.is_locked(cell),
            utils.is_task(cell),
            cell.metadata.nbgrader.get("points"),
        )
        for cell in nb.cells
        if "nbgrader" in cell.metadata
    }


def is_answered(nb, grade_id):
    """Whether nbgrader leaves a written answer to a person; a blank one is 0 at once."""
    cell = cell_of(nb, grade_id)
    return cell.metadata.nbgrader.checksum != utils.compute_checksum(cell)


def index(nb, grade_id):
    return nb.cells.index(cell_of(nb, grade_id))


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.stem)
def test_what_was_handed_out_needs_no_repair(path, monkeypatch):
    source = REPOSITORY / "source" / path.parent.name / path.name
    of_course(monkeypatch, nbformat.read(source, as_version=4))
    released = nbformat.read(path, as_version=4)
    nb, _ = RestoreSubmission().preprocess(released, NAMES)
    assert noted(nb) == []
    assert len(nb.cells) == len(released.cells)
    for cell, before in zip(nb.cells, released.cells, strict=True):
        if not utils.is_locked(cell):  # others have their hidden parts again
            assert cell.source == before.source
    assert gradings(nb) == gradings(released)


def test_events_of_the_intake_come_first_and_those_in_the_file_not_at_all(restored):
    nb = tiny_notebook()
    nb.metadata["course"] = {"seed": 1, "events": [{"kind": "died", "cell": "T1"}]}
    del nb.cells[index(nb, "T1_given")]
    renamed = event_log.event("renamed", "tiny (1).ipynb")
    nb = restored(nb, course_events=[renamed])
    assert noted(nb) == [("renamed", "tiny (1).ipynb"), ("deleted", "T1_given")]
    assert "seed" not in nb.metadata["course"]


def test_whatever_metadata_say_points_and_tests_are_the_assignments(restored):
    right = gradings(restored(tiny_notebook()))
    for key, values in {
        "points": (100, 0, -1),
        "grade": (True, False),
        "solution": (True, False),
        "locked": (True, False),
        "task": (True, False),
        "checksum": ("0" * 32,),
        "cell_type": ("markdown", "code"),
        "schema_version": (0, 1, 2, 4),
    }.items():
        for value in values:
            nb = tiny_notebook()
            for cell in nb.cells:
                if "nbgrader" in cell.metadata:
                    cell.metadata.nbgrader[key] = value
            assert gradings(restored(nb)) == right, (key, value)


def test_a_cell_of_the_students_own_earns_nothing(restored):
    nb = tiny_notebook()
    forged = new_code_cell("1000", id="forged")
    forged.metadata["nbgrader"] = {
        "grade_id": "T9_bonus",
        "grade": True,
        "solution": False,
        "locked": False,
        "task": False,
        "points": 100,
        "schema_version": 3,
    }
    nb.cells.append(forged)
    nb = restored(nb)
    assert not utils.is_grade(cell_of(nb, "T9_bonus"))
    assert noted(nb) == [("settings", "T9_bonus")]


def test_changed_settings_are_noted_with_the_cell(restored):
    nb = tiny_notebook()
    cell_of(nb, "T3_shape_hidden").metadata.nbgrader.points = 40
    assert noted(restored(nb)) == [("settings", "T3_shape_hidden")]


def test_tags_of_the_assignments_cells_go_and_those_of_others_stay(restored):
    nb = tiny_notebook()
    for name in ("T3_shape_hidden", "T4_explore_print"):
        cell_of(nb, name).metadata["tags"] = ["skip-execution"]
    nb = restored(nb)
    assert "tags" not in cell_of(nb, "T3_shape_hidden").metadata
    assert cell_of(nb, "T4_explore_print").metadata.tags == ["skip-execution"]


@pytest.mark.parametrize(
    ("grade_id", "wrong", "right"),
    [
        ("T1_double_hidden_values", "markdown", "code"),
        ("T1_double", "raw", "code"),
        ("T2_answer", "code", "markdown"),
        ("T2_task", "code", "markdown"),
    ],
)
def test_a_retyped_cell_gets_its_type_back_and_keeps_its_text(restored, grade_id, wrong, right):
    nb = tiny_notebook()
    cell = cell_of(nb, grade_id)
    text = cell.source
    nb.cells[nb.cells.index(cell)] = restore._retyped(cell, wrong)
    nb = restored(nb)
    assert cell_of(nb, grade_id).cell_type == right
    assert cell_of(nb, grade_id).source == text
    assert noted(nb) == [("retyped", grade_id)]


def rename(nb, grade_id, name):
    cell_of(nb, grade_id).metadata.nbgrader.grade_id = name


@pytest.mark.parametrize("grade_id", ["T1_double", "T2_answer", "T3_shape"])
def test_a_renamed_answer_is_told_by_its_neighbours(restored, grade_id):
    nb = tiny_notebook()
    cell_of(nb, grade_id).source = "mine"
    rename(nb, grade_id, "something_else")
    nb = restored(nb)
    assert cell_of(nb, grade_id).source == "mine"
    assert noted(nb) == [("renamed-cell", grade_id)]


def test_of_two_renamed_cells_in_one_place_none_is_told(restored):
    nb = tiny_notebook()
    rename(nb, "T2_answer", "one")
    second = new_markdown_cell("another", id="second")
    second.metadata["nbgrader"] = {**cell_of(nb, "one").metadata.nbgrader, "grade_id": "two"}
    nb.cells.insert(index(nb, "one"), second)
    cell_of(nb, "one")["id"] = "first"
    nb = restored(nb)
    assert ("elsewhere", "T2_answer") in noted(nb), "both are shown, so that nobody's is guessed"
    assert cell_of(nb, "one").source and cell_of(nb, "two").source == "another"
    assert cell_of(nb, "one").source in cell_of(nb, "T2_answer").source
    assert "another" in cell_of(nb, "T2_answer").source


def test_a_renamed_test_has_its_name_and_its_text_back(restored):
    nb = tiny_notebook()
    cell_of(nb, "T3_shape_hidden").source = "pass"
    rename(nb, "T3_shape_hidden", "mine")
    nb = restored(nb)
    test = cell_of(nb, "T3_shape_hidden")
    assert test.source == cell_of(tiny_notebook(), "T3_shape_hidden").source
    assert "mine" not in ids(nb)
    assert noted(nb) == [("renamed-cell", "T3_shape_hidden"), ("locked-text", "T3_shape_hidden")]


def test_moved_cells_return_with_those_that_follow_them(restored):
    nb = tiny_notebook()
    answer = nb.cells.pop(index(nb, "T1_double"))
    nb.cells += [answer, new_code_cell("helper = 1", id="helper")]
    nb = restored(nb)
    assert ids(nb) == ORDER
    assert nb.cells[index(nb, "T1_double") + 1].source == "helper = 1"
    assert noted(nb) == [("moved", "T1_double")]


def test_as_few_cells_as_possible_are_called_moved(restored):
    nb = tiny_notebook()
    last = index(nb, "T3_shape")
    nb.cells = nb.cells[last:] + nb.cells[:last]
    nb = restored(nb)
    assert ids(nb)[:6] == ORDER[:6]
    assert {cell for _, cell in noted(nb)} == {"T3_shape", "T3_shape_hidden"}


def test_cells_in_reverse_run_in_the_assignments_order(restored):
    nb = tiny_notebook()
    nb.cells = nb.cells[::-1]
    nb = restored(nb)
    graded = [name for name in ORDER if name != "T4_explore_print"]
    assert [name for name in ids(nb) if name != "T4_explore_print"] == graded


def copied(nb, grade_id, source, before=True):
    """Put a copy of a cell with another text before or behind it; return the copy."""
    copy = restore._retyped(cell_of(nb, grade_id), cell_of(nb, grade_id).cell_type)
    copy["id"], copy["source"] = f"copy-of-{copy['id']}", source
    copy["metadata"] = {"nbgrader": {**copy.metadata.nbgrader}}
    nb.cells.insert(index(nb, grade_id) + (not before), copy)
    return copy


def test_of_copies_in_code_all_run_in_their_order(restored):
    nb = tiny_notebook()
    right = cell_of(nb, "T1_double").source
    copied(nb, "T1_double", "double = None")
    nb = restored(nb)
    assert cell_of(nb, "T1_double").source == right
    assert nb.cells[index(nb, "T1_double") - 1].source == "double = None"
    assert noted(nb) == [("split", "T1_double")]


def test_an_answer_that_was_cut_in_two_is_one_again(restored):
    nb = tiny_notebook()
    right = cell_of(nb, "T1_double").source
    first, second = right.split("\n", 1)
    copied(nb, "T1_double", first)
    nb.cells[index_of_last(nb, "T1_double")].source = second
    nb = restored(nb)
    assert cell_of(nb, "T1_double").source == right
    assert noted(nb) == [("split", "T1_double")]
    nb = tiny_notebook()
    cell_of(nb, "T2_answer").source = "the end."
    copied(nb, "T2_answer", "The beginning,")
    nb = restored(nb)
    assert cell_of(nb, "T2_answer").source == "The beginning,\n\nthe end."


def index_of_last(nb, grade_id):
    places = [
        place
        for place, cell in enumerate(nb.cells)
        if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id
    ]
    return places[-1]


@pytest.mark.parametrize("grade_id", ["T1_double", "T2_answer", "T3_shape"])
def test_of_copies_the_one_counts_that_was_worked_on(restored, grade_id):
    nb = tiny_notebook()
    right = cell_of(nb, grade_id).source
    blank = next(cell for cell in source_of(nb) if cell.grade_id == grade_id).source
    copied(nb, grade_id, blank, before=False)
    nb = restored(nb)
    assert cell_of(nb, grade_id).source == right
    assert blank not in [cell.source for cell in nb.cells], "it would take the answer back"
    assert noted(nb) == [("duplicated", grade_id)]


def test_of_copies_of_a_locked_cell_none_counts(restored):
    nb = tiny_notebook()
    test = cell_of(nb, "T1_double_visible").source
    copied(nb, "T1_double_visible", test)
    nb = restored(nb)
    assert len(nb.cells) == len(tiny_notebook().cells)
    assert noted(nb) == [("duplicated", "T1_double_visible")]


def test_an_empty_notebook_becomes_one_without_answers(restored):
    nb = tiny_notebook()
    nb.cells = []
    nb = restored(nb)
    assert ids(nb) == [
        name for name in ORDER if name not in ("T1_double", "T3_shape", "T4_explore_print")
    ]
    assert [cell for kind, cell in noted(nb) if kind == "answer-missing"] == [
        "T1_double",
        "T2_answer",
        "T3_shape",
    ]
    assert is_answered(nb, "T2_answer"), "so that a person looks"


@pytest.mark.parametrize("made", ["notebook", "file beside it", "folder", "student's folder"])
def test_a_link_that_nbgrader_itself_followed_makes_the_submission_fail(restored, tmp_path, made):
    folder = tmp_path / "submitted" / "mallory" / "01_tiny"
    honest = tmp_path / "submitted" / "ada" / "01_tiny"
    honest.mkdir(parents=True)
    nbformat.write(tiny_notebook(), honest / "tiny.ipynb")
    if made == "student's folder":
        folder.parent.symlink_to(honest.parent)
    elif made == "folder":
        folder.parent.mkdir()
        folder.symlink_to(honest)
    else:
        folder.mkdir(parents=True)
        (folder / ("tiny.ipynb" if made == "notebook" else "x")).symlink_to(honest / "tiny.ipynb")
    nb = nbformat.read(next(folder.iterdir()), as_version=4)
    assert ids(nb) == ORDER, "nbgrader reads somebody else's work"
    with pytest.raises(ValueError, match="holds a link"):
        restored(nb, metadata={"path": str(folder)})
