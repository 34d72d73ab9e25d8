"""The isolation stamped on a notebook is what attacks found, whoever has it graded."""

import nbformat
import pytest
from small_jobs import grade
from tiny_course import ASSIGNMENT, make_course, write_answers

from course_utils.sandbox.isolation import LEVELS, probe
from course_utils.staff.authoring.release import make_release
from course_utils.staff.authoring.submissions import fill
from course_utils.staff.course import Course, failed
from course_utils.staff.grading import class_run, event_log, registration
from course_utils.staff.grading.outcomes import read_outcomes
from course_utils.staff.grading.results import graded_notebooks
from course_utils.staff.grading.run import run_room

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]

# A filter of system calls that is switched on and forbids nothing.
OPEN_FILTER = """
from course_utils.sandbox.isolation import probe, system_calls
system_calls.install = lambda program: None
probe._main()
"""


@pytest.fixture
def fresh_room():
    """A run room that has not been attacked yet, before and after."""
    run_room.close()
    run_room.isolation.cache_clear()
    yield
    run_room.close()
    run_room.isolation.cache_clear()


@pytest.fixture
def open_filter(fresh_room, monkeypatch):
    monkeypatch.setattr(probe, "PROGRAM", ("-c", OPEN_FILTER))


def mechanisms():
    """The level that the mechanisms promise, which is what the processes report."""
    [pair] = run_room._PAIRS.values()
    return pair.promised


def test_a_mechanism_that_is_on_and_stops_nothing_lowers_the_stamp(open_filter):
    result = grade("x = 1", "assert x == 1")
    assert mechanisms() != "limits", "by what has been switched on, it would be higher"
    assert result.isolation == "limits"


def test_without_a_broken_mechanism_the_stamp_is_what_they_promise(fresh_room):
    result = grade("x = 1", "assert x == 1")
    assert result.isolation == mechanisms() == run_room.isolation().level
    assert LEVELS.index(result.isolation) > LEVELS.index("limits")


@pytest.fixture
def course(tmp_path):
    course = Course(make_course(tmp_path / "course"))
    make_release(course, ASSIGNMENT)
    answers = "# %% T1_double\ndouble = lambda x: 2 * x\n"
    fill(course, ASSIGNMENT, write_answers(course.root, "ada", answers))
    registration.register(course, ASSIGNMENT)
    return course


def grade_by_nbgrader(course):
    assert failed(course.nbgrader().autograde(ASSIGNMENT, "ada")) is None


def grade_by_course(course):
    [_] = class_run.autograde(course, ASSIGNMENT, ["ada"])
    outcome = read_outcomes(course.gradebook_file)[ASSIGNMENT]["ada"]
    assert outcome.isolation == "limits"


@pytest.mark.parametrize("have_it_graded", [grade_by_nbgrader, grade_by_course])
def test_every_way_of_grading_stamps_what_was_found(open_filter, course, have_it_graded):
    have_it_graded(course)
    [path] = graded_notebooks(course, ASSIGNMENT, "ada")
    notebook = nbformat.read(path, as_version=4)
    assert notebook.metadata[event_log.KEY]["isolation"] == "limits"
