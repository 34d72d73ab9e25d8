"""A hidden test that is broken after a class was graded stops the next run, and lowers nobody."""

import shutil

import nbformat
import pytest
from tiny_course import REPOSITORY, cell_of, write_config, write_secret

from course_utils.staff.authoring import release, submissions
from course_utils.staff.course import Course, CourseError
from course_utils.staff.grading import class_run
from course_utils.staff.grading.options import Options

ASSIGNMENT = "07_confusion_metrics"
STUDENTS = ["arithmetic-mean", "correct-loops"]


def test_a_hidden_test_that_the_own_answers_do_not_pass_lowers_nobody(tmp_path):
    course = graded_class(tmp_path)
    before = scores(course)
    assert len(set(before.values())) > 1, "both did alike"

    path = course.notebooks(ASSIGNMENT)[0]
    nb = nbformat.read(path, as_version=4)
    cell = cell_of(nb, "M3_accuracy_hidden_errors")
    assert "np.array([[0, 0], [0, 0]])" in cell.source
    cell.source = cell.source.replace("np.array([[0, 0], [0, 0]])", "np.array([[1, 0], [0, 1]])")
    nbformat.write(nb, path)

    with pytest.raises(CourseError, match="M3_accuracy_hidden_errors"):
        dict(class_run.grade_assignment(course, ASSIGNMENT, STUDENTS, Options(resume=False)))
    assert scores(course) == before


def graded_class(folder):
    write_config(folder)
    write_secret(folder)
    due = f"[assignments.{ASSIGNMENT}]\ndue = 2027-06-01T12:00:00\n"
    (folder / "course.toml").write_text(due, encoding="utf-8")
    shutil.copytree(REPOSITORY / "source" / ASSIGNMENT, folder / "source" / ASSIGNMENT)
    course = Course(folder)
    release.make_release(course, ASSIGNMENT)
    for student in STUDENTS:
        submissions.fill(
            course, ASSIGNMENT, REPOSITORY / "sample_class" / ASSIGNMENT / f"{student}.py"
        )
    dict(class_run.grade_assignment(course, ASSIGNMENT, STUDENTS, Options()))
    return course


def scores(course):
    with course.gradebook() as gradebook:
        return {
            student: gradebook.find_submission(ASSIGNMENT, student).score for student in STUDENTS
        }
