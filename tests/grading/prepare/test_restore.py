"""A submission's cells become the assignment's again, whatever was done to them."""

import copy
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader import utils
from nbgrader.preprocessors import ClearSolutions
from tiny_course import REPOSITORY, cell_of, tiny_notebook

from course_utils.staff.grading import event_log
from course_utils.staff.grading.prepare import release_stamp, restore, stray_work
from course_utils.staff.grading.prepare.handed_out import without_regions
from course_utils.staff.grading.prepare.rebuild import NEW_CELL
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


# --- metadata lost


def lose(nb, grade_ids, *, ids_too=True):
    for cell in nb.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_ids is None or name in grade_ids:
            cell.metadata = NotebookNode()
            if ids_too:
                cell["id"] = f"new-{cell['id']}"
    return nb


@pytest.mark.parametrize("ids_too", [True, False], ids=["ids too", "metadata only"])
@pytest.mark.parametrize(
    "lost",
    [None, ["T1_double", "T1_double_visible", "T1_double_hidden_values"], ORDER[4:], ORDER[:4]],
    ids=["all", "an exercise", "second half", "first half"],
)
def test_cells_that_lost_their_metadata_are_known(restored, lost, ids_too):
    nb, whole = restored(lose(answered(), lost, ids_too=ids_too)), restored(answered())
    assert sources(nb) == sources(whole)
    assert gradings(nb) | {"T4_explore_print": None} == gradings(whole) | {"T4_explore_print": None}
    names = [name for name in lost or ORDER if name != "T4_explore_print"]
    assert sorted(cell for _, cell in noted(nb)) == sorted(names)
    assert {kind for kind, _ in noted(nb)} <= {"unmarked", "by-place"}


def answered():
    """A notebook as a student hands it in: nothing in it is as in the source."""
    nb = tiny_notebook()
    for cell in nb.cells:
        if utils.is_locked(cell):
            cell.source = without_regions(cell.source)
    cell_of(nb, "T1_double").source = "def double(number):\n    return 2 * number"
    cell_of(nb, "T2_answer").source = "It is added to itself."
    return nb


def sources(nb):
    return [cell.source for cell in nb.cells]


def test_an_answer_without_metadata_is_found_wherever_it_defines_what_it_should(restored):
    nb = lose(answered(), ["T1_double"])
    nb.cells.append(nb.cells.pop(1 + index(nb, "T1_given")))
    nb = restored(nb)
    assert sources(nb) == sources(restored(answered()))


def test_tests_are_put_back_behind_what_may_be_the_answer(restored):
    nb = answered()
    lose(nb, ["T3_shape"])
    [place] = [place for place, cell in enumerate(nb.cells) if cell.source.startswith("tiny_sh")]
    nb.cells[place:] = [
        new_code_cell("exec('tiny_shape_of_it' + ' = (2, 3, 4)')"),
        new_code_cell("more = 1"),
    ]
    nb = restored(nb)
    assert ids(nb)[-1] == "T3_shape_hidden"
    assert nb.cells[-1].metadata.nbgrader.grade_id == "T3_shape_hidden"
    assert ("answer-missing", "T3_shape") in noted(nb)


# --- work outside its cell


def blank(nb, grade_id):
    given = next(cell for cell in source_of(tiny_notebook()) if cell.grade_id == grade_id)
    cell_of(nb, grade_id).source = given.source


WORDS = "It is added to itself."


@pytest.mark.parametrize("cell_type", ["markdown", "code", "raw"])
@pytest.mark.parametrize("where", ["above", "below", "above the task", "end", "beginning"])
def test_a_blank_answer_with_text_elsewhere_goes_to_a_person(restored, where, cell_type):
    nb = answered()
    blank(nb, "T2_answer")
    place = {
        "above": index(nb, "T2_answer"),
        "below": index(nb, "T2_answer") + 1,
        "above the task": index(nb, "T2_task"),
        "end": len(nb.cells),
        "beginning": 0,
    }[where]
    nb.cells.insert(place, NEW_CELL[cell_type](WORDS))
    nb = restored(nb)
    if cell_type == "code" and where in ("end", "beginning"):
        assert not is_answered(nb, "T2_answer"), "code elsewhere is taken for code"
        return
    assert is_answered(nb, "T2_answer")
    assert WORDS in cell_of(nb, "T2_answer").source
    assert noted(nb) == [("elsewhere", "T2_answer")]


