"""Whatever an author does, nothing private reaches students, and the cell is named.

Every case is a slip that authors really make. It is first shown that stock nbgrader lets it
through, so that each refusal is known to be needed.
"""

import shutil

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell
from tiny_course import ASSIGNMENT, cell_of, make_course, nbgrader_cell, tiny_notebook
from traitlets.config import Config

from course_utils.staff.course import Course
from course_utils.staff.authoring.release import check_release, make_release
from course_utils.staff.course import generate

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")

SOLUTION = "twice_the_number = x + x"
HIDDEN = "secret_expectation = double(NUMBER)"
SCHEME = "naming addition of the number to itself"


def solution_pasted_into_a_given_cell(nb, source):
    cell_of(nb, "T1_given").source += f"\ndef old(x):\n    {SOLUTION}\n    return twice_the_number"


def solution_pasted_into_prose(nb, source):
    text = f"Try this:\n\n```python\n{SOLUTION}\nreturn  twice_the_number\n```"
    nb.cells.append(new_markdown_cell(text, id="prose"))


def one_line_solution_pasted_into_prose(nb, source):
    nb.cells[0].source += "\n\nIn the end you have `tiny_shape_of_it = (2, 3, 4)`.\n\n"
    nb.cells[0].source += "    tiny_shape_of_it=(2,3,4)"


def written_answer_pasted_into_prose(nb, source):
    nb.cells[0].source += "\n\nDoubling adds the number to itself, once."


def solution_marker_in_small_letters(nb, source):
    cell = cell_of(nb, "T1_given")
    cell.source += f"\n### begin solution\n{SOLUTION}\n### end solution"


def hidden_marker_in_the_singular(nb, source):
    cell = cell_of(nb, "T1_double_hidden_values")
    cell.source = cell.source.replace("HIDDEN TESTS", "HIDDEN TEST")


def hidden_marker_misspelt(nb, source):
    cell = cell_of(nb, "T1_double_hidden_values")
    cell.source = cell.source.replace("BEGIN HIDDEN", "BEGIN HIDEN").replace("### END", "### EDN")


def hidden_markers_forgotten(nb, source):
    cell = cell_of(nb, "T1_double_hidden_values")
    cell.source = "\n".join(line for line in cell.source.splitlines() if "###" not in line)


def hidden_test_pasted_into_a_visible_one(nb, source):
    cell_of(nb, "T1_double_visible").source += f"\n{HIDDEN}\n"
    cell_of(
        nb, "T1_double_visible"
    ).source += 'assert secret_expectation == 42, "double(21) is wrong"'


def mark_scheme_marker_misspelt(nb, source):
    cell = cell_of(nb, "T2_task")
    cell.source = cell.source.replace("MARK SCHEME", "MARKING SCHEME")


def mark_scheme_pasted_elsewhere(nb, source):
    nb.cells[0].source += "\n\nFull marks for naming addition of the number to itself."


def import_of_the_reference(nb, source):
    cell_of(
        nb, "T1_double_visible"
    ).source = "from course_utils.staff import reference\nassert double(1) == 2"


def import_of_the_mistakes_by_a_longer_way(nb, source):
    nb.cells.append(new_code_cell("from course_utils import check, staff", id="extra"))


def import_of_the_sandbox(nb, source):
    # it is no secret, but students do not have it
    text = "from course_utils.sandbox.isolation import LEVELS"
    nb.cells.append(new_code_cell(text, id="extra"))


def import_by_name(nb, source):
    text = "import importlib\nimportlib.import_module('course_utils.staff.grading.seeds')"
    nb.cells.append(new_code_cell(text, id="extra"))


def solution_cell_without_metadata(nb, source):
    cell = cell_of(nb, "T1_double")
    cell.source = "def double(x):\n    return 2 * x"
    del cell.metadata["nbgrader"]


def solution_again_in_another_words(nb, source):
    nb.cells.insert(2, nbgrader_cell("locked", "T1_more", "def double(x):\n    return x * 2"))


def solution_in_cell_metadata(nb, source):
    nb.cells[0].metadata["notes"] = {"for_tas": [f"{SOLUTION}\nreturn twice_the_number"]}


