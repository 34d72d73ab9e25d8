"""release/ is what source/ makes, put there whole or not at all."""

import json
import shutil

import nbformat
import pytest
from nbgrader.api import Gradebook
from tiny_course import ASSIGNMENT, cell_of, make_course, nbgrader_cell

from course_utils.staff.authoring import release as release_module
from course_utils.staff.course import Course, CourseError
from course_utils.staff.authoring.release import check_release, make_release
from course_utils.staff.grading.prepare import release_stamp

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


@pytest.fixture
def course(tmp_path):
    return Course(make_course(tmp_path / "course"))


@pytest.fixture
def released(course):
    make_release(course, ASSIGNMENT)
    return course.folder("release", assignment=ASSIGNMENT) / "tiny.ipynb"


def read(path):
    return nbformat.read(path, as_version=4)


def edit_source(course, grade_id, source):
    path = course.notebooks(ASSIGNMENT)[0]
    nb = read(path)
    cell_of(nb, grade_id).source = source
    nbformat.write(nb, path)


def test_students_get_stubs_comments_and_questions(released):
    nb = read(released)
    assert cell_of(nb, "T1_double").source == (
        'def double(x):\n    """Return twice x."""\n    # YOUR CODE HERE\n'
        "    raise NotImplementedError()"
    )
    assert cell_of(nb, "T1_double_hidden_values").source == "# Other numbers are tried."
    assert cell_of(nb, "T2_task").source == "Why does doubling work?"
    assert cell_of(nb, "T2_answer").source == "YOUR ANSWER HERE"
    for grade_id in ("T1_given", "T1_double_visible", "T1_double_hidden_values", "T2_task"):
        assert cell_of(nb, grade_id).metadata.editable is False


def test_folded_cells_stay_folded_and_the_state_of_sliders_goes(course):
    path = course.notebooks(ASSIGNMENT)[0]
    nb = read(path)
    cell_of(nb, "T4_explore_print").metadata["jupyter"] = {"source_hidden": True}
    nb.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    nbformat.write(nb, path)
    make_release(course, ASSIGNMENT)
    nb = read(course.folder("release", assignment=ASSIGNMENT) / path.name)
    assert cell_of(nb, "T4_explore_print").metadata["jupyter"] == {"source_hidden": True}
    assert "widgets" not in nb.metadata


def test_a_release_says_how_it_is_handed_out_and_nothing_of_what_is_not(course, released):
    stamp = read(released).metadata[release_stamp.KEY]
    assert stamp == release_stamp.sound_stamp(stamp)
    assert stamp["settings"]["T1_double_hidden_values"] == "code grade locked 2"
    assert stamp["settings"]["T2_answer"] == "markdown grade solution 3"
    nb = read(released)
    assert release_stamp.make_stamp(nb) == stamp
    kept = release_stamp.take_stamp(nb)
    assert all(kept.has_text(cell.source) for cell in nb.cells)
    source = read(course.notebooks(ASSIGNMENT)[0])
    private = ("T1_double", "T1_double_hidden_values", "T2_task", "T2_answer", "T3_shape")
    assert not any(kept.has_text(cell_of(source, name).source) for name in private)


def test_the_same_source_makes_the_same_bytes(course, released):
    before = released.read_bytes()
    source_ids = [cell["id"] for cell in read(course.notebooks(ASSIGNMENT)[0]).cells]
    assert [cell["id"] for cell in read(released).cells] == source_ids
    shutil.rmtree(released.parent)
    make_release(course, ASSIGNMENT)
    assert released.read_bytes() == before
    assert make_release(course, ASSIGNMENT).stale == []


def test_check_notices_every_way_of_being_stale(course, released):
    assert check_release(course, ASSIGNMENT).is_good
    edit_source(course, "T1_given", "NUMBER = 22")
    assert check_release(course, ASSIGNMENT).stale == ["tiny.ipynb"]
    make_release(course, ASSIGNMENT)
    assert check_release(course, ASSIGNMENT).is_good
    (released.parent / "left_over.txt").write_text("from an older release")
    assert check_release(course, ASSIGNMENT).stale == ["left_over.txt"]
    shutil.rmtree(released.parent)
    assert check_release(course, ASSIGNMENT).stale == ["tiny.ipynb"]


