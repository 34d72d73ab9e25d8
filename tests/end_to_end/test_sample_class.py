"""The demonstration grades the whole sample class, and says the truth about everyone.

One run of ``make demo`` in a copy of the repository; every test looks at what it left behind.
"""

import csv
import json
import re

import nbformat
import pytest
from bs4 import BeautifulSoup

from course_utils.staff.grading.record.hidden_source import secret_lines

pytestmark = pytest.mark.slow

ASSIGNMENT = "01_convolution_by_hand"
CORRECT = ("correct-float32", "correct-loops", "correct-strides", "correct-vectorised")
BY_HAND = ("C2", "C7", "C16")  # graded by people

# student -> the exercise whose points the mistake costs, and the mistake's name
MISTAKES = {
    "activation-forgotten": ("C14", "activation-forgotten"),
    "extra-one-before": ("C10", "extra-one-before"),
    "first-channel-only": ("C9", "only-first-channel"),
    "kernel-flipped": ("C1", "kernel-flipped"),
    "not-flipped": ("C6", "not-flipped"),
    "overwrites": ("C13", "overwrites-instead-of-adding"),
    "padding-on-one-side": ("C1", "padding-on-one-side"),
    "stride-ignored": ("C1", "stride-ignored"),
}
# an exercise that tests the same function once more, without an answer of its own
CONSEQUENCES = {"kernel-flipped": {"C8"}, "not-flipped": {"C8"}}
# points of later exercises, which are right but for this one
CARRIED = {
    "first-channel-only": 1,
    "kernel-flipped": 13,
    "padding-on-one-side": 3,
    "stride-ignored": 3,
}


class GradedClass:
    """The copy of the course, the demonstration's output, and the report as a CSV file."""

    def __init__(self, copy, demo):
        self.copy = copy
        self.root = copy.root
        self.demo = demo
        report = copy.run(f".venv/bin/course report {ASSIGNMENT} --csv grades.csv")
        assert report.returncode == 0, report.stdout
        with open(self.root / "grades.csv", newline="") as file:
            self.lines = {line["student"]: line for line in csv.DictReader(file)}
        self.exercises = [name for name in self.lines["blank"] if re.fullmatch(r"C\d+", name)]
        self.students = sorted(
            path.stem for path in (self.root / "sample_class" / ASSIGNMENT).glob("*.py")
        )

    def points(self, student):
        """The student's points in the exercises graded by tests."""
        line = self.lines[student]
        return {name: float(line[name]) for name in self.exercises if name not in BY_HAND}

    def wrong(self, student):
        """What the report says went wrong."""
        return self.lines[student]["what_went_wrong"]

    def own_text(self, student):
        """Everything the student handed in: nobody needs to hide that from its author."""
        [path] = (self.root / "submitted" / student / ASSIGNMENT).glob("*.ipynb")
        text = path.read_text(encoding="utf-8")
        try:
            return "\n".join(cell.source for cell in nbformat.reads(text, as_version=4).cells)
        except nbformat.reader.NotJSONError:
            return text

    def page(self, student):
        """The text of the student's feedback page."""
        [path] = (self.root / "feedback" / student / ASSIGNMENT).glob("*.html")
        return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").get_text()


@pytest.fixture(scope="module")
def graded(tmp_path_factory, demonstration):
    root = tmp_path_factory.mktemp("sample_class") / "course"
    return GradedClass(demonstration.course.copied_to(root), demonstration.demo)


@pytest.fixture(scope="module")
def secrets(graded):
    """The lines of hidden tests and mark schemes that the release does not show anywhere."""
    [source] = (graded.root / "source" / ASSIGNMENT).glob("*.ipynb")
    [release] = (graded.root / "release" / ASSIGNMENT).glob("*.ipynb")
    hidden, shown = set(), set()
    for cell in nbformat.read(source, as_version=4).cells:
        hidden |= secret_lines(cell.source)
    for cell in nbformat.read(release, as_version=4).cells:
        shown |= {line.strip() for line in cell.source.splitlines()}
    assert len(hidden - shown) > 40
    return hidden - shown


