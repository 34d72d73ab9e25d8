"""What a test cell can do with a student's names, and whose a name is."""

import pytest

from course_utils.staff.grading.job import Cell, Job
from course_utils.staff.grading.run import run_room

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def closed_run_room():
    yield
    run_room.close()


def errors(student, test, *trusted, later="pass"):
    """The errors of the tests ``test`` and ``later`` after a student's cell; the room is used."""
    cells = (
        Cell(0, "answer", "solution", student),
        Cell(1, "test", "test", test),
        Cell(2, "later", "test", later),
    )
    trusted += (("test", "test", test), ("later", "test", later))
    result = run_room.run_notebook(Job(cells, trusted, 1))
    return [
        next(
            (content["evalue"] for kind, content in result.messages[place] if kind == "error"), None
        )
        for place in (1, 2)
    ]


SQUARES = "def square(x):\n    return x * x\n\ndef cube(x):\n    return x * square(x)"
USES_SQUARE = """
kept = square
del square
try:
    cube(2)
except NameError:
    pass
else:
    raise AssertionError("cube does without square")
finally:
    square = kept
assert cube(2) == 8
"""
DEFINED = ("answer", "solution", SQUARES)


def test_a_deleted_name_is_missing_for_the_students_code_until_it_is_put_back():
    assert errors(SQUARES, USES_SQUARE, DEFINED) == [None, None]


def test_a_name_that_was_put_back_is_the_students_for_the_next_cell():
    assert errors(SQUARES, USES_SQUARE, DEFINED, later="assert square(3) == 9") == [None, None]


SQUARE, CUBE = SQUARES.split("\n\n")


def given_square(student, test=USES_SQUARE, later="assert cube(2) == 8 and square(3) == 9"):
    """As `errors`, where `square` stands in a given cell, which both sides run."""
    trusted = ("given", "given", SQUARE), ("answer", "solution", CUBE)
    cells = (
        Cell(0, "given", "given", SQUARE),
        Cell(1, "answer", "solution", student),
        Cell(2, "test", "test", test),
        Cell(3, "later", "test", later),
    )
    trusted += (("test", "test", test), ("later", "test", later))
    result = run_room.run_notebook(Job(cells, trusted, 1))
    return [
        next(
            (content["evalue"] for kind, content in result.messages[place] if kind == "error"), None
        )
        for place in (2, 3)
    ]


def test_a_deleted_name_of_a_given_cell_is_missing_for_the_students_code_too():
    assert given_square(CUBE) == [None, None]
    student = CUBE.replace("x * square(x)", "x ** 3")
    assert given_square(student) == ["cube does without square", None]


def test_a_given_name_may_be_deleted_for_good():
    test = "del square\ntry:\n    cube(2)\nexcept NameError:\n    raise KeyError('gone')"
    assert given_square(CUBE, test, later="assert cube(2) == 8") == ["'gone'", None]


def test_what_does_not_depend_on_the_deleted_name_is_found_out():
    student = SQUARES.replace("x * square(x)", "x ** 3")
    assert errors(student, USES_SQUARE, DEFINED) == ["cube does without square", None]


def test_a_deleted_name_is_back_for_the_next_cell():
    test = "del square\ntry:\n    square\nexcept NameError:\n    raise KeyError('gone')"
    assert errors(SQUARES, test, DEFINED, later="assert cube(2) == 8") == ["'gone'", None]


def test_a_name_that_the_student_has_not_defined_cannot_be_deleted():
    assert errors("pass", "del square", DEFINED) == ["name 'square' is not defined", None]


def test_a_name_that_the_source_does_not_define_is_the_students():
    placeholder = ("answer", "solution", "raise NotImplementedError")
    assert errors("a = 1", "assert a == 1", placeholder, later="assert a == 2") == [None, ""]


def test_a_name_that_came_with_an_import_of_everything_is_not_the_students():
    given = ("given", "given", "from math import *")
    assert errors("fabs = lambda x: 1", "assert fabs(-1) == 2", given) == ["", None]
    assert errors("fabs = lambda x: 2", "assert fabs(-1) == 2", given) == ["", None]
