"""The commands as they are typed: what they print, and how they end."""

import csv
import io
import re

import nbformat
import pytest
from tiny_course import ASSIGNMENT, cell_of, make_course, nbgrader_cell, write_answers
from typer.testing import CliRunner

from course_utils.sandbox.isolation.probe import Report
from course_utils.staff.commands import sample_class
from course_utils.staff.commands.app import app
from course_utils.staff.course import Course
from course_utils.staff.grading.run import run_room

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")

RIGHT = "# %% T1_double\ndouble = lambda x: 2 * x\n# %% T3_shape\ntiny_shape_of_it = (2, 3, 4)\n"


@pytest.fixture
def course(tmp_path, monkeypatch):
    course = Course(make_course(tmp_path / "course"))
    monkeypatch.chdir(course.root)
    return course


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def edit_source(course, change):
    path = course.notebooks(ASSIGNMENT)[0]
    nb = nbformat.read(path, as_version=4)
    change(nb)
    nbformat.write(nb, path)


@pytest.mark.parametrize(
    "command", ["release", "check", "fill", "autograde", "feedback", "report", "demo", "mutate"]
)
def test_every_command_explains_itself(command):
    result = run(command, "--help")
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 8
    assert command in run("--help").output


def test_outside_of_a_course_a_command_says_so_in_one_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run("report")
    assert result.exit_code == 2
    assert result.output.startswith("error: no course here")
    assert len(result.output.splitlines()) == 1


