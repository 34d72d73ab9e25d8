"""What a TA meets around grading: odd folders, a run that was interrupted, two runs at once."""

import concurrent.futures
import contextlib
import functools
import os
import pickle
import re
import shutil
import sqlite3
import subprocess
from pathlib import Path

import nbformat
import pytest
from gradebook_rows import gradebook_rows
from nbformat import ValidationError
from nbformat.v4 import new_code_cell
from nbgrader.preprocessors import IgnorePattern
from tiny_course import ASSIGNMENT, REPOSITORY, make_course, write_answers

from course_utils.staff.authoring import release, submissions
from course_utils.staff.course import Course, CourseError, read_notebook
from course_utils.staff.grading import class_run, ledger, registration, source_check
from course_utils.staff.grading.batch import Batch
from course_utils.staff.grading.class_run import COPY_GONE, GRADES_GONE
from course_utils.staff.grading.options import Options
from course_utils.staff.grading.outcomes import FAILED, GRADED, UNGRADABLE, read_outcomes
from course_utils.staff.grading.record import text_worker
from course_utils.staff.grading.record.text_worker import WORKER
from course_utils.staff.grading.results import NOT_GRADED
from course_utils.staff.grading.run.run_room import RunRoomError
from course_utils.staff.reports import feedback, report

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")

STUDENTS = ["ada", "bob", "cleo"]
A_DAY_EARLY = "2027-03-04T12:00:00"  # when everyone hands in


@pytest.fixture(scope="module")
def fresh_class(tmp_path_factory):
    course = Course(make_course(tmp_path_factory.mktemp("fresh") / "course"))
    release.make_release(course, ASSIGNMENT)
    registration.register(course, ASSIGNMENT)
    for student in STUDENTS:
        submit(course, student)
    return course


@pytest.fixture
def course(fresh_class, tmp_path):
    shutil.copytree(fresh_class.root, tmp_path / "course")
    return Course(tmp_path / "course")


def submit(course, student, answer="2 * x"):
    text = f"# %% T1_double\ndouble = lambda x: {answer}\n"
    submissions.fill(course, ASSIGNMENT, write_answers(course.root, student, text))


def grade(course, students=STUDENTS, **options):
    run = class_run.autograde(course, ASSIGNMENT, students, Options(**options))
    return dict(run)


def times_saved(course):
    with contextlib.closing(sqlite3.connect(course.gradebook_file)) as connection:
        return dict(connection.execute("SELECT student, times_saved FROM course_outcome"))


def test_nothing_under_submitted_is_passed_over_without_a_word(tmp_path):
    (tmp_path / "source" / "01_topic").mkdir(parents=True)
    (tmp_path / "source" / "01_topic" / "topic.ipynb").touch()
    course = Course(tmp_path)
    assert class_run.passed_over(course) == {}
    for name in (
        "ada/01_topic/topic.ipynb",
        "ada/01_topik/topic.ipynb",
        "ada/topic.ipynb",
        # as learning platforms pack them
        "01_topic-2027/Bob B_12_assignsubmission_file_/topic.ipynb",
        "cleo_12_topic.ipynb",
        "dan/.DS_Store",
        ".gitkeep",
        "__MACOSX/._topic.ipynb",
    ):
        (tmp_path / "submitted" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "submitted" / name).touch()
    (tmp_path / "submitted" / "eve").mkdir()
    (tmp_path / "submitted" / "link").symlink_to("gone")
    found = class_run.passed_over(course)
    assert {reason: [path.as_posix() for path in paths] for reason, paths in found.items()} == {
        "is no assignment's name": [
            "submitted/01_topic-2027/Bob B_12_assignsubmission_file_",
            "submitted/ada/01_topik",
        ],
        "stands in no assignment's folder": ["submitted/ada/topic.ipynb"],
        "stands in no student's folder": ["submitted/cleo_12_topic.ipynb", "submitted/link"],
        "is empty": ["submitted/dan", "submitted/eve"],
    }
    assert course.students("submitted", "01_topic") == ["ada"]