@pytest.mark.parametrize("where", ["T2_task", "T1_double_visible", "intro"])
def test_text_written_into_the_courses_cells_goes_to_a_person(restored, where):
    nb = answered()
    blank(nb, "T2_answer")
    cell = nb.cells[0] if where == "intro" else cell_of(nb, where)
    cell.source += f"\n\n{WORDS}"
    nb = restored(nb)
    assert WORDS in "".join(sources(nb))
    if where == "T1_double_visible":  # code, and shown where it was written
        assert nb.cells[index(nb, where) + 1].source.count(WORDS) == 1
        assert noted(nb) == [("locked-text", where)]
    else:
        assert is_answered(nb, "T2_answer") and WORDS in cell_of(nb, "T2_answer").source
        assert ("elsewhere", "T2_answer") in noted(nb)


@pytest.mark.parametrize("keeps", ["T2_task", "T2_answer"])
def test_an_answer_that_was_merged_with_its_task_goes_to_a_person(restored, keeps):
    nb = answered()
    merged = f"{cell_of(nb, 'T2_task').source}\n\n{WORDS}"
    cell_of(nb, keeps).source = merged
    del nb.cells[index(nb, "T2_answer" if keeps == "T2_task" else "T2_task")]
    nb = restored(nb)
    assert is_answered(nb, "T2_answer")
    assert WORDS in cell_of(nb, "T2_answer").source
    assert cell_of(nb, "T2_task").source == cell_of(tiny_notebook(), "T2_task").source


@pytest.mark.parametrize("metadata", ["kept", "lost"])
def test_texts_that_were_merged_are_cells_again(restored, monkeypatch, metadata):
    source = tiny_notebook()
    answer, task = cell_of(source, "T2_answer"), cell_of(source, "T2_task")
    for number in (5, 6):  # as adjacent as T2, so that a text format makes one cell of all
        for cell, text in ((task, f"Why is it number {number} of all?"), (answer, "")):
            more = restore._retyped(copy.deepcopy(cell), "markdown")
            more["id"], more["source"] = f"{cell['id']}-{number}", text or cell.source
            more.metadata.nbgrader["grade_id"] += f"_{number}"
            source.cells.insert(index(source, "T4_explore_print"), more)
    of_course(monkeypatch, source)
    nb = copy.deepcopy(source)
    first = index(nb, "T2_task")
    merged, last = nb.cells[first : first + 6], nb.cells[first]
    for number, cell in enumerate(merged):
        if utils.is_solution(cell):
            cell.source = f"My answer number {number}."
            cell["attachments"] = {f"{number}.png": {"image/png": "aGVsbG8="}}
            cell.source += f" ![](attachment:{number}.png)"
    last.source = "\n\n".join(without_regions(cell.source).strip() for cell in merged)
    last["attachments"] = {
        name: bundle for cell in merged for name, bundle in cell.get("attachments", {}).items()
    }
    del nb.cells[first + 1 : first + 6]
    if metadata == "lost":
        lose(nb, None)
    nb = restored(nb)
    for number, name in ((1, "T2_answer"), (3, "T2_answer_5"), (5, "T2_answer_6")):
        text = f"My answer number {number}. ![](attachment:{number}.png)"
        assert cell_of(nb, name).source == text
        assert list(cell_of(nb, name).attachments) == [f"{number}.png"]
    assert ("merged", "T2_task") in noted(nb)


