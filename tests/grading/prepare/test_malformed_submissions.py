"""Whatever is handed in gets an outcome, a score and a sentence; nobody else notices.

One run of ``course autograde`` over a class in which everything is wrong that `malformed` knows,
and two honest students, the first and the last to be graded.
"""

import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import malformed
import pytest
from bs4 import BeautifulSoup
from tiny_course import ASSIGNMENT, make_course, write_answers
from typer.testing import CliRunner

from course_utils.staff.commands.app import app
from course_utils.staff.course import Course
from course_utils.staff.names import show_name
from course_utils.staff.reports.report import make_report
from course_utils.staff.reports.report_text import problems_of

pytestmark = [pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"), pytest.mark.slow]

HONEST = (malformed.HONEST, "zoe")
RIGHT = """# %% T1_double
def double(x):
    return x + x
# %% [markdown] T2_answer
Because.
# %% T3_shape
tiny_shape_of_it = (2, 3, 4)
"""
CASES = pytest.mark.parametrize("case", malformed.CASES, ids=lambda case: case.name)


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    course = Course(make_course(tmp_path_factory.mktemp("malformed") / "course"))
    command = CliRunner()
    words = ["--course", str(course.root)]
    assert command.invoke(app, ["release", *words]).exit_code == 0
    for name in HONEST:
        path = write_answers(course.root, name, RIGHT)
        assert command.invoke(app, ["fill", "tiny", str(path), *words]).exit_code == 0
    right = course.folder("submitted", HONEST[0], ASSIGNMENT)
    for case in malformed.CASES:
        folder = course.folder("submitted", case.folder_name, ASSIGNMENT)
        shutil.copytree(right, folder)
        case.spoil(folder)
    before = contents(course.folder("submitted"))
    run = command.invoke(app, ["autograde", *words])
    assert run.exception is None or isinstance(run.exception, SystemExit), run.exception
    report = make_report(course, ASSIGNMENT)
    return SimpleNamespace(
        course=course,
        run=run,
        before=before,
        lines={line.student: line for line in report.lines},
        feedback=command.invoke(app, ["feedback", *words]),
        again=lambda: command.invoke(app, ["autograde", *words]),
    )


def contents(folder):
    """Every path below a folder, with what tells whether it was touched."""
    return {
        os.path.join(here, name): os.lstat(os.path.join(here, name))[:8:6]
        for here, folders, files in os.walk(folder)
        for name in (*folders, *files)
    }


def test_the_class_is_graded_to_the_end(graded):
    assert graded.run.exit_code == 0, graded.run.output
    bad = sum(case.status == malformed.UNGRADABLE for case in malformed.CASES)
    good = len(malformed.CASES) + len(HONEST) - bad
    assert f"{ASSIGNMENT}: {good} graded, {bad} could not be graded" in graded.run.output


def test_there_is_a_line_for_everyone(graded):
    expected = {case.folder_name for case in malformed.CASES} | set(HONEST)
    assert set(graded.lines) == expected


@pytest.mark.parametrize("student", HONEST)
def test_the_honest_get_what_they_earned(graded, student):
    line = graded.lines[student]
    assert line.total == malformed.FULL
    assert (line.outcome.status, problems_of(line)) == ("graded", "")


@CASES
def test_it_gets_an_outcome_a_score_and_a_sentence(graded, case):
    line = graded.lines[case.folder_name]
    assert line.outcome.status == case.status, line.outcome
    assert case.label in line.outcome.label
    assert case.sentence in line.outcome.student
    assert bool(case.label) == bool(line.outcome.label), line.outcome.label
    assert bool(case.label) == bool(line.outcome.student), line.outcome.student
    assert line.total == pytest.approx(case.points), line.wrong


@CASES
def test_staff_read_where_to_look_and_students_read_why(graded, case):
    course, line = graded.course, graded.lines[case.folder_name]
    if case.label and case.status == malformed.UNGRADABLE:
        assert f"submitted/{show_name(case.folder_name)}" in line.outcome.staff
        assert line.outcome.staff.replace("\n", " ") in graded.run.output
    [page] = course.folder("feedback", case.folder_name, ASSIGNMENT).glob("*.html")
    text = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").get_text()
    assert " ".join(case.sentence.replace("`", "").split()) in " ".join(text.split())


def test_nothing_that_was_handed_in_has_been_touched_but_what_is_no_time(graded):
    before, after = graded.before, contents(graded.course.folder("submitted"))
    changed = [path for path in {*before, *after} if before.get(path) != after.get(path)]
    without_time = {case.name for case in malformed.CASES if case.name.startswith("time-")}
    assert {Path(path).parents[1].name for path in changed} == without_time - {"time-far-ahead"}
    assert {Path(path).name for path in changed} == {"timestamp.txt", "timestamp.txt.unreadable"}


def test_the_formgrader_lists_everyone(graded):
    submissions = graded.course.nbgrader().get_submissions(ASSIGNMENT)
    assert {line["student"] for line in submissions} >= set(HONEST)


def test_no_graded_folder_holds_what_a_link_led_to(graded):
    folder = graded.course.folder("autograded")
    assert not [path for path in folder.rglob("*") if path.is_symlink()]
    assert not list(folder.rglob("data.db"))


def test_a_second_run_has_nothing_to_do(graded):
    count = len(malformed.CASES) + len(HONEST)
    assert graded.again().output.strip().endswith(f"{ASSIGNMENT}: {count} unchanged")
