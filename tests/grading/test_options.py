"""Limits and isolation, from the command line or from the configuration."""

import pytest
from tiny_course import make_course

from course_utils.sandbox.isolation.probe import Attempt, Report
from course_utils.staff.course import Course, CourseError
from course_utils.staff.grading import options
from course_utils.staff.grading.options import Options, check_isolation, usable_cores
from course_utils.staff.grading.run import run_room

WEAK = Report("limits", (Attempt("read the gradebook", "landlock", False, ""),))


@pytest.fixture
def course(tmp_path):
    return Course(make_course(tmp_path / "course"))


@pytest.fixture
def weak_machine(monkeypatch):
    monkeypatch.setattr(run_room, "isolation", lambda: WEAK)


def configure(course, line):
    with open(course.root / "nbgrader_config.py", "a") as config:
        config.write(line + "\n")


def limits(course, given):
    step = given.execute_step(course)
    return step.timeout, step.notebook_timeout, step.memory


def test_what_is_not_given_is_as_configured(course):
    configure(course, "c.Execute.timeout = 7")
    configure(course, "c.ExecuteSubmission.memory = 512")
    _, notebook_timeout, _ = limits(course, Options())
    assert limits(course, Options()) == (7, notebook_timeout, 512)
    assert limits(course, Options(timeout=9)) == (9, notebook_timeout, 512)
    assert limits(course, Options(notebook_timeout=8, memory=300)) == (7, 8, 300)


@pytest.mark.sandbox
def test_too_little_isolation_is_refused_with_what_was_not_stopped(course, weak_machine):
    assert check_isolation(course, Options()) == WEAK
    assert check_isolation(course, Options(isolation="limits")) == WEAK
    with pytest.raises(CourseError, match="'landlock' is required.*reaches 'limits'") as refused:
        check_isolation(course, Options(isolation="landlock"))
    assert "not stopped: read the gradebook" in str(refused.value)


def test_the_configuration_may_ask_for_isolation_too(course, weak_machine):
    configure(course, 'c.ExecuteSubmission.require_isolation = "full"')
    with pytest.raises(CourseError, match="'full' is required"):
        check_isolation(course, Options())


def test_an_ordinary_kernel_isolates_nothing(course):
    configure(course, 'c.ExecuteSubmission.room = "kernel"')
    assert check_isolation(course, Options()).level == "none"


def test_there_is_at_least_one_core_and_not_more_than_memory_allows(monkeypatch):
    monkeypatch.setattr(options.os, "sched_getaffinity", lambda _: range(64), raising=False)
    assert usable_cores() == options.MOST_JOBS
    monkeypatch.delattr(options.os, "sched_getaffinity")
    monkeypatch.setattr(options.os, "cpu_count", lambda: None)
    assert usable_cores() == 1
