"""What a source declares for follow-through credit is true, and gives nothing away."""

import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_notebook
from tiny_course import nbgrader_cell
from traitlets.config import Config

from course_utils.staff.course import read_notebook
from course_utils.staff.grading.declaration_check import check_declaration
from course_utils.staff.grading.execute import ExecuteSubmission
from course_utils.staff.grading.follow_through import DeclarationError, declared

pytestmark = pytest.mark.slow

SOURCES = sorted((Path(__file__).parents[2] / "source").glob("*/*.ipynb"))
CELLS = {
    "A_double": "def double(x):\n    return 2 * x",
    "A_double_hidden": "assert double(3) == 6",
    "B_quadruple": "def quadruple(x):\n    y = double(x)\n    return y + y",
    "B_quadruple_hidden": "assert quadruple(3) == 12",
    "B_quadruple_sign_hidden": "assert quadruple(-3) < 0",
    "C_shift": "def shift(x):\n    return double(x + 1)",
    "C_shift_hidden": "assert shift(3) == 8",
    "D_number": "NUMBER = 5",
    "D_number_hidden": "assert NUMBER == 5",
    "E_more": "MORE = NUMBER + 1",
    "E_more_hidden": "assert MORE == 6",
}


def notebook(course=None, leave_out=()):
    nb = new_notebook(metadata={"course": course} if course is not None else {})
    for name, source in CELLS.items():
        if name not in leave_out:
            is_test = name.endswith("hidden")
            kind, points = ("test", 1) if is_test else ("solution", None)
            nb.cells.append(nbgrader_cell(kind, name, source, points))
    return nb


def refusal(tmp_path, *args, **kwargs):
    path = tmp_path / "small.ipynb"
    nbformat.write(notebook(*args, **kwargs), path)
    with pytest.raises(DeclarationError) as caught:
        check_declaration(path, ExecuteSubmission(config=Config()))
    assert str(caught.value).startswith(f"{path}: ")
    return str(caught.value)


@pytest.mark.parametrize(
    ("course", "told"),
    [
        ({"rests_on": ["B"]}, 'expected an object such as {"C6": ["C1"]}'),
        ({"rests_on": {"B": "A"}}, "expected a list such as"),
        ({"rests_on": {"B": []}}, "expected a list such as"),
        ({"rests_on": {"B_quadruple": ["A"]}}, "B_quadruple has no answer in code"),
        ({"rests_on": {"B": ["A1"]}}, "A1 has no answer in code; expected one of A, B, C, D, E"),
        ({"rests_on": {"A": ["B"]}}, "B does not come before A"),
        ({"rests_on": {"B": ["B"]}}, "B does not come before B"),
        ({"rests_on": {"B": ["A", "A"]}}, "expected a list such as"),
        ({"rests_on": {"B": ["A"]}, "adds": {"A": "nothing"}}, "adds.A: it is not in rests_on"),
        ({"rest_on": {"B": ["A"]}}, "expected an object with rests_on and adds"),
        ({"rests_on": {"B": ["A"]}, "adds": {"B": " "}}, "adds.B is ' '"),
        ({"rests_on": {"D": ["A"]}}, "neither its answers nor its tests call double of it"),
        ({"rests_on": {"E": ["D"]}}, "neither its answers nor its tests call a function of it"),
        ({"rests_on": {"C": ["A"]}}, "say under metadata.course.adds what C adds"),
    ],
)
def test_what_cannot_be_is_refused_in_words(tmp_path, course, told):
    assert told in refusal(tmp_path, course)


def test_an_exercise_that_a_mere_call_passes_is_refused(tmp_path):
    told = refusal(tmp_path, {"rests_on": {"B": ["A"]}})
    assert "does nothing but call double passes B_quadruple_sign_hidden, with A put right" in told


def test_what_is_true_and_gives_nothing_away_is_accepted(tmp_path):
    path = tmp_path / "small.ipynb"
    course = {"rests_on": {"B": ["A"], "C": ["A"]}, "adds": {"C": "one is added first"}}
    nbformat.write(notebook(course, leave_out=["B_quadruple_sign_hidden"]), path)
    check_declaration(path, ExecuteSubmission(config=Config()))


def test_a_notebook_that_declares_nothing_needs_no_check():
    assert declared(notebook()).rests_on == {}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_the_tutorials_declare_what_is_true(path, tmp_path):
    folder = shutil.copytree(path.parent, tmp_path / path.parent.name)
    assert declared(read_notebook(path)).rests_on
    check_declaration(folder / path.name, ExecuteSubmission(config=Config()))