@pytest.mark.slow
def test_only_what_has_changed_is_graded_again(course):
    assert {outcome.status for outcome in grade(course).values()} == {GRADED}
    assert grade(course) == dict.fromkeys(STUDENTS)
    submit(course, "bob", "3 * x")
    assert [student for student, outcome in grade(course).items() if outcome] == ["bob"]
    with open(course.root / "nbgrader_config.py", "a") as config:
        config.write("# another configuration\n")
    assert all(grade(course).values())
    assert times_saved(course) == {"ada": 2, "bob": 3, "cleo": 2}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("remove", "whose"),
    [
        (lambda gradebook: gradebook.remove_assignment(ASSIGNMENT), STUDENTS),
        (lambda gradebook: gradebook.remove_student("ada"), ["ada"]),
        (lambda gradebook: gradebook.remove_submission(ASSIGNMENT, "ada"), ["ada"]),
    ],
)
def test_nothing_that_is_known_of_a_submission_outlives_its_grades(course, remove, whose):
    (course.folder("submitted", "cleo", ASSIGNMENT) / "tiny.ipynb").write_bytes(b"")
    grade(course)
    with course.gradebook() as gradebook:
        remove(gradebook)
    registration.register(course, ASSIGNMENT)
    for line in report.make_report(course, ASSIGNMENT).lines:
        assert (line.outcome == NOT_GRADED) == (line.student in whose)
        assert not (line.student in whose and line.wrong)
    with pytest.raises(CourseError, match="has not been autograded"):
        feedback.make_feedback(course, ASSIGNMENT, "ada")
    again = grade(course)
    assert sorted(student for student, outcome in again.items() if outcome) == whose
    scores = {line.student: line.total for line in report.make_report(course, ASSIGNMENT).lines}
    assert scores == {"ada": 3, "bob": 3, "cleo": 0}
    assert grade(course) == dict.fromkeys(STUDENTS)


BROKEN = {
    "empty": lambda path: path.write_bytes(b""),
    "gone": lambda path: path.unlink(),
    "another": lambda path: path.write_text('{"cells": [], "nbformat": 4}'),
    "a link": lambda path: (path.unlink(), path.symlink_to("/etc/passwd")),
}


@pytest.mark.slow
@pytest.mark.parametrize("spoil", BROKEN.values(), ids=BROKEN)
def test_where_a_newer_submission_cannot_be_graded_the_one_before_counts_everywhere(course, spoil):
    path = course.folder("submitted", "bob", ASSIGNMENT) / "tiny.ipynb"
    time = path.with_name("timestamp.txt")
    time.write_text("2027-03-06 11:00:00 UTC")  # a day late
    grade(course)
    with course.gradebook() as gradebook:
        mark = gradebook.find_grade("T2_answer", "tiny", ASSIGNMENT, "bob")
        mark.manual_score, mark.needs_manual_grade = 2, False
        gradebook.db.commit()
    right = path.read_bytes()
    spoil(path)
    for newer in ("2027-03-09 12:00:00 UTC", "2027-03-10 12:00:00 UTC"):
        time.write_text(newer)
        outcome = grade(course, ["bob"])["bob"]
        registration.apply_settings(course)
        assert (outcome.status, outcome.label) == (GRADED, "newer submission cannot be graded")
        assert "submitted/bob/01_tiny" in outcome.staff
        assert score_everywhere(course, "bob") == ({4.5}, 0.5)
    page = (course.folder("feedback", "bob", ASSIGNMENT) / "tiny.html").read_text()
    assert "Until then the one before it counts" in page
    assert "T1_double_visible" in page
    assert grade(course, ["bob"]) == {"bob": None}
    assert grade(course, ["bob"], resume=False)["bob"] == outcome
    path.unlink(missing_ok=True)
    path.write_bytes(right)
    assert grade(course, ["bob"])["bob"].label == ""
    registration.apply_settings(course)
    assert score_everywhere(course, "bob") == ({2.5}, 2.5), "it is as late as it is"


