"""The table of what rests on what, which students have of a source notebook."""

import nbformat
import pytest
from nbformat.v4 import new_notebook
from tiny_course import nbgrader_cell

from course_utils.staff.authoring.rests_on_table import rests_on_table
from course_utils.staff.authoring.source_notebook import SourceNotebook
from course_utils.staff.course import CourseError

ANSWERS = {
    "C1_one": "def one(): return 1",
    "C2_two": "def two(): return 2\ndef half(): return two() / 2",
    "C3_three": "def three(): return sum([one(), half()])\nnumber = three()",
    "C4_four": "def four(): return three() + 1\ndef alone(): return 0",
    "C5_five": "def five(): return 5",
    "C6_six": "def six(): return one() + five()",
}
TESTS = {"C5_five_visible": "assert five() == one() + 4"}


@pytest.fixture
def table(tmp_path):
    """Make the table of a notebook that declares what is given."""

    def make(**rests_on):
        cells = [nbgrader_cell("solution", *answer) for answer in ANSWERS.items()]
        cells += [nbgrader_cell("test", *test, 1) for test in TESTS.items()]
        nb = new_notebook(cells=cells, metadata={"course": {"rests_on": rests_on}})
        nbformat.write(nb, tmp_path / "numbers.ipynb")
        return rests_on_table(SourceNotebook(tmp_path / "numbers.ipynb"))

    return make


def test_each_name_rests_on_what_it_makes_use_of_as_far_as_that_is_declared(table):
    found = table(C3=["C2"], C4=["C3"], C5=["C1"], C6=["C1"])
    assert found == {
        "one": {"exercise": "C1", "rests_on": []},
        "half": {"exercise": "C2", "rests_on": []},
        "two": {"exercise": "C2", "rests_on": []},
        "number": {"exercise": "C3", "rests_on": ["C2"]},  # and on C1, which nobody declared
        "three": {"exercise": "C3", "rests_on": ["C2"]},
        "alone": {"exercise": "C4", "rests_on": []},
        "four": {"exercise": "C4", "rests_on": ["C2", "C3"]},
        "five": {"exercise": "C5", "rests_on": ["C1"]},  # its test does
        "six": {"exercise": "C6", "rests_on": ["C1"]},
    }


def test_nothing_declared_is_an_empty_table(table):
    assert table() == {}


def test_what_cannot_be_is_refused(table):
    with pytest.raises(CourseError, match="C3 does not come before C1"):
        table(C1=["C3"])
