"""The gradebook's cells: entered when something has changed, left alone when nothing has."""

import contextlib
import shutil
import sqlite3

import nbformat
import pytest
from gradebook_rows import gradebook_rows
from tiny_course import ASSIGNMENT, make_course

from course_utils.staff.course import CONFIG_NAME, Course, CourseError
from course_utils.staff.grading import registration

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


@pytest.fixture(scope="module")
def registered(tmp_path_factory):
    course = Course(make_course(tmp_path_factory.mktemp("registered") / "course"))
    registration.register(course, ASSIGNMENT)
    return course


@pytest.fixture
def course(registered, tmp_path):
    shutil.copytree(registered.root, tmp_path / "course")
    return Course(tmp_path / "course")


@pytest.fixture
def generated(monkeypatch):
    """The assignments that nbgrader was asked to enter."""
    asked = []

    def generate(course, assignment, *args, **kwargs):
        asked.append(assignment)
        return original(course, assignment, *args, **kwargs)

    original = registration.generate
    monkeypatch.setattr(registration, "generate", generate)
    return asked


def change_gradebook(course, statement):
    with contextlib.closing(sqlite3.connect(course.gradebook_file)) as connection:
        assert connection.execute(statement).rowcount
        connection.commit()


def change_source(course, change):
    [path] = course.notebooks(ASSIGNMENT)
    nb = nbformat.read(path, as_version=4)
    change(nb)
    nbformat.write(nb, path)


def add_points(nb):
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.metadata.nbgrader.points += 1


def test_nothing_is_entered_twice(course, generated):
    before = gradebook_rows(course.gradebook_file)
    registration.register(course, ASSIGNMENT)
    assert generated == []
    assert gradebook_rows(course.gradebook_file) == before


def test_due_dates_are_taken_over_all_the_same(course, generated):
    settings = course.root / "course.toml"
    settings.write_text(f"[assignments.{ASSIGNMENT}]\ndue = 2031-05-06T07:00:00\n")
    registration.register(course, ASSIGNMENT)
    assert generated == []
    [row] = gradebook_rows(course.gradebook_file)["assignment"].values()
    assert row["duedate"].startswith("2031-05-06")


@pytest.mark.parametrize("has_file", [True, False])
def test_a_due_date_that_course_toml_does_not_name_is_kept(course, has_file):
    if has_file:
        (course.root / "course.toml").write_text("[late]\npenalty_per_day = 0.1\n")
    else:
        (course.root / "course.toml").unlink()
        (course.root / CONFIG_NAME).write_text("c = get_config()\n")
    change_gradebook(course, "UPDATE assignment SET duedate = '2030-01-02 03:04:00'")
    registration.apply_settings(course)
    [row] = gradebook_rows(course.gradebook_file)["assignment"].values()
    assert row["duedate"].startswith("2030-01-02")


def test_changed_points_in_the_source_are_entered(course, generated):
    change_source(course, add_points)
    before = gradebook_rows(course.gradebook_file)["grade_cells"]
    registration.register(course, ASSIGNMENT)
    after = gradebook_rows(course.gradebook_file)["grade_cells"]
    assert generated == [ASSIGNMENT]
    assert {name: row["max_score"] - 1 for name, row in after.items()} == {
        name: row["max_score"] for name, row in before.items()
    }


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE grade_cells SET max_score = max_score + 1",
        "UPDATE source_cell SET source = source || '#'",
        "UPDATE source_cell SET locked = NOT locked",
        "UPDATE base_cell SET name = name || 'x' WHERE type = 'SolutionCell'",
        "DELETE FROM source_cell",
    ],
)
def test_cells_that_someone_else_changed_in_the_gradebook_are_put_right(
    course, generated, statement
):
    before = gradebook_rows(course.gradebook_file)
    change_gradebook(course, statement)
    registration.register(course, ASSIGNMENT)
    assert generated == [ASSIGNMENT]
    assert gradebook_rows(course.gradebook_file) == before


def test_a_new_configuration_or_gradebook_has_them_entered_again(course, generated):
    with open(course.root / CONFIG_NAME, "a") as file:
        file.write("\n# another line\n")
    registration.register(course, ASSIGNMENT)
    course.gradebook_file.unlink()
    registration.register(course, ASSIGNMENT)
    assert generated == [ASSIGNMENT] * 2
    assert gradebook_rows(course.gradebook_file)["grade_cells"]


def test_an_assignment_that_could_not_be_entered_is_not_noted(course, monkeypatch):
    change_source(course, add_points)
    monkeypatch.setattr(registration, "generate", lambda *args, **kwargs: "it failed")
    for _ in range(2):
        with pytest.raises(CourseError, match="it failed"):
            registration.register(course, ASSIGNMENT)