@pytest.mark.slow
@pytest.mark.parametrize("step", ["prepare", "record"])
def test_where_nbgrader_fails_on_newer_work_the_one_before_counts(course, monkeypatch, step):
    def fails(*_):
        raise ValueError("of nbgrader")

    assert grade(course)["bob"].status == GRADED
    before = score_everywhere(course, "bob")
    submit(course, "bob", "3 * x")
    monkeypatch.setattr(Batch, step, fails)
    outcome = grade(course, ["bob"])["bob"]
    assert outcome.label == "newer submission cannot be graded"
    assert "ValueError: of nbgrader" in outcome.staff
    assert score_everywhere(course, "bob") == before


@pytest.mark.slow
@pytest.mark.parametrize("lost", ["copy", "grades"])
def test_half_of_an_earlier_submission_that_counts_is_never_given_up(course, lost):
    path = course.folder("submitted", "bob", ASSIGNMENT) / "tiny.ipynb"
    copy = course.folder("autograded", "bob", ASSIGNMENT)
    grade(course)
    path.write_bytes(b"")
    grade(course, ["bob"])
    assert class_run.lost_grades(course, ASSIGNMENT, STUDENTS) == []
    if lost == "copy":
        shutil.move(copy, course.root / "kept")
    else:
        with course.gradebook() as gradebook:
            gradebook.remove_submission(ASSIGNMENT, "bob")
        assert class_run.lost_grades(course, ASSIGNMENT, STUDENTS) == ["bob"]
    for resume in (True, False):
        outcome = grade(course, ["bob"], resume=resume)["bob"]
        assert outcome.status == FAILED
        assert (COPY_GONE if lost == "copy" else GRADES_GONE) in outcome.staff
    if lost == "copy":
        with course.gradebook() as gradebook:
            assert gradebook.find_submission(ASSIGNMENT, "bob").score == 3
        shutil.move(course.root / "kept", copy)
        assert grade(course, ["bob"])["bob"].label == "newer submission cannot be graded"
    else:
        assert (copy / "tiny.ipynb").is_file()
        shutil.rmtree(copy)
        assert grade(course, ["bob"])["bob"].status == UNGRADABLE


def score_everywhere(course, student):
    """What the report, the formgrader and the feedback page say, and what lateness costs."""
    [line] = [x for x in report.make_report(course, ASSIGNMENT).lines if x.student == student]
    feedback.make_feedback(course, ASSIGNMENT, student)
    page = (course.folder("feedback", student, ASSIGNMENT) / "tiny.html").read_text()
    [shown] = re.findall(r"\(Score: ([\d.]+) / 10", page)
    entries = course.nbgrader().get_submissions(ASSIGNMENT)
    [formgrader] = [entry["score"] for entry in entries if entry["student"] == student]
    return {line.total, float(shown), formgrader - line.penalty}, line.penalty


def seed_of(course, student):
    path = course.folder("autograded", student, ASSIGNMENT) / "tiny.ipynb"
    return nbformat.read(path, as_version=4).metadata.course.seed


@pytest.mark.slow
def test_changed_work_gets_new_inputs_and_the_same_work_the_same(course):
    grade(course)
    seed = seed_of(course, "ada")
    grade(course, resume=False)
    assert seed_of(course, "ada") == seed
    submit(course, "ada", "3 * x")
    grade(course)
    assert seed_of(course, "ada") != seed
    submit(course, "ada")
    grade(course)
    assert seed_of(course, "ada") == seed


@pytest.mark.slow
def test_what_only_the_student_can_add_gets_new_inputs(course):
    """A table of answers may stand in a cell of the student's own, or in a file."""
    grade(course, ["ada"])
    seeds = [seed_of(course, "ada")]
    path = course.folder("submitted", "ada", ASSIGNMENT) / "tiny.ipynb"
    nb = nbformat.read(path, as_version=4)
    nb.cells.insert(0, new_code_cell("TABLE = {}", id="own"))
    nbformat.write(nb, path)
    grade(course, ["ada"])
    seeds.append(seed_of(course, "ada"))
    path.with_name("table.txt").write_text("{}")
    grade(course, ["ada"])
    seeds.append(seed_of(course, "ada"))
    assert len(set(seeds)) == 3