def test_check_finds_what_someone_wrote_into_the_release_itself(course, released):
    (released.parent / "notes.py").write_text("from course_utils import staff\n")
    result = check_release(course, ASSIGNMENT)
    assert [leak.where for leak in result.leaks] == ["file notes.py"]


def test_check_writes_nothing(course, released):
    edit_source(course, "T1_given", "NUMBER = 22")
    shutil.rmtree(course.root / "exchange")
    before = sorted(str(path) for path in course.root.rglob("*"))
    check_release(course, ASSIGNMENT)
    after = sorted(str(path) for path in course.root.rglob("*"))
    assert [path for path in after if path not in before] == [str(course.root / "exchange")]


def test_a_refused_release_leaves_the_old_one(course, released):
    before = released.read_bytes()
    edit_source(course, "T1_double_visible", "from course_utils import staff")
    assert make_release(course, ASSIGNMENT).leaks
    assert released.read_bytes() == before


def test_changed_cells_do_not_hurt_a_gradebook_with_grades(course, released):
    """nbgrader's own --force fails here and deletes the release; ours never asks the gradebook."""
    nbgrader = course.nbgrader()
    assert nbgrader.generate_assignment(ASSIGNMENT)["success"]
    with Gradebook(nbgrader.coursedir.db_url, nbgrader.course_id) as gradebook:
        gradebook.add_student("ada")
        gradebook.add_submission(ASSIGNMENT, "ada")
    path = course.notebooks(ASSIGNMENT)[0]
    nb = read(path)
    nb.cells.append(nbgrader_cell("locked", "T5_given", "MORE = 1"))
    nbformat.write(nb, path)

    assert not nbgrader.generate_assignment(ASSIGNMENT, force=True)["success"]
    assert not released.exists(), "the trap is gone: nbgrader no longer deletes the release"

    make_release(course, ASSIGNMENT)
    assert cell_of(read(released), "T5_given").source == "MORE = 1"


def test_a_rename_that_fails_puts_the_old_release_back(course, released, monkeypatch):
    before = released.read_bytes()
    edit_source(course, "T1_given", "NUMBER = 22")
    original = release_module.Path.rename

    def fail_for_the_new_one(path, target):
        if path.parent.name.startswith(".release-") and not path.name.endswith("-old"):
            raise OSError("disk full")
        return original(path, target)

    monkeypatch.setattr(release_module.Path, "rename", fail_for_the_new_one)
    with pytest.raises(OSError, match="disk full"):
        make_release(course, ASSIGNMENT)
    assert released.read_bytes() == before
    assert not list(course.root.glob(".release-*"))


def test_files_beside_the_notebook_are_released_too(course):
    data = course.folder("source", assignment=ASSIGNMENT) / "data" / "numbers.csv"
    data.parent.mkdir()
    data.write_text("1,2,3\n")
    make_release(course, ASSIGNMENT)
    copy = course.folder("release", assignment=ASSIGNMENT) / "data" / "numbers.csv"
    assert copy.read_text() == "1,2,3\n"


def test_a_source_that_is_no_notebook_is_named(course):
    course.notebooks(ASSIGNMENT)[0].write_text("{")
    with pytest.raises(CourseError, match=r"tiny\.ipynb is not a notebook"):
        make_release(course, ASSIGNMENT)


def test_two_cells_of_one_name_are_reported_in_nbgraders_words(course):
    path = course.notebooks(ASSIGNMENT)[0]
    content = json.loads(path.read_text())
    content["cells"].append(dict(content["cells"][1], id="again"))
    path.write_text(json.dumps(content))
    with pytest.raises(
        CourseError, match="nbgrader cannot make a release: ValidationError: .*failed to validate"
    ):
        make_release(course, ASSIGNMENT)
