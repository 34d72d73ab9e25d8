"""A small class with a flipped kernel: what is carried forward stands apart wherever it is told."""

import csv
import io
import re
import shutil

import nbformat
import pytest
from bs4 import BeautifulSoup
from rich.console import Console
from tiny_course import REPOSITORY, cell_of, write_config, write_secret

from course_utils.staff.authoring import release, submissions
from course_utils.staff.course import Course
from course_utils.staff.grading import class_run
from course_utils.staff.grading.options import Options
from course_utils.staff.grading.outcomes import GRADED
from course_utils.staff.reports import feedback, report, report_text

TOPIC = "01_convolution_by_hand"
NOTEBOOK = "convolution_by_hand"
FLIPPED = "kernel-flipped"
STUDENTS = ("correct-loops", FLIPPED)
BY_HAND = ("C2", "C7", "C16")
pytestmark = [
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
    pytest.mark.sandbox,
    pytest.mark.slow,
]


def printed(made_report, width):
    console = Console(width=width, file=io.StringIO())
    for table in report_text.as_tables(made_report, width)[0]:
        console.print(table, crop=False)
    return console.file.getvalue()


def entries(made_report):
    return {
        line["student"]: line
        for line in csv.DictReader(report_text.as_csv(made_report).splitlines())
    }


class Graded:
    """What people see of the class, graded with one share of the points."""

    def __init__(self, course):
        made_report = report.make_report(course, TOPIC)
        self.lines = {line.student: line for line in made_report.lines}
        self.entries = entries(made_report)
        self.table = printed(made_report, 80)
        self.pages, self.notebooks = {}, {}
        for student in STUDENTS:
            feedback.make_feedback(course, TOPIC, student)
            page = course.folder("feedback", student, TOPIC) / f"{NOTEBOOK}.html"
            self.pages[student] = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
            path = course.folder("autograded", student, TOPIC) / f"{NOTEBOOK}.ipynb"
            self.notebooks[student] = nbformat.read(path, as_version=4)

    def points(self):
        """What the student with the flipped kernel has in each exercise graded by tests."""
        scores = self.lines[FLIPPED].exercises
        return {name: score.points for name, score in scores.items() if name not in BY_HAND}

    def carried_tests(self):
        return self.notebooks[FLIPPED].metadata["course"].get("carried", {})

    def top(self, student=FLIPPED):
        """What stands at the top of a page, below its heading."""
        return " ".join(self.pages[student].select_one("#toc").get_text(" ").split())

    def heads_of_cards(self):
        """The first lines of the cards of the tests that are carried."""
        cells = [cell_of(self.notebooks[FLIPPED], name) for name in self.carried_tests()]
        return {
            output.data["text/plain"].splitlines()[0]
            for cell in cells
            for output in cell.outputs[:1]
        }


def set_share(course, share):
    """Have a carried test earn this share of its points; None: as a course that says nothing."""
    setting = "" if share is None else f"[grading]\nfollow_through = {share}\n"
    (course / "course.toml").write_text(
        f"{setting}[assignments.{TOPIC}]\ndue = 2027-03-05T23:59:00\n", encoding="utf-8"
    )
    return Course(course)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course of the first tutorial, to which two students have handed in."""
    root = tmp_path_factory.mktemp("carried") / "course"
    shutil.copytree(REPOSITORY / "source" / TOPIC, root / "source" / TOPIC)
    write_config(root)
    write_secret(root)
    course = set_share(root, 0)
    release.make_release(course, TOPIC)
    for student in STUDENTS:
        submissions.fill(course, TOPIC, REPOSITORY / "sample_class" / TOPIC / f"{student}.py")
    return course


@pytest.fixture(scope="module")
def graded(course):
    """What is seen of the class, by the share that a carried test earns."""
    seen = {}
    for share in (0, 0.5, None):
        changed = set_share(course.root, share)
        outcomes = dict(class_run.grade_assignment(changed, TOPIC, list(STUDENTS), Options()))
        assert {outcome.status for outcome in outcomes.values()} == {GRADED}
        seen[share] = Graded(changed)
    return seen


def test_the_flipped_kernel_costs_its_own_points_and_the_rest_is_carried(graded):
    before, half, now = (graded[share].points() for share in (0, 0.5, None))
    carried = {
        name: score.carried
        for name, score in graded[None].lines[FLIPPED].exercises.items()
        if score.carried
    }
    assert carried == {"C6": 3, "C9": 4, "C14": 2, "C17": 4}
    assert now == {name: before[name] + carried.get(name, 0) for name in before}
    assert half == {name: before[name] + carried.get(name, 0) / 2 for name in before}
    # C8 tests the function of C1 itself
    full = graded[None].lines["correct-loops"].exercises
    assert {name for name in now if now[name] < full[name].points} == {"C1", "C8"}


@pytest.mark.parametrize(("share", "carried", "total"), [(None, 13, 59), (0.5, 6.5, 52.5)])
def test_the_file_the_table_and_the_page_tell_it_apart(graded, share, carried, total):
    seen = graded[share]
    entry = seen.entries[FLIPPED]
    sums = [entry[name] for name in ("earned", "carried_forward", "late_penalty", "total")]
    assert sums == ["46", f"{carried:g}", "0", f"{total:g}"]
    assert seen.entries["correct-loops"]["carried_forward"] == "0"
    assert re.search(rf"^{FLIPPED}\s.*\b{total:g} +{carried:g}\s*$", seen.table, re.M)
    assert seen.top().startswith(
        f"{total:g} of 81 points, of which {carried:g} are carried forward: what rests on C1 was "
        "tried with C1 put right. Points were lost"
    )
    assert seen.top("correct-loops").startswith("No check lost points") or (
        seen.top("correct-loops").startswith("Graded by people")
    )
    assert seen.carried_tests()["C6_convolve2d_hidden_values"] == ["C1"]
    assert seen.heads_of_cards() == {"✔ right, given C1; C1 itself costs its points there"}


def test_what_went_wrong_is_told_where_the_mistake_is(graded):
    told = {share: graded[share].entries[FLIPPED]["what_went_wrong"] for share in graded}
    assert told[None] == told[0.5] == "kernel-flipped (C1); wrong (C8)"
    assert told[0].startswith("kernel-flipped (C1); ")
    assert all(name in told[0] for name in ("C6", "C8", "C9", "C14", "C17"))


def test_switched_off_nothing_is_carried_and_nothing_says_so(graded):
    off = graded[0]
    assert off.carried_tests() == {}
    assert off.entries[FLIPPED]["carried_forward"] == "0"
    assert off.entries[FLIPPED]["total"] == off.entries[FLIPPED]["earned"] == "46"
    assert "carried" not in off.table
    assert "carried forward" not in off.pages[FLIPPED].get_text()
    assert "right, given" not in off.pages[FLIPPED].get_text()


def test_a_mark_that_a_person_gives_is_not_carried(course, graded):
    names = [name for name in graded[None].carried_tests() if not name.startswith("C6")]
    with course.gradebook() as gradebook:
        for name in graded[None].carried_tests().keys() - names:
            grade = gradebook.find_grade(name, NOTEBOOK, TOPIC, FLIPPED)
            grade.manual_score, grade.needs_manual_grade = 0.25, False
        gradebook.db.commit()
    seen = Graded(course)
    entry = seen.entries[FLIPPED]
    sums = [entry[name] for name in ("C6", "earned", "carried_forward", "total")]
    assert sums == ["1.5", "46.5", "10", "56.5"]
    assert seen.top().startswith("56.5 of 81 points, of which 10 are carried forward: ")