@pytest.mark.slow
def test_a_lost_secret_stops_the_run_and_a_new_one_has_everybody_graded_again(course):
    grade(course)
    seed = seed_of(course, "ada")
    (course.root / "gradebook.secret").unlink()
    with pytest.raises(CourseError, match=r"gradebook\.secret is missing"):
        grade(course, resume=False)
    assert times_saved(course) == dict.fromkeys(STUDENTS, 1)
    command = ["course", "autograde", "--new-secret"]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    again = subprocess.run(
        command, cwd=course.root, env=environment, capture_output=True, text=True
    )
    assert "3 graded" in again.stdout, again.stderr
    assert seed_of(course, "ada") != seed
    assert grade(course) == dict.fromkeys(STUDENTS)


@pytest.mark.slow
def test_what_was_graded_with_limits_of_its_own_stays_until_others_are_asked_for(course):
    assert grade(course, timeout=20)["ada"].status == GRADED
    assert grade(course) == dict.fromkeys(STUDENTS)
    assert grade(course, timeout=20) == dict.fromkeys(STUDENTS)
    assert all(grade(course, timeout=21).values())


@pytest.mark.slow
def test_an_interrupted_run_with_force_goes_on_without_it(course):
    grade(course)
    interrupted = class_run.autograde(course, ASSIGNMENT, STUDENTS, Options(resume=False))
    first, _ = next(interrupted)
    interrupted.close()
    assert grade(course)[first] is None
    assert times_saved(course) == dict.fromkeys(STUDENTS, 2)


def test_force_has_nothing_to_do_where_nobody_has_submitted(course):
    assert grade(course, students=[], resume=False) == {}


@pytest.mark.slow
def test_nothing_half_graded_can_be_seen(course):
    run = class_run.autograde(course, ASSIGNMENT, STUDENTS, Options(jobs=3))
    first, _ = next(run)  # the others have been prepared, or have run
    assert course.students("autograded", ASSIGNMENT) == [first]
    with course.gradebook() as gradebook:
        assert [student.id for student in gradebook.students] == [first]
    run.close()
    left = {path.name for path in (course.root / "autograded").iterdir()}
    assert left == {first, ".lock", source_check.CACHE}


def test_two_runs_do_not_meddle(course):
    first = class_run.autograde(course, ASSIGNMENT, STUDENTS)
    next(first)
    command = ["course", "autograde"]
    second = subprocess.run(command, cwd=course.root, capture_output=True, text=True)
    first.close()
    assert second.returncode == 2
    assert "another `course autograde` is at work" in second.stderr


def manage_submissions(course):
    """What the formgrader's page of that name shows: students and when they handed in."""
    submissions = course.nbgrader().get_submissions(ASSIGNMENT)
    return {line["student"]: line["timestamp"] for line in submissions}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("", None),
        ("yesterday-ish", None),
        ("2027-03-05 12:00:00 +0300", "2027-03-05T09:00:00"),
        ("\ufeff2027-03-05 12:00:00 UTC", "2027-03-05T12:00:00"),
    ],
)
def test_after_grading_the_formgrader_reads_every_timestamp(course, text, time):
    path = course.folder("submitted", "bob", ASSIGNMENT) / "timestamp.txt"
    path.write_text(text, encoding="utf-8")
    with contextlib.suppress(ValueError):  # which is HTTP 500, for the whole class
        assert manage_submissions(course)["bob"] != time, "nbgrader takes +0300 for seconds"
    assert grade(course, ["bob"])["bob"].status == GRADED
    assert manage_submissions(course) == {"ada": A_DAY_EARLY, "bob": time, "cleo": A_DAY_EARLY}
    assert grade(course, ["bob"]) == {"bob": None}
    path.write_text("2027-03-04 12:00:00 UTC\n")
    assert grade(course, ["bob"])["bob"].status == GRADED
    assert path.read_text() == "2027-03-04 12:00:00 UTC\n"