def test_course_names_a_course_elsewhere(course, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("release", "--course", course.root).exit_code == 0
    assert course.folder("release", assignment=ASSIGNMENT).is_dir()


def test_release_check_tells_stale_from_leaking(course):
    stale = run("release", "--check")
    assert stale.exit_code == 1
    assert "release/ is stale" in stale.output
    assert run("release").exit_code == 0
    assert run("release", "--check").exit_code == 0

    def leak(nb):
        cell_of(nb, "T1_double_visible").source = "from course_utils import staff"

    edit_source(course, leak)
    for words in (["release"], ["release", "--check"]):
        result = run(*words)
        assert result.exit_code == 1
        assert "cell T1_double_visible: names course_utils.staff" in result.output


def test_what_the_own_answers_do_not_pass_is_named_and_stops_release_and_class(course):
    good = run("check")
    assert (good.exit_code, good.output) == (
        0,
        f"{ASSIGNMENT}: the source's own answers pass every test\n",
    )
    run("release")
    run("fill", "tiny", write_answers(course.root, "ada", RIGHT))
    before = course.folder("release", assignment=ASSIGNMENT) / "tiny.ipynb"
    released = before.read_bytes()

    def fail(nb):
        cell_of(nb, "T1_double_visible").source = "assert double(1) == 3, '[b]three'"

    edit_source(course, fail)
    for words in (["check"], ["release"]):
        result = run(*words)
        assert result.exit_code == 1
        told = (
            "T1_double_visible: the source's own answers do not pass it: AssertionError: [b]three"
        )
        assert told in result.output
    assert f"{ASSIGNMENT}: nothing was released\n" in result.output
    assert before.read_bytes() == released
    stopped = run("autograde")
    assert stopped.exit_code == 2
    assert "do not pass 1 test cell of" in stopped.output
    assert course.students("autograded") == []
    anyway = run("autograde", "--grade-anyway")
    assert anyway.exit_code == 0
    assert f"{ASSIGNMENT}: nobody has points in T1_double_visible: the fault" in anyway.output
    told = "graded although the source's own answers do not pass: T1_double_visible"
    assert f"{ASSIGNMENT}: {told}" in anyway.output
    assert told in run("report").output


def test_mutate_says_what_it_lacks_in_another_course(course):
    result = run("mutate")
    assert result.exit_code == 2
    assert "hidden_tests.md does not exist" in result.output

    def open_tests(nb):
        nb.cells = [cell for cell in nb.cells if "BEGIN HIDDEN TESTS" not in cell.source]

    edit_source(course, open_tests)
    result = run("mutate", "tiny")
    assert result.exit_code == 2
    assert "tiny.ipynb has no hidden tests" in result.output


@pytest.mark.sandbox
def test_what_cannot_be_decided_is_named_and_stops_nothing(course):
    def undecidable(nb):
        text = "import inspect\nassert 'return' in inspect.getsource(double)"
        cell_of(nb, "T1_double_visible").source = text

    edit_source(course, undecidable)
    for words in (["check"], ["release"]):
        result = run(*words)
        assert result.exit_code == 0
        told = (
            "T1_double_visible: cannot be decided, so that a person grades it: it reads the source"
        )
        assert told in result.output
        assert result.output.splitlines()[1].startswith(f"{ASSIGNMENT}: cells that cannot be")
    can_be = f"{ASSIGNMENT}: the source's own answers pass every test that can be decided\n"
    assert run("check").output.endswith(can_be)
    run("fill", "tiny", write_answers(course.root, "ada", RIGHT))
    result = run("autograde")
    assert result.exit_code == 0
    told = f"{ASSIGNMENT}: `course check` says why a person has to grade T1_double_visible"
    assert told in result.output
    next_step = "grade them in the formgrader, list them under stock_trust in course.toml"
    assert next_step in result.output
    result = run("report")
    assert "T1_double_visible cannot be decided by the computer and waits for a" in result.output
    assert next_step in result.output
    with open(course.root / "course.toml", "a") as file:
        file.write('stock_trust = ["T1_double_visible", "T3_shape_hidden"]\n')
    result = run("check")
    assert "T1_double_visible: cannot be decided, and runs at stock's trust" in result.output
    assert (
        "T3_shape_hidden: stands under stock_trust in course.toml, and needs none" in result.output
    )
    settings = course.root / "course.toml"
    settings.write_text(settings.read_text().replace("shape_hidden", "shapes_hidden"))
    for words in (["check"], ["release"], ["autograde", "--no-resume"]):
        result = run(*words)
        assert result.exit_code == 2
        told = f"names 'T3_shapes_hidden', and {ASSIGNMENT} has no cell of that name (did you mean"
        assert told in result.output


def test_a_map_without_a_readme_to_hold_it_is_refused(course):
    (course.folder("source") / "curriculum.toml").write_text("")
    result = run("map")
    assert result.exit_code == 2
    assert "README.md does not exist" in result.output


def test_square_brackets_in_messages_are_printed_as_they_are(course):
    path = write_answers(course.root, "ada", "# %% T2_answer\nx = 1\n")
    run("release")
    result = run("fill", "tiny", path)
    assert result.exit_code == 2
    assert "begin it with `# %% [markdown] T2_answer`" in result.output


def test_a_wrong_course_toml_stops_a_command_in_one_line(course):
    (course.root / "course.toml").write_text("[late]\npenalty_per_day = -1\n")
    result = run("autograde")
    assert result.exit_code == 2
    assert "penalty_per_day is -1; expected a share between 0 and 1" in result.output


def test_before_anything_is_graded_the_report_says_what_to_run(course):
    result = run("report")
    assert result.exit_code == 2
    assert "run `course autograde 01_tiny`" in result.output


def test_an_unknown_student_is_named_with_those_there_are(course):
    run("release")
    run("fill", "tiny", write_answers(course.root, "ada", RIGHT))
    result = run("autograde", "--only", "bob")
    assert result.exit_code == 2
    assert "no submission of 'bob' for 01_tiny; there are ada" in result.output


def test_what_nobody_will_grade_is_named(course):
    for number in range(7):
        (course.folder("submitted") / f"student-{number}").mkdir(parents=True)
        (course.folder("submitted") / f"student-{number}" / "tiny.ipynb").touch()
    output = run("autograde").output
    assert "left out: submitted/student-4/tiny.ipynb stands in no assignment's folder" in output
    assert "left out: and 2 more of which each stands in no assignment's folder" in output
    assert "what is graded is submitted/STUDENT/ASSIGNMENT/NAME.ipynb" in output


@pytest.mark.sandbox
def test_nothing_is_graded_where_isolation_does_not_suffice(course, monkeypatch):
    run("release")
    run("fill", "tiny", write_answers(course.root, "ada", RIGHT))
    monkeypatch.setattr(run_room, "isolation", lambda: Report("limits"))
    result = run("autograde", "--require-isolation", "landlock")
    assert result.exit_code == 2
    assert "isolation 'landlock' is required, and this machine reaches 'limits'" in result.output
    assert not course.gradebook_file.exists()
    assert course.students("autograded") == []
    unknown = run("autograde", "--require-isolation", "perfect")
    assert unknown.exit_code == 2
    assert "expected one of none, limits, landlock, full" in unknown.output


@pytest.mark.slow
def test_less_than_full_isolation_is_said_before_and_after(course, monkeypatch):
    run("release")
    run("fill", "tiny", write_answers(course.root, "ada", RIGHT))
    with open(course.root / "nbgrader_config.py", "a") as config:
        config.write('c.ExecuteSubmission.room = "kernel"\n')
    result = run("autograde")
    assert result.exit_code == 0
    assert "isolation: none" in result.output
    assert "1 graded" in result.output
    assert (
        "isolation below 'full' while 1 of 1 were graded (lowest: 'none')" in run("report").output
    )


def test_feedback_for_someone_not_graded_yet_is_asked_for_not_passed_over(course):
    run("release")
    run("fill", "tiny", write_answers(course.root, "ada", RIGHT))
    run("fill", "tiny", write_answers(course.root, "bob", RIGHT))
    assert run("autograde", "--only", "ada").exit_code == 0
    result = run("feedback")
    assert result.exit_code == 1
    assert "bob has not been autograded" in result.output
    assert "feedback for 1 of 2 students" in result.output
    assert re.search(r"bob +- +- +- +-|bob: not autograded yet", run("report").output)


@pytest.mark.slow
def test_a_class_of_good_and_bad_files_is_graded_to_the_end(course):
    run("release")
    header = "# ---\n# like: ada\n# damage: {}\n# ---\n"
    paths = [write_answers(course.root, "ada", RIGHT)]
    for name, damage in (("bob", "truncated"), ("cleo", "renamed"), ("dan", "empty")):
        paths.append(write_answers(course.root, name, header.format(damage)))
    assert run("fill", "tiny", *paths).exit_code == 0
    (course.folder("submitted", "eve", ASSIGNMENT)).mkdir(parents=True)
    run("fill", "tiny", write_answers(course.root, "fay", RIGHT))
    (course.folder("submitted", "fay", ASSIGNMENT) / "timestamp.txt").write_text("yesterday-ish")

    result = run("autograde")
    assert result.exit_code == 0
    assert "3 graded, 3 could not be graded" in result.output
    assert "bob: not a notebook file" in result.output
    assert "cleo: The notebook was handed in as `tiny (1).ipynb`" in result.output
    assert "fay: The time of your submission is recorded as `yesterday-ish`" in result.output
    assert run("autograde").output.strip().endswith("01_tiny: 6 unchanged")

    assert run("feedback").exit_code == 0
    for student in ("ada", "bob", "cleo", "dan", "eve", "fay"):
        assert (course.folder("feedback", student, ASSIGNMENT) / "tiny.html").is_file()
    page = (course.folder("feedback", "bob", ASSIGNMENT) / "tiny.html").read_text()
    assert "submit it again" in page

    # a repaired submission is noticed and graded
    run("fill", "tiny", write_answers(course.root, "bob", RIGHT))
    assert "1 graded, 5 unchanged" in run("autograde").output


@pytest.mark.slow
def test_cells_that_change_after_grading_are_named_and_grades_stay(course):
    run("release")
    run("fill", "tiny", write_answers(course.root, "ada", RIGHT))
    run("autograde")
    before = run("report").output
    new = nbgrader_cell("locked", "T5_given", "MORE = 1")
    edit_source(course, lambda nb: nb.cells.append(new))
    result = run("autograde")
    assert result.exit_code == 2
    assert "T5_given is new" in result.output
    assert "undo that change in source/" in result.output
    assert run("report").output == before


@pytest.mark.slow
def test_after_a_change_of_the_source_the_report_shows_scores_out_of_what_they_were(course):
    run("release")
    run("fill", "tiny", write_answers(course.root, "ada", RIGHT))
    run("autograde")
    before = run("report").output

    def change(nb):
        cell_of(nb, "T3_shape_hidden").metadata.nbgrader["points"] = 40
        nb.cells.append(nbgrader_cell("test", "T5_more", "assert True", 5))

    edit_source(course, change)
    assert run("autograde").exit_code == 2
    after = run("report").output
    told = "cells or points in source/ have changed since; points and scores are those before"
    assert told in after
    assert after.startswith(before)
    to_file = run("report", "--csv", "-")
    assert told in to_file.stderr
    assert [line["out_of"] for line in csv.DictReader(io.StringIO(to_file.stdout))] == ["10"]


@pytest.mark.slow
def test_scores_from_before_points_were_changed_are_marked_until_they_are_made_anew(course):
    run("release")
    for name in ("ada", "bob"):
        run("fill", "tiny", write_answers(course.root, name, RIGHT))
    run("autograde")

    def change(nb):
        cell_of(nb, "T3_shape_hidden").metadata.nbgrader["points"] = 40

    edit_source(course, change)
    assert run("autograde", "--only", "ada").exit_code == 0
    output = run("report").output
    assert re.search(r"ada +3 +0 +40 +43\s", output)
    assert re.search(r"bob +3 +0 +4 +7 +graded with other points", output)
    assert "the score was given before points were changed" in output
    run("autograde")
    assert "other points" not in run("report").output


@pytest.mark.slow
def test_csv_is_written_to_what_was_named(course):
    run("release")
    run("fill", "tiny", write_answers(course.root, "ada", RIGHT))
    run("autograde")
    printed = run("report", "--csv", "-")
    assert printed.exit_code == 0
    assert [line["student"] for line in csv.DictReader(io.StringIO(printed.stdout))] == ["ada"]
    assert printed.stderr == "01_tiny: 1 students in -\n"
    assert not (course.root / "-").exists()
    assert run("report", "--csv", "grades.csv").exit_code == 0
    assert (course.root / "grades.csv").read_text() == printed.stdout
    for name, problem in {
        "missing/grades.csv": "there is no such folder",
        "source": "Is a directory",
        "/dev/full": "No space left on device",
    }.items():
        result = run("report", "--csv", name)
        assert (result.exit_code, result.output) == (2, f"error: --csv {name}: {problem}\n")
    assert not (course.root / "missing").exists()


@pytest.mark.slow
def test_a_changed_due_date_reaches_grades_that_are_there(course):
    run("release")
    run("fill", "tiny", write_answers(course.root, "ada", RIGHT))
    run("autograde")
    assert " -" not in run("report").output
    toml = course.root / "course.toml"
    toml.write_text(toml.read_text().replace("2027-03-05", "2027-03-01"))
    assert re.search(r"ada .* 4\.9 +-2\.1", run("report").output)


def test_the_sample_class_is_cleared_only_where_nobody_else_is(course):
    write_answers(course.root, "ada", RIGHT)
    run("release")
    run("fill", "tiny", course.root / "sample_class" / ASSIGNMENT / "ada.py")
    for step in sample_class.CLASS_DATA:
        person = course.folder(step, "real-person", ASSIGNMENT)
        person.mkdir(parents=True)
        result = run("demo")
        assert result.exit_code == 2
        assert "real-person" in result.output
        assert course.folder("submitted", "ada", ASSIGNMENT).is_dir(), "nothing was touched"
        person.rmdir()
        person.parent.rmdir()
    with course.gradebook() as gradebook:
        gradebook.add_student("enrolled-person")
    assert "enrolled-person" in run("demo").output


@pytest.mark.slow
def test_what_nbgrader_or_the_formgrader_graded_counts_as_graded(course):
    run("release")
    header = "# ---\n# damage: truncated\n# ---\n"
    run("fill", "tiny", write_answers(course.root, "ada", header + RIGHT))
    run("autograde")
    assert "not a notebook file" in run("report").output

    # a TA repairs the file and presses the formgrader's button, which calls this
    run("fill", "tiny", write_answers(course.root, "ada", RIGHT))
    assert course.nbgrader().autograde(ASSIGNMENT, "ada")["success"]
    assert re.search(r"ada +3 +0 +4 +7", run("report").output)
    assert "not a notebook file" not in run("report").output
    assert run("feedback").exit_code == 0
    page = (course.folder("feedback", "ada", ASSIGNMENT) / "tiny.html").read_text()
    assert "T1_double_visible" in page