def solution_in_notebook_metadata(nb, source):
    nb.metadata["draft"] = f"{SOLUTION}\nreturn twice_the_number"


def picture_left_in_a_written_answer(nb, source):
    cell = cell_of(nb, "T2_answer")
    cell.source = "![the drawing](attachment:drawing.png)"
    cell["attachments"] = {"drawing.png": {"image/png": "aGVsbG8="}}


def helper_file_that_imports_the_reference(nb, source):
    (source / "helper.py").write_text("import course_utils.staff.reference as answers\n")


def helper_file_with_the_solution(nb, source):
    text = f"def twice(x):\n    {SOLUTION}\n    return twice_the_number\n"
    (source / "data").mkdir()
    (source / "data" / "notes.txt").write_text(text)


def helper_file_with_solution_markers(nb, source):
    # nbgrader takes regions out of notebooks only
    (source / "helper.py").write_text("### BEGIN SOLUTION\nx = 1\n### END SOLUTION\n")


def archive_beside_the_notebook(nb, source):
    folder = source.parent.parent / "private"
    folder.mkdir()
    (folder / "solution.py").write_text(SOLUTION)
    shutil.make_archive(str(source / "material"), "zip", folder)


# slip -> where it is reported, and a piece of what stock nbgrader would have given away
SLIPS = {
    solution_pasted_into_a_given_cell: ("cell T1_given: shows the solution of cell", SOLUTION),
    solution_pasted_into_prose: ("cell number 11: shows the solution of cell T1_double", SOLUTION),
    one_line_solution_pasted_into_prose: (
        "cell number 1: shows the solution of cell T3_shape",
        "tiny_shape_of_it=(2,3,4)",
    ),
    written_answer_pasted_into_prose: (
        "cell number 1: shows the solution of cell T2_answer",
        "adds the number to itself",
    ),
    solution_marker_in_small_letters: ("cell T1_given: '### begin solution' looks", SOLUTION),
    hidden_marker_in_the_singular: ("cell T1_double_hidden_values: '### BEGIN HIDDEN", HIDDEN),
    hidden_marker_misspelt: ("cell T1_double_hidden_values: '### BEGIN HIDEN TESTS'", HIDDEN),
    hidden_markers_forgotten: ("cell T1_double_hidden_values: a hidden test cell that", HIDDEN),
    hidden_test_pasted_into_a_visible_one: ("cell T1_double_visible: shows the hidden", HIDDEN),
    mark_scheme_marker_misspelt: ("cell T2_task: '### BEGIN MARKING SCHEME' looks", SCHEME),
    mark_scheme_pasted_elsewhere: ("cell number 1: shows the mark scheme of cell T2", SCHEME),
    import_of_the_reference: ("cell T1_double_visible: names course_utils.staff", "reference"),
    import_of_the_mistakes_by_a_longer_way: (
        "cell number 11: names course_utils.staff",
        "staff",
    ),
    import_of_the_sandbox: ("cell number 11: names course_utils.sandbox", "sandbox.isolation"),
    import_by_name: ("cell number 11: names course_utils.staff", "course_utils.staff.grading.seeds"),
    solution_cell_without_metadata: (
        "cell number 3: defines double, which cell T1_double_hidden_values tests",
        "return 2 * x",
    ),
    solution_again_in_another_words: (
        "cell T1_more: defines double, which cell T1_double asks students for",
        "return x * 2",
    ),
    solution_in_cell_metadata: ("cell number 1, metadata notes.for_tas.0: shows", SOLUTION),
    solution_in_notebook_metadata: ("notebook metadata draft: shows the solution", SOLUTION),
    picture_left_in_a_written_answer: (
        "cell T2_answer: attachment 'drawing.png' stays",
        "aGVsbG8=",
    ),
    helper_file_that_imports_the_reference: (
        "file helper.py: names course_utils.staff",
        "course_utils.staff.reference",
    ),
    helper_file_with_the_solution: ("file data/notes.txt: shows the solution", SOLUTION),
    helper_file_with_solution_markers: ("file helper.py: '### BEGIN SOLUTION' looks", "x = 1"),
    archive_beside_the_notebook: ("file material.zip: a .zip file cannot be searched", "PK"),
}


