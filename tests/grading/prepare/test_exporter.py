"""nbgrader's own command is not held up by what is no notebook file."""

import os
import shutil

import pytest
from tiny_course import ASSIGNMENT, make_course, write_answers

from course_utils.staff.authoring import release, submissions
from course_utils.staff.course import Course
from course_utils.staff.grading import registration
from course_utils.staff.grading.prepare import exporter

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = Course(make_course(tmp_path_factory.mktemp("exporter") / "course"))
    release.make_release(course, ASSIGNMENT)
    registration.register(course, ASSIGNMENT)
    answers = write_answers(
        course.root, "ada", "# %% T1_double\ndef double(x):\n    return 2 * x\n"
    )
    submissions.fill(course, ASSIGNMENT, answers)
    return course


def submitted(course, name):
    """A copy of the submission under another student's name; returns its notebook's path."""
    folder = course.folder("submitted", name, ASSIGNMENT)
    shutil.copytree(course.folder("submitted", "ada", ASSIGNMENT), folder)
    return folder / "tiny.ipynb"


def test_a_notebook_is_graded(course):
    assert course.nbgrader().autograde(ASSIGNMENT, "ada")["success"]


def test_a_pipe_is_not_waited_for(course):
    path = submitted(course, "pipe")
    path.unlink()
    os.mkfifo(path)
    result = course.nbgrader().autograde(ASSIGNMENT, "pipe")
    assert not result["success"]
    assert "is no regular file" in result["log"]


def test_a_huge_file_is_not_read(course, monkeypatch):
    path = submitted(course, "huge")
    monkeypatch.setattr(exporter, "LARGEST_NOTEBOOK", path.stat().st_size - 1)
    result = course.nbgrader().autograde(ASSIGNMENT, "huge")
    assert not result["success"]
    assert "bytes; notebooks up to" in result["log"]