@pytest.mark.slow
def test_a_time_that_cannot_be_read_is_unknown_whatever_an_earlier_one_was(course):
    path = course.folder("submitted", "bob", ASSIGNMENT) / "timestamp.txt"
    path.write_text("2027-03-09 12:00:00 UTC")
    grade(course, ["bob"])
    late = next(x for x in report.make_report(course, ASSIGNMENT).lines if x.student == "bob")
    assert late.penalty == pytest.approx(1.2)
    path.write_text("the ninth, 11:50 PM")
    outcome = grade(course, ["bob"])["bob"]
    assert outcome.label == "unreadable timestamp"
    assert "recorded as `the ninth, 11:50 PM`, which cannot be read" in outcome.student
    line = next(x for x in report.make_report(course, ASSIGNMENT).lines if x.student == "bob")
    assert (line.total, line.penalty) == (3, 0)


class _Executor(concurrent.futures.Executor):
    """Passes job and result through pickle, as an executor on another machine does."""

    def submit(self, function, /, *arguments):
        future = concurrent.futures.Future()
        function, *arguments = pickle.loads(pickle.dumps((function, *arguments)))
        try:
            future.set_result(pickle.loads(pickle.dumps(function(*arguments))))
        except Exception as error:
            future.set_exception(error)
        return future


class _BrokenExecutor(concurrent.futures.Executor):
    def submit(self, function, /, *arguments):
        future = concurrent.futures.Future()
        future.set_exception(RunRoomError("the cable is out"))
        return future


@pytest.mark.slow
def test_any_executor_may_run_the_notebooks(course):
    run = class_run.autograde(course, ASSIGNMENT, STUDENTS, executor=_Executor())
    assert {outcome.status for _, outcome in run} == {GRADED}


@pytest.mark.sandbox
def test_where_the_run_room_fails_nobody_gets_a_zero(course):
    run = class_run.autograde(course, ASSIGNMENT, ["ada"], executor=_BrokenExecutor())
    [(_, outcome)] = run
    assert (outcome.status, outcome.staff) == (FAILED, "the cable is out")
    assert read_outcomes(course.gradebook_file) == {}
    with course.gradebook() as gradebook:
        assert gradebook.students == []
    assert course.students("autograded", ASSIGNMENT) == []


@pytest.mark.slow
def test_where_texts_cannot_be_cleaned_nobody_gets_a_zero(course, monkeypatch):
    show = "from IPython.display import HTML, display\ndisplay(HTML('<b>not seen before</b>'))"
    text = f"# %% T1_double\n{show}\ndouble = lambda x: 2 * x\n"
    submissions.fill(course, ASSIGNMENT, write_answers(course.root, "ada", text))
    WORKER.close()
    with monkeypatch.context() as patch:
        patch.setattr(text_worker, "_MODULE", "course_utils.no_such_module")
        assert grade(course, ["ada"])["ada"].status == FAILED
    assert grade(course, ["ada"])["ada"].status == GRADED


@pytest.mark.parametrize("half", ["prepare", "record"])
def test_a_submission_that_nbgrader_cannot_cope_with_costs_nobody_else(course, monkeypatch, half):
    real = getattr(Batch, half)

    def fail_for_bob(self, first, *rest):
        if "bob" in (rest[0], getattr(first, "student", None)):
            raise ZeroDivisionError("odd notebook")
        return real(self, first, *rest)

    monkeypatch.setattr(Batch, half, fail_for_bob)
    outcomes = grade(course, resume=False)
    statuses = {student: outcome.status for student, outcome in outcomes.items()}
    assert statuses == {"ada": GRADED, "bob": UNGRADABLE, "cleo": GRADED}
    assert outcomes["bob"].staff == "nbgrader says: ZeroDivisionError: odd notebook"
    assert course.students("autograded", ASSIGNMENT) == ["ada", "cleo"]
    with course.gradebook() as gradebook:
        scores = {s.student.id: s.score for s in gradebook.assignment_submissions(ASSIGNMENT)}
    assert scores == {"ada": 3, "bob": 0, "cleo": 3}


@pytest.mark.slow
def test_what_cannot_be_a_notebook_is_not_recorded_as_one(course, monkeypatch):
    def break_notebook(self, nb, resources):
        nb.cells[0].source = 12
        return nb, resources

    monkeypatch.setattr(IgnorePattern, "__call__", break_notebook)
    [outcome] = grade(course, ["ada"]).values()
    assert outcome.status == UNGRADABLE
    assert "12 is not valid under any of the given schemas" in outcome.staff
    with pytest.raises(ValidationError):
        new_code_cell(12)