@pytest.fixture
def course(tmp_path):
    return Course(make_course(tmp_path / "course"))


def edit(course, change):
    path = course.notebooks(ASSIGNMENT)[0]
    nb = nbformat.read(path, as_version=4)
    change(nb, path.parent)
    nbformat.write(nb, path)


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.__name__)
def test_a_slip_that_stock_nbgrader_lets_through_is_refused(course, slip):
    edit(course, slip)
    where, piece = SLIPS[slip]

    stock = course.root / "stock"
    assert generate(course, ASSIGNMENT, stock) is None
    released = [path for path in (stock / ASSIGNMENT).rglob("*") if path.is_file()]
    assert any(piece in path.read_text(errors="replace") for path in released), "not a leak"

    result = make_release(course, ASSIGNMENT)
    assert any(str(leak).startswith(where) for leak in result.leaks), result.leaks
    assert not course.folder("release", assignment=ASSIGNMENT).exists()
    assert check_release(course, ASSIGNMENT).leaks == result.leaks


def test_a_stored_output_is_refused_where_nbgrader_is_told_to_keep_it(course):
    def store_output(nb, source):
        output = nbformat.v4.new_output("stream", name="stdout", text="42\n")
        cell_of(nb, "T1_given").outputs = [output]

    edit(course, store_output)
    with open(course.root / "nbgrader_config.py", "a") as config:
        config.write("\nc.ClearOutput.enabled = False\n")
    [leak] = make_release(course, ASSIGNMENT).leaks
    assert str(leak) == "cell T1_given: a stored output, which shows what the source computed"


@pytest.mark.parametrize(
    ("grade_id", "source", "complaint"),
    [
        ("T1_double", "### BEGIN SOLUTION\nx = 1", "BEGIN SOLUTION without END SOLUTION"),
        ("T1_double", "x = 1\n### END SOLUTION", "END SOLUTION without BEGIN SOLUTION"),
        (
            "T1_double",
            "### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION",
            "a second BEGIN SOLUTION before END SOLUTION",
        ),
        (
            "T1_given",
            "### BEGIN SOLUTION\nx = 1\n### END SOLUTION",
            "BEGIN SOLUTION in a cell that is not a solution cell",
        ),
        (
            "T1_given",
            "### BEGIN HIDDEN TESTS\nx = 1\n### END HIDDEN TESTS",
            "BEGIN HIDDEN TESTS in a cell that is not a test cell",
        ),
        (
            "T1_given",
            "### BEGIN MARK SCHEME\nx = 1\n### END MARK SCHEME",
            "BEGIN MARK SCHEME in a cell that is not a manually graded task cell",
        ),
    ],
)
def test_what_nbgrader_refuses_without_naming_the_cell_is_named(
    course, grade_id, source, complaint
):
    edit(course, lambda nb, _: cell_of(nb, grade_id).update(source=source))
    assert [str(leak) for leak in make_release(course, ASSIGNMENT).leaks] == [
        f"cell {grade_id}: {complaint}"
    ]


@pytest.mark.parametrize(
    "line",
    [
        "# Begin with the solution of the first exercise.",
        "## Solutions of last year",
        "# Hidden tests try other images.",
        "### The end",
        "# Begin here.",
    ],
)
def test_ordinary_comments_and_headings_are_no_markers(course, line):
    edit(course, lambda nb, _: nb.cells.append(new_markdown_cell(line, id="heading")))
    assert make_release(course, ASSIGNMENT).leaks == []


def test_a_locked_helper_that_tests_use_is_no_leak(course):
    def add_helper(nb, source):
        helper = "def nearly(a, b):\n    return abs(a - b) < 1"
        nb.cells.insert(1, nbgrader_cell("locked", "T1_helper", helper))
        cell_of(nb, "T1_double_visible").source = "assert nearly(double(1), 2)"

    edit(course, add_helper)
    assert make_release(course, ASSIGNMENT).leaks == []


def test_the_tiny_notebook_itself_is_fit_for_release(course):
    assert make_release(course, ASSIGNMENT).leaks == []
    assert nbformat.read(course.notebooks(ASSIGNMENT)[0], as_version=4) == tiny_notebook()
    assert isinstance(course.config(), Config)