@pytest.fixture(scope="module")
def full(graded):
    """Full points of every exercise graded by tests, from the source notebook."""
    [path] = (graded.root / "source" / ASSIGNMENT).glob("*.ipynb")
    points = {}
    for cell in nbformat.read(path, as_version=4).cells:
        meta = cell.metadata.get("nbgrader", {})
        if meta.get("grade") and cell.cell_type == "code":
            exercise = meta["grade_id"].split("_")[0]
            points[exercise] = points.get(exercise, 0) + meta["points"]
    return points


def test_the_demonstration_ends_normally_and_shows_everyone(graded):
    assert graded.demo.returncode == 0, graded.demo.stdout
    assert len(graded.students) >= 14
    for student in graded.students:
        assert student in graded.demo.stdout
    assert "Where to look next" in graded.demo.stdout
    assert "Traceback" not in graded.demo.stdout
    assert "Warning" not in graded.demo.stdout


def test_the_committed_release_was_up_to_date(graded, repository_files):
    assert f"release/{ASSIGNMENT}/convolution_by_hand.ipynb" in repository_files
    check = graded.copy.run(f".venv/bin/course release {ASSIGNMENT} --check")
    assert check.returncode == 0, check.stdout


@pytest.mark.parametrize("student", CORRECT)
def test_every_correct_style_gets_all_automatic_points(graded, full, student):
    assert graded.points(student) == full
    assert graded.wrong(student) == ""
    assert graded.lines[student]["needs_manual_grading"].split() == ["C2", "C7", "C16"]
    assert graded.lines[student]["C2"] == "", "a 0 could be taken for a grade"


@pytest.mark.parametrize("student", MISTAKES)
def test_a_mistake_costs_its_exercise_and_is_named(graded, full, student):
    exercise, mistake = MISTAKES[student]
    points = graded.points(student)
    assert points[exercise] < full[exercise]
    assert re.search(rf"(^|; ){mistake} \({exercise}\b", graded.wrong(student))
    lost = {name for name in full if points[name] < full[name]}
    assert lost == {exercise} | CONSEQUENCES.get(student, set())
    assert float(graded.lines[student]["carried_forward"]) == CARRIED.get(student, 0)


@pytest.mark.parametrize("student", MISTAKES)
def test_the_student_reads_the_hint_for_the_mistake(graded, student):
    assert f"Hint ({MISTAKES[student][1]})" in graded.page(student)


def test_padding_on_one_side_keeps_the_points_of_the_other_abilities(graded, full):
    assert graded.points("padding-on-one-side")["C1"] >= full["C1"] / 2


def test_a_blank_notebook_earns_nothing_and_waits_for_nobody(graded):
    assert set(graded.points("blank").values()) == {0}
    assert graded.lines["blank"]["needs_manual_grading"] == ""
    assert graded.wrong("blank") == "nothing answered"


def test_a_syntax_error_costs_its_exercise(graded, full):
    points = graded.points("syntax-error")
    assert {name for name in full if points[name] < full[name]} == {"C6", "C8"}
    assert graded.wrong("syntax-error").startswith("SyntaxError (C6)")


def test_an_infinite_loop_costs_its_exercise(graded, full):
    points = graded.points("infinite-loop")
    assert {name for name in full if points[name] < full[name]} == {"C12"}
    assert graded.wrong("infinite-loop") == "timed out (C12)"
    assert "ran too long and were interrupted" in graded.page("infinite-loop")


def test_a_crash_costs_what_comes_after_it(graded, full):
    points = graded.points("crash")
    assert {name for name in full if points[name] < full[name]} == {"C13", "C14", "C17"}
    assert graded.wrong("crash") == "Python died (C13)"
    assert "Python stopped in the cell C13_conv_transpose2d_hidden_errors" in graded.page("crash")