def times_open(path):
    """How often this process has a file open."""
    return sum(link.resolve() == path.resolve() for link in Path("/proc/self/fd").iterdir())


def test_a_gradebook_that_cannot_be_written_stops_the_run_and_says_so(course, monkeypatch):
    monkeypatch.setattr(ledger, "PATIENCE", 50)
    with contextlib.closing(sqlite3.connect(course.gradebook_file)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        before = times_open(course.gradebook_file)
        with pytest.raises(CourseError, match="cannot be used: database is locked") as refusal:
            grade(course, resume=False)
        connection.rollback()  # while a lock is held, SQLite keeps closed files of a process open
        assert times_open(course.gradebook_file) == before, refusal  # which keeps all its frames


def test_a_submission_of_nothing_but_its_notebook_runs_in_an_ordinary_kernel(course):
    with open(course.root / "nbgrader_config.py", "a") as config:
        config.write('c.ExecuteSubmission.room = "kernel"\n')
    (folder,) = (course.root / "submitted").glob(f"ada/{ASSIGNMENT}")
    for file in folder.iterdir():
        if file.suffix != ".ipynb":
            file.unlink()
    assert grade(course, ["ada"])["ada"].status == GRADED
    (graded,) = (course.root / "autograded").glob(f"ada/{ASSIGNMENT}/*.ipynb")
    assert "FileNotFoundError" not in graded.read_text()
    cells = {
        cell.metadata.get("nbgrader", {}).get("grade_id"): cell
        for cell in read_notebook(graded).cells
    }
    assert cells["T1_double_visible"].outputs == []


def test_nothing_is_graded_where_a_check_lacks_its_package(course):
    (path,) = course.notebooks(ASSIGNMENT)
    nb = read_notebook(path)
    test = next(cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade"))
    test.source = f'if check.needs("no_such_package", "double", points=1):\n    {test.source}'
    nbformat.write(nb, path)
    with pytest.raises(CourseError, match="cannot be graded without no_such_package"):
        grade(course)
    assert read_outcomes(course.gradebook_file) == {}


PLAIN_CONFIG = "c = get_config()\n"


@pytest.mark.parametrize(
    ("config", "missing"),
    [
        (PLAIN_CONFIG, "lacks RestoreSubmission, OverwriteSilently, ExecuteSubmission"),
        (PLAIN_CONFIG + "c.Autograde.autograde_preprocessors.append('a.B')\n", "RestoreSubmission"),
        (
            PLAIN_CONFIG + "from course_utils.staff.engine import use_engine\nuse_engine(c)\n"
            "del c.Autograde.autograde_preprocessors[0]\n",
            r"\(it lacks ExecuteSubmission\)",
        ),
    ],
)
def test_a_configuration_without_the_engine_is_refused_with_the_lines_to_add(
    course, config, missing
):
    (course.root / "nbgrader_config.py").write_text(config)
    before = gradebook_rows(course.gradebook_file)
    for run in (class_run.autograde, class_run.grade_assignment):
        with pytest.raises(CourseError, match=missing) as refusal:
            list(run(course, ASSIGNMENT, STUDENTS, Options()))
        assert "\nuse_engine(c)\n" in str(refusal.value)
    assert gradebook_rows(course.gradebook_file) == before
    assert course.students("autograded") == []


def test_only_may_name_students_of_any_of_the_assignments(tmp_path):
    for student, assignment in (("ada", "01"), ("ada", "02"), ("bob", "02")):
        (tmp_path / "submitted" / student / assignment).mkdir(parents=True)
    choose = functools.partial(class_run.choose_students, Course(tmp_path), ["01", "02"])
    assert choose() == {"01": ["ada"], "02": ["ada", "bob"]}
    assert choose(["bob"]) == {"02": ["bob"]}
    with pytest.raises(CourseError, match="'cleo' for 01 or 02; there are ada, bob"):
        choose(["bob", "cleo"])