def test_a_blank_notebook_waits_for_nobody(restored):
    nb = answered()
    for grade_id in ("T1_double", "T2_answer", "T3_shape"):
        blank(nb, grade_id)
    nb.cells.insert(3, new_code_cell("print(1)"))
    nb = restored(nb)
    assert noted(nb) == [] and not is_answered(nb, "T2_answer")


def test_a_blank_answer_in_code_that_people_grade_goes_to_them_too(restored, monkeypatch):
    source = tiny_notebook()
    of_code = restore._retyped(cell_of(source, "T2_answer"), "code")
    source.cells[index(source, "T2_answer")] = of_code
    of_course(monkeypatch, source)
    nb = copy.deepcopy(source)
    blank_text = next(cell.source for cell in source_of(source) if cell.grade_id == "T2_answer")
    cell_of(nb, "T2_answer").source = blank_text
    nb.cells.insert(index(nb, "T2_answer"), new_markdown_cell("first line\nsecond line"))
    nb = restored(nb)
    assert is_answered(nb, "T2_answer")
    assert cell_of(nb, "T2_answer").source.endswith("# first line\n# second line")


def test_a_picture_beside_a_blank_answer_comes_along(restored):
    nb = answered()
    blank(nb, "T2_answer")
    picture = {"drawn.png": {"image/png": "aGVsbG8="}}
    nb.cells.insert(
        index(nb, "T2_answer"), new_markdown_cell("![](attachment:drawn.png)", attachments=picture)
    )
    nb = restored(nb)
    assert cell_of(nb, "T2_answer").attachments == picture


RIGHT = "def double(number):\n    return 2 * number"


@pytest.mark.parametrize(
    "where", ["above", "below", "end", "beginning", "T4_explore_print", "T1_given", "T3_shape"]
)
def test_code_of_a_blank_answer_is_run_in_its_place_wherever_it_stands(restored, where):
    nb = answered()
    blank(nb, "T1_double")
    places = {
        "above": index(nb, "T1_double"),
        "below": index(nb, "T1_double") + 1,
        "end": len(nb.cells),
        "beginning": 0,
    }
    if where in places:
        nb.cells.insert(places[where], new_code_cell(RIGHT))
    else:
        cell_of(nb, where).source += f"\n\n{RIGHT}"
    nb = restored(nb)
    assert RIGHT in cell_of(nb, "T1_double").source
    assert ("elsewhere", "T1_double") in noted(nb)


def test_a_name_that_another_answer_is_to_define_is_not_taken_for_a_blank_one(restored):
    nb = answered()
    blank(nb, "T3_shape")
    cell_of(nb, "T1_double").source += "\nshape = 5"
    nb = restored(nb)
    assert noted(nb) == []


@pytest.mark.parametrize("grade_id", ["T1_given", "T1_double_visible"])
def test_code_in_locked_cells_is_shown_and_not_run(restored, grade_id):
    nb = answered()
    cell_of(nb, grade_id).source += "\nprint('```', 5)"
    nb = restored(nb)
    assert cell_of(nb, grade_id).source == cell_of(tiny_notebook(), grade_id).source
    shown = nb.cells[index(nb, grade_id) + 1]
    assert shown.cell_type == "markdown"
    assert "````python\nprint('```', 5)\n````" in shown.source
    assert noted(nb) == [("locked-text", grade_id)]


def test_blanks_and_lost_lines_in_locked_cells_are_nobodys_business(restored):
    nb = answered()
    for cell in nb.cells:
        if utils.is_locked(cell):
            cell.source = f"\n{cell.source}  \n"
    cell_of(nb, "T1_double_hidden_values").source = ""
    assert noted(restored(nb)) == []


