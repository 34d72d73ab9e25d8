"""A mark by hand stands while its answer does; another answer waits, with the old mark in sight."""

import csv
import shutil

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell
from tiny_course import (
    ASSIGNMENT,
    cell_of,
    make_course,
    nbgrader_cell,
    tiny_notebook,
    write_answers,
)

from course_utils.staff.authoring import release, submissions
from course_utils.staff.course import Course
from course_utils.staff.grading import class_run, registration
from course_utils.staff.grading.options import Options
from course_utils.staff.reports import report, report_text

pytestmark = [pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"), pytest.mark.slow]

RIGHT = (
    "# %% T1_double\ndouble = lambda x: 2 * x\n# %% [markdown] T2_answer\nBecause.\n"
    "# %% T3_shape\ntiny_shape_of_it = (2, 3)\n"
)
# an answer in words, a test's score that was put right, a question without an answer cell, and
# an answer that was left blank
MARKS = {"T2_answer": 2, "T3_shape_hidden": 4, "T5_task": 1, "T6_answer": 1}


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    nb = tiny_notebook()
    nb.cells.append(nbgrader_cell("task", "T5_task", "Draw something below.", 2))
    nb.cells.append(nbgrader_cell("answer", "T6_answer", "It is so.", 2))
    course = Course(make_course(tmp_path_factory.mktemp("marked") / "course", nb))
    release.make_release(course, ASSIGNMENT)
    registration.register(course, ASSIGNMENT)
    submissions.fill(course, ASSIGNMENT, write_answers(course.root, "ada", RIGHT))
    by_course(course)
    with course.gradebook() as gradebook:
        for name, points in MARKS.items():  # as the formgrader does
            grade = gradebook.find_grade(name, "tiny", ASSIGNMENT, "ada")
            grade.manual_score, grade.needs_manual_grade = points, False
        gradebook.db.commit()
    return course


@pytest.fixture
def course(marked, tmp_path):
    shutil.copytree(marked.root, tmp_path / "course")
    return Course(tmp_path / "course")


def by_course(course):
    list(class_run.autograde(course, ASSIGNMENT, ["ada"], Options(resume=False)))


def by_nbgrader(course):
    assert course.nbgrader().autograde(ASSIGNMENT, "ada")["success"]


def waiting(course):
    with course.gradebook() as gradebook:
        grades = gradebook.find_submission(ASSIGNMENT, "ada").notebooks[0].grades
        assert {g.name: g.manual_score for g in grades if g.manual_score is not None} == MARKS
        return {grade.name for grade in grades if grade.needs_manual_grade}


def change(course, edit):
    path = course.folder("submitted", "ada", ASSIGNMENT) / "tiny.ipynb"
    nb = nbformat.read(path, as_version=4)
    edit(nb)
    nbformat.write(nb, path)


def answer(grade_id, text):
    def edit(nb):
        cell_of(nb, grade_id).source = text

    return edit


@pytest.mark.parametrize("grade", [by_course, by_nbgrader])
@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda nb: None, set()),
        (answer("T2_answer", "Why not?"), {"T2_answer", "T5_task", "T6_answer"}),
        (
            answer("T3_shape", "tiny_shape_of_it = (2, 4)"),
            {"T3_shape_hidden", "T5_task", "T6_answer"},
        ),
        (
            lambda nb: nb.cells.append(new_markdown_cell("I draw.", id="drawing")),
            {"T5_task", "T6_answer"},
        ),
    ],
)
def test_only_a_mark_of_another_answer_waits_and_is_kept(course, grade, edit, expected):
    change(course, edit)
    for _ in range(2):  # what waits is not settled by grading it again
        grade(course)
        assert waiting(course) == expected


def test_an_unreadable_file_in_between_settles_nothing_and_loses_nothing(course):
    path = course.folder("submitted", "ada", ASSIGNMENT) / "tiny.ipynb"
    for edit, expected in (
        (lambda nb: None, set()),
        (answer("T2_answer", "Why not?"), {"T2_answer", "T5_task", "T6_answer"}),
    ):
        change(course, edit)
        by_course(course)
        right = path.read_bytes()
        path.write_bytes(b"")
        by_course(course)
        path.write_bytes(right)
        by_course(course)
        assert waiting(course) == expected


def test_the_report_shows_the_old_mark_and_the_file_names_the_exercise(course):
    change(course, answer("T2_answer", "Why not?"))
    by_course(course)
    made = report.make_report(course, ASSIGNMENT)
    score = made.lines[0].exercises["T2"]
    assert (score.points, score.waits) == (2, True)
    [line] = csv.DictReader(report_text.as_csv(made).splitlines())
    assert line["T2"] == ""
    assert "T2" in line["needs_manual_grading"]
