"""What a TA meets around grading: odd folders, a run that was interrupted, two runs at once."""

import concurrent.futures
import contextlib
import pickle
import sqlite3
import subprocess

import pytest
from tiny_course import ASSIGNMENT, make_course, write_answers

from course_utils.grading.outcomes import FAILED, GRADED, read_outcomes
from course_utils.grading.run import RunRoomError
from course_utils.instructor import autograding, registration, release, submissions
from course_utils.instructor.course import Course
from course_utils.instructor.options import Options

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")

STUDENTS = ["ada", "bob", "cleo"]


@pytest.fixture
def course(tmp_path):
    course = Course(make_course(tmp_path / "course"))
    release.make_release(course, ASSIGNMENT)
    registration.register(course, ASSIGNMENT)
    for student in STUDENTS:
        submit(course, student)
    return course


def submit(course, student, answer="2 * x"):
    text = f"# %% T1_double\ndouble = lambda x: {answer}\n"
    submissions.fill(course, ASSIGNMENT, write_answers(course.root, student, text))


def grade(course, students=STUDENTS, **options):
    run = autograding.autograde(course, ASSIGNMENT, students, Options(**options))
    return dict(run)


def times_saved(course):
    with contextlib.closing(sqlite3.connect(course.gradebook_file)) as connection:
        return dict(connection.execute("SELECT student, times_saved FROM course_outcome"))


def test_a_folder_named_like_no_assignment_is_found(tmp_path):
    (tmp_path / "source" / "01_topic").mkdir(parents=True)
    (tmp_path / "source" / "01_topic" / "topic.ipynb").touch()
    for name in ("01_topic", "01_topik"):
        (tmp_path / "submitted" / "student" / name).mkdir(parents=True)
    [folder] = autograding.misnamed_folders(Course(tmp_path))
    assert folder.as_posix() == "submitted/student/01_topik"


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
def test_an_interrupted_run_with_force_goes_on_without_it(course):
    grade(course)
    interrupted = autograding.autograde(course, ASSIGNMENT, STUDENTS, Options(resume=False))
    first, _ = next(interrupted)
    interrupted.close()
    assert grade(course)[first] is None
    assert times_saved(course) == dict.fromkeys(STUDENTS, 2)


@pytest.mark.slow
def test_nothing_half_graded_can_be_seen(course):
    run = autograding.autograde(course, ASSIGNMENT, STUDENTS, Options(jobs=3))
    first, _ = next(run)  # the others have been prepared, or have run
    assert course.students("autograded", ASSIGNMENT) == [first]
    with course.gradebook() as gradebook:
        assert [student.id for student in gradebook.students] == [first]
    run.close()
    assert {path.name for path in (course.root / "autograded").iterdir()} == {first, ".lock"}


def test_two_runs_do_not_meddle(course):
    first = autograding.autograde(course, ASSIGNMENT, STUDENTS)
    next(first)
    command = ["course", "autograde"]
    second = subprocess.run(command, cwd=course.root, capture_output=True, text=True)
    first.close()
    assert second.returncode == 2
    assert "another `course autograde` is at work" in second.stderr


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
    run = autograding.autograde(course, ASSIGNMENT, STUDENTS, executor=_Executor())
    assert {outcome.status for _, outcome in run} == {GRADED}


def test_where_the_run_room_fails_nobody_gets_a_zero(course):
    run = autograding.autograde(course, ASSIGNMENT, ["ada"], executor=_BrokenExecutor())
    [(_, outcome)] = run
    assert (outcome.status, outcome.staff) == (FAILED, "the cable is out")
    assert read_outcomes(course.gradebook_file) == {}
    with course.gradebook() as gradebook:
        assert gradebook.students == []
    assert course.students("autograded", ASSIGNMENT) == []