def test_what_is_brought_to_answers_is_bounded(restored):
    def size(nb):
        return sum(len(cell.source) for cell in nb.cells)

    notes = answered()
    blank(notes, "T2_answer")
    notes.cells += [new_markdown_cell(f"{number} " * 2_000) for number in range(200)]
    copies = answered()
    answer = cell_of(copies, "T2_answer")
    for number in range(200):
        copies.cells.append(copy.deepcopy(answer))
        copies.cells[-1] |= {"id": f"copy-{number}", "source": f"{number} " * 2_000}
    for nb in (notes, copies):
        before = size(nb)
        nb = restored(nb)
        assert is_answered(nb, "T2_answer")
        assert size(nb) < before + stray_work.LONGEST + 1_000


# --- what the course changed


def handed_out_earlier(change, *, with_stamp):
    """A submission of a notebook that was released before ``change`` to the source."""
    nb = answered()
    for cell in nb.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader["checksum"] = utils.compute_checksum(cell)
    if with_stamp:
        nb.metadata[release_stamp.KEY] = release_stamp.make_stamp(nb)
    source = tiny_notebook()
    change(source)
    return nb, source


def other_points(nb):
    cell_of(nb, "T3_shape_hidden").metadata.nbgrader.points = 9
    cell_of(nb, "T2_answer").metadata.nbgrader.points = 1


def other_names(nb):
    cell_of(nb, "T1_double").metadata.nbgrader.grade_id = "T1_twice"
    cell_of(nb, "T3_shape_hidden").metadata.nbgrader.grade_id = "T3_shape_hidden_2"


def other_texts(nb):
    cell_of(nb, "T2_task").source = cell_of(nb, "T2_task").source.replace("Why", "How")
    cell_of(nb, "T1_given").source = "NUMBER = 22"


def other_cells(nb):
    del nb.cells[index(nb, "T1_double_visible")]
    answer = new_code_cell("new = 1", id="t5")
    answer.metadata["nbgrader"] = {**cell_of(nb, "T1_double").metadata.nbgrader, "grade_id": "T5"}
    nb.cells.append(answer)


CHANGES = {
    other_points: {("course-changed", "T3_shape_hidden"), ("course-changed", "T2_answer")},
    other_names: {("course-changed", "T1_twice"), ("course-changed", "T3_shape_hidden_2")},
    other_texts: {("course-changed", "T2_task"), ("course-changed", "T1_given")},
    other_cells: {("course-changed", "T1_double_visible"), ("course-added", "T5")},
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_the_course_changed_is_not_the_students_doing(restored, monkeypatch, change):
    nb, source = handed_out_earlier(change, with_stamp=True)
    of_course(monkeypatch, source)
    assert set(noted(restored(nb))) == CHANGES[change]


@pytest.mark.parametrize("change", [other_texts])
def test_nbgraders_own_checksums_tell_it_of_locked_cells_without_a_stamp(
    restored, monkeypatch, change
):
    nb, source = handed_out_earlier(change, with_stamp=False)
    of_course(monkeypatch, source)
    assert set(noted(restored(nb))) == CHANGES[change]


def test_hidden_parts_that_are_marked_otherwise_are_no_change(restored, monkeypatch):
    nb, source = handed_out_earlier(lambda nb: None, with_stamp=False)
    for cell in source.cells:
        for word in ("HIDDEN TESTS", "MARK SCHEME"):
            cell.source = cell.source.replace(word, "SECRET")
    of_course(monkeypatch, source)
    assert noted(restored(nb)) == []


def test_what_the_student_changed_is_told_beside_it(restored, monkeypatch):
    nb, source = handed_out_earlier(other_points, with_stamp=True)
    cell_of(nb, "T1_double_visible").metadata.nbgrader.points = 100
    of_course(monkeypatch, source)
    nb = restored(nb)
    assert set(noted(nb)) == CHANGES[other_points] | {("settings", "T1_double_visible")}
    assert release_stamp.KEY not in nb.metadata


@pytest.mark.parametrize("stamp", [5, [], {"texts": 5, "settings": []}, {"settings": {"T1": []}}])
def test_a_malformed_stamp_is_none(restored, stamp):
    nb = answered()
    nb.metadata[release_stamp.KEY] = stamp
    assert noted(restored(nb)) == []