def test_malformed_json_is_reported_and_told(graded):
    assert graded.lines["malformed-json"]["total"] == "0"
    assert graded.wrong("malformed-json") == "not a notebook file"
    assert "not a notebook file" in graded.demo.stdout
    assert "submit it again" in graded.page("malformed-json")


def test_a_deleted_test_is_put_back(graded):
    assert graded.points("deleted-test") == graded.points("stride-ignored")
    assert "deleted cell put back (C1)" in graded.wrong("deleted-test")


def test_two_days_late_costs_a_fifth(graded, full):
    line = graded.lines["late"]
    assert float(line["late_penalty"]) == pytest.approx(0.2 * sum(full.values()))
    assert float(line["total"]) == pytest.approx(0.8 * sum(full.values()))
    others = [entry for name, entry in graded.lines.items() if name != "late"]
    assert {entry["late_penalty"] for entry in others} == {"0"}
    assert "Late submission penalty" in graded.page("late")


def test_nobodys_feedback_shows_a_hidden_test_or_a_mark_scheme(graded, secrets):
    for student in graded.students:
        page, own = graded.page(student), graded.own_text(student)
        assert [line for line in secrets if line in page and line not in own] == [], student


def test_the_graded_notebooks_errors_quote_no_hidden_test(graded, secrets):
    for path in (graded.root / "autograded").glob(f"*/{ASSIGNMENT}/*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            text = json.dumps(cell.get("outputs", []))
            assert [line for line in secrets if json.dumps(line)[1:-1] in text] == [], path


def test_each_student_was_tested_with_a_seed_of_their_own(graded):
    seeds = seeds_of(graded)
    assert len(set(seeds.values())) == len(seeds) == len(graded.students) - 1


def seeds_of(graded):
    paths = (graded.root / "autograded").glob(f"*/{ASSIGNMENT}/*.ipynb")
    notebooks = {path.parents[1].name: nbformat.read(path, as_version=4) for path in paths}
    return {student: nb.metadata.course.seed for student, nb in notebooks.items()}


def test_grading_again_grades_nothing_that_has_not_changed(graded):
    again = graded.copy.run(".venv/bin/course autograde")  # though the demo had limits of its own
    assert again.returncode == 0, again.stdout
    assert f"{ASSIGNMENT}: {len(graded.students)} unchanged" in again.stdout


def test_nbgraders_own_command_gives_the_same_grade(graded, full):
    """As the formgrader's button: by configuration alone."""
    seeds = seeds_of(graded)
    command = f".venv/bin/nbgrader autograde {ASSIGNMENT} --student late --force"
    stock = graded.copy.run(f"{command} && .venv/bin/course report {ASSIGNMENT} --csv again.csv")
    assert stock.returncode == 0, stock.stdout
    with open(graded.root / "again.csv", newline="") as file:
        lines = {line["student"]: line for line in csv.DictReader(file)}
    assert lines["late"] == graded.lines["late"]
    assert seeds_of(graded) == seeds, "the inputs were the same, too"


def test_the_demonstration_refuses_to_replace_a_real_class(graded):
    person = graded.root / "submitted" / "real-person" / ASSIGNMENT
    person.mkdir(parents=True)
    before = sorted(path for path in graded.root.rglob("*") if ".venv" not in path.parts)
    refused = graded.copy.run(".venv/bin/course demo")
    assert refused.returncode == 2
    assert "real-person" in refused.stdout
    assert "Nothing was touched" in refused.stdout
    assert before == sorted(path for path in graded.root.rglob("*") if ".venv" not in path.parts)
    person.rmdir()
    person.parent.rmdir()


def test_the_secret_of_the_demonstration_serves_the_sample_class_only(graded):
    person = graded.root / "submitted" / "real-person" / ASSIGNMENT
    person.mkdir(parents=True)
    refused = graded.copy.run(f".venv/bin/course autograde {ASSIGNMENT}")
    assert refused.returncode == 2
    assert "'real-person' is not of the sample class" in " ".join(refused.stdout.split())
    person.rmdir()
    person.parent.rmdir()
