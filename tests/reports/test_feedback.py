"""Feedback for a class: a page for everybody, and what nbgrader's exchange makes of the pages."""

import os
import shutil
import subprocess

import nbformat
import pytest
from nbgrader.utils import notebook_hash
from tiny_course import ASSIGNMENT, REPOSITORY, make_course, tiny_notebook, write_answers

from course_utils.staff.authoring import release, submissions
from course_utils.staff.course import Course
from course_utils.staff.grading import class_run
from course_utils.staff.grading.options import Options
from course_utils.staff.reports import feedback, report

pytestmark = [pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"), pytest.mark.slow]

RIGHT = "# %% T1_double\ndouble = lambda x: 2 * x\n"


@pytest.fixture
def course(tmp_path):
    course = Course(make_course(tmp_path / "course"))
    release.make_release(course, ASSIGNMENT)
    return course


def submit(course, student):
    submissions.fill(course, ASSIGNMENT, write_answers(course.root, student, RIGHT))
    return course.folder("submitted", student, ASSIGNMENT)


def make_pages(course):
    students = course.students("submitted", ASSIGNMENT)
    outcomes = dict(class_run.grade_assignment(course, ASSIGNMENT, students, Options()))
    for student in students:
        feedback.make_feedback(course, ASSIGNMENT, student)
    return outcomes


def secret_of(student):
    return student * 20


def test_release_feedback_reaches_everybody_whatever_was_handed_in(course):
    spoil = {
        "ada": lambda folder: None,
        "bob": lambda folder: (folder / "tiny.ipynb").write_bytes(b""),
        "cleo": lambda folder: (folder / "timestamp.txt").unlink(),
        "dan": lambda folder: (folder / "timestamp.txt").write_text("yesterday-ish"),
        "eve": lambda folder: (folder / "submission_secret.txt").unlink(),
        "fay": lambda folder: (folder / "submission_secret.txt").write_bytes(b"\xff\xff"),
        "gil": lambda folder: secret_instead(folder).symlink_to(secret_path(course, "ada")),
        "hal": lambda folder: (secret_instead(folder) / "x").mkdir(parents=True),
        "ivy": empty,
        "jan": lambda folder: link_to_folder_of(course, "ada", folder),
        "zoe": lambda folder: None,
    }
    for student, change in spoil.items():
        folder = submit(course, student)
        (folder / "submission_secret.txt").write_text(secret_of(student))
        change(folder)
    make_pages(course)
    # a page that something else has made, of a student who is gone
    old = course.folder("feedback", "old", ASSIGNMENT)
    old.mkdir(parents=True)
    (old / "tiny.html").write_text("old")
    feedback.make_releasable(course, ASSIGNMENT)
    run = subprocess.run(
        ["nbgrader", "release_feedback", ASSIGNMENT],
        cwd=course.root,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    released = {
        path.stem: path.read_text() for path in (course.root / "exchange").rglob("feedback/*.html")
    }
    assert len(released) == len(spoil) + 1
    for student in ("ada", "bob", "cleo", "dan", "zoe"):
        page = course.folder("feedback", student, ASSIGNMENT) / "tiny.html"
        assert released[notebook_hash(secret=secret_of(student), notebook_id="tiny")] == (
            page.read_text()
        )


def test_of_two_notebooks_each_has_a_page_whatever_became_of_it(tmp_path):
    course = Course(make_course(tmp_path / "course"))
    second = tiny_notebook()
    for cell in second.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.grade_id = cell.metadata.nbgrader.grade_id.replace("T", "U")
            cell.source = cell.source.replace("double", "twice")
    nbformat.write(second, course.folder("source", assignment=ASSIGNMENT) / "second.ipynb")
    release.make_release(course, ASSIGNMENT)
    spoil = {
        "ada": lambda path: None,
        "bob": lambda path: path.unlink(),
        "cleo": lambda path: path.write_bytes(b"{"),
        "dan": lambda path: path.rename(path.with_name("second (1).ipynb")),
        "eve": lambda path: path.rename(path.with_name("second.html")),
    }
    for student, change in spoil.items():
        change(submit(course, student) / "second.ipynb")
    outcomes = make_pages(course)
    assert {student: outcome.label for student, outcome in outcomes.items()} == {
        "ada": "",
        "bob": "notebook missing",
        "cleo": "one notebook cannot be graded",
        "dan": "notebook renamed",
        "eve": "notebook missing",
    }
    for line in report.make_report(course, ASSIGNMENT).lines:
        assert line.exercises["T1"].points == 3
    told = {
        "ada": "U1_double",
        "bob": "The notebook `second.ipynb` is missing, so that it has 0 points.",
        "cleo": "The file second.ipynb is damaged or incomplete",
        "dan": "U1_double",
        "eve": "Score: 0 of 10",
    }
    for student, text in told.items():
        folder = course.folder("feedback", student, ASSIGNMENT)
        assert "T1_double" in (folder / "tiny.html").read_text()
        assert text in (folder / "second.html").read_text()


def secret_path(course, student):
    return course.folder("submitted", student, ASSIGNMENT) / "submission_secret.txt"


def secret_instead(folder):
    path = folder / "submission_secret.txt"
    path.unlink()
    return path


def empty(folder):
    for path in folder.iterdir():
        path.unlink()


def link_to_folder_of(course, student, folder):
    shutil.rmtree(folder)
    os.symlink(course.folder("submitted", student, ASSIGNMENT), folder)
