"""A course is found from anywhere inside it; its parts are listed."""

import pytest
from tiny_course import ASSIGNMENT, make_course

from course_utils.staff.course import Course, CourseError, failed


@pytest.fixture
def course(tmp_path):
    return Course(make_course(tmp_path / "course"))


def test_it_is_found_from_a_folder_below(course, monkeypatch):
    monkeypatch.chdir(course.folder("source", assignment=ASSIGNMENT))
    assert Course.find() == course
    assert Course.find(course.root) == course


def test_outside_of_a_course_it_says_what_makes_one(tmp_path):
    with pytest.raises(CourseError, match="no course here.*nbgrader_config.py.*--course"):
        Course.find(tmp_path)


def test_topics_are_names_or_parts_of_names(course):
    (course.folder("source") / "02_other").mkdir()
    source = course.notebooks(ASSIGNMENT)[0]
    (course.folder("source") / "02_other" / "other.ipynb").write_bytes(source.read_bytes())
    assert course.select([]) == [ASSIGNMENT, "02_other"]
    assert course.select(["tiny"]) == [ASSIGNMENT]
    assert course.select(["02", "other"]) == ["02_other"]
    with pytest.raises(CourseError, match="'0' names several assignments; expected one of 01_tiny"):
        course.select(["0"])
    with pytest.raises(CourseError, match="'03' names no assignment; expected one of 01_tiny, 02"):
        course.select(["03"])


def test_a_course_without_notebooks_says_so(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    with pytest.raises(CourseError, match="no assignments"):
        Course(tmp_path).select([])


def test_the_exchange_is_made_where_it_is_missing(course):
    exchange = course.root / "exchange"
    assert not exchange.exists()
    assert course.nbgrader().exchange_is_functional
    assert exchange.is_dir()


def test_ctrl_c_is_no_failed_submission():
    """nbgrader's API catches everything; without this a class could not be interrupted."""
    with pytest.raises(KeyboardInterrupt):
        failed({"success": False, "error": "Traceback …\nKeyboardInterrupt\n"})
    assert failed({"success": True}) is None
    assert failed({"success": False, "error": "Traceback …\nValueError: no\n"}) == "ValueError: no"


def test_the_reason_of_a_failure_is_looked_for_in_the_log():
    log = "[ERROR] It failed\n    Traceback …\n    builtins.KeyError: 'x'\n[ERROR] Please see\n"
    result = {"success": False, "error": "x\nNbGraderException: Please see above", "log": log}
    assert failed(result) == "KeyError: 'x'"
