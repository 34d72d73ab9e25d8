"""Filling a release with answers gives a submission, or a reason why not."""

import re

import nbformat
import pytest
from nbgrader.utils import parse_utc
from tiny_course import ASSIGNMENT, cell_of, make_course, write_answers

from course_utils.staff.authoring.release import make_release
from course_utils.staff.authoring.submissions import fill
from course_utils.staff.course import Course, CourseError

RIGHT = "# %% T1_double\ndouble = 2\n# %% [markdown] T2_answer\n# Because.\n"


@pytest.fixture
def course(tmp_path):
    course = Course(make_course(tmp_path / "course", due="2027-03-05T12:00:00+01:00"))
    data = course.folder("source", assignment=ASSIGNMENT) / "numbers.csv"
    data.write_text("1,2\n")
    make_release(course, ASSIGNMENT)
    return course


def submitted(course, name):
    return course.folder("submitted", name, ASSIGNMENT)


def test_answers_replace_stubs_and_the_rest_stays(course):
    assert fill(course, ASSIGNMENT, write_answers(course.root, "ada", RIGHT)) == "ada"
    nb = nbformat.read(submitted(course, "ada") / "tiny.ipynb", as_version=4)
    assert cell_of(nb, "T1_double").source == "double = 2"
    assert cell_of(nb, "T2_answer").source == "Because."
    assert "NotImplementedError" in cell_of(nb, "T3_shape").source
    assert (submitted(course, "ada") / "numbers.csv").read_text() == "1,2\n"


@pytest.mark.parametrize(
    ("header", "time"),
    [
        ("", "2027-03-04 11:00:00"),
        ("# ---\n# submitted: 2 days late\n# ---\n", "2027-03-07 11:00:00"),
    ],
)
def test_the_timestamp_counts_from_the_due_date_and_nbgrader_reads_it(course, header, time):
    fill(course, ASSIGNMENT, write_answers(course.root, "ada", header + RIGHT))
    stamp = (submitted(course, "ada") / "timestamp.txt").read_text().strip()
    assert stamp == f"{time} UTC"
    assert str(parse_utc(stamp)) == time


def test_filling_again_replaces_the_submission(course):
    path = write_answers(course.root, "ada", RIGHT)
    fill(course, ASSIGNMENT, path)
    (submitted(course, "ada") / "old.txt").write_text("left from before")
    fill(course, ASSIGNMENT, path)
    assert not (submitted(course, "ada") / "old.txt").exists()
    assert not list(course.root.glob(".fill-*"))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("# %% T1_dubble\nx = 1", "no answer cell 'T1_dubble'; did you mean 'T1_double'?"),
        ("# %% T1_given\nx = 1", "no answer cell 'T1_given'"),
        (
            "# %% T2_answer\nx = 1",
            "T2_answer is a markdown cell, the answer a code cell; begin it ",
        ),
        ("# %% [markdown] T1_double\n# x", "T1_double is a code cell, the answer a markdown cell"),
        ("# ---\n# damage: exploded\n# ---\n", "unknown damage 'exploded'"),
        ("# ---\n# likes: ada\n# ---\n", "unknown header key 'likes'"),
    ],
)
def test_what_does_not_fit_is_named_and_nothing_is_written(course, text, complaint):
    path = write_answers(course.root, "ada", text)
    with pytest.raises(CourseError, match=re.escape(complaint)) as caught:
        fill(course, ASSIGNMENT, path)
    assert str(caught.value).count(str(path)) == 1
    assert not submitted(course, "ada").exists()


def test_without_a_release_it_says_how_to_make_one(tmp_path):
    course = Course(make_course(tmp_path / "course"))
    with pytest.raises(CourseError, match="run `course release 01_tiny` first"):
        fill(course, ASSIGNMENT, write_answers(course.root, "ada", RIGHT))


def test_without_a_due_date_there_is_nothing_to_count_from(course):
    (course.root / "course.toml").write_text("")
    with pytest.raises(CourseError, match="no due date in course.toml"):
        fill(course, ASSIGNMENT, write_answers(course.root, "ada", RIGHT))
