"""A test cell waits for a person where somebody has worked on what it tests."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader import utils
from tiny_course import nbgrader_cell

from course_utils.staff.grading.undecided import _leave_to_a_person

STUBS = {"T1_push": "def push(x):\n    ...", "T2_pop": "def pop(x):\n    ..."}
TESTS = {"T1_push_test": "assert push([])", "T2_pop_test": "assert pop([1])", "T3_test": "assert 1"}


def waiting(answers, extra=()):
    """The tests that wait, of a notebook with some answers and cells of the student's own."""
    solutions = [nbgrader_cell("solution", name, stub) for name, stub in STUBS.items()]
    for cell in solutions:
        cell.metadata.nbgrader.checksum = utils.compute_checksum(cell)
        cell.source = answers.get(cell.metadata.nbgrader.grade_id, cell.source)
    free = [nbgrader_cell("free", "T0_explore", "print(1)"), *map(new_code_cell, extra)]
    tests = [nbgrader_cell("test", name, source, 1) for name, source in TESTS.items()]
    nb = nbformat.from_dict(new_notebook(cells=[*free, *solutions, *tests]))
    return set(_leave_to_a_person(nb, dict.fromkeys(TESTS, "why")))


@pytest.mark.parametrize(
    ("answers", "extra", "expected"),
    [
        ({}, [], set()),
        ({"T1_push": "def push(x):\n    return 1"}, [], {"T1_push_test", "T3_test"}),
        ({"T1_push": "def push(x:"}, [], set(TESTS)),
        ({"T1_push": "y = 1"}, [], {"T1_push_test", "T3_test"}),
        ({}, ["def pop(x):\n    return 1"], {"T2_pop_test"}),
        ({}, ["print('a note')"], set()),
    ],
    ids=["blank", "answered", "no Python", "the function removed", "elsewhere", "a note"],
)
def test_what_is_about_a_changed_answer_waits(answers, extra, expected):
    assert waiting(answers, extra) == expected
