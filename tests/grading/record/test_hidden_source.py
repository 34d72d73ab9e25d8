"""Hidden tests and mark schemes stay hidden in what students get back.

Each defence is switched off once, to show that stock nbgrader gives the source away. The class
is graded in an ordinary kernel, where student code can reach the tests.
"""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from tiny_course import ASSIGNMENT, make_course, nbgrader_cell, write_answers
from traitlets.config import Config

from course_utils.staff.authoring import release, submissions
from course_utils.staff.course import CONFIG_NAME, Course
from course_utils.staff.grading import class_run, registration
from course_utils.staff.grading.record.hidden_source import (
    NOT_SHOWN,
    REDACTED,
    HideFromFeedback,
    HideTestSource,
    secret_lines,
)

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")

SECRET = "secret_expectation = double(NUMBER)"
SCHEME = "naming addition of the number to itself"
# prints the source of whatever calls it, as a curious student would
SPY = """# %% T1_double
import linecache
import sys


def double(x):
    caller = sys._getframe(1)
    print("".join(linecache.getlines(caller.f_code.co_filename)))
    return 1 / 0
# %% [markdown] T2_answer
# Because.
# %% T3_shape
tiny_shape_of_it = (2, 3, 4)
"""
STOCK = Config()
STOCK.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A course in which the spy has been graded."""
    course = Course(make_course(tmp_path_factory.mktemp("spy") / "course"))
    with (course.root / CONFIG_NAME).open("a") as config:
        config.write('c.ExecuteSubmission.room = "kernel"\n')
    release.make_release(course, ASSIGNMENT)
    submissions.fill(course, ASSIGNMENT, write_answers(course.root, "spy", SPY))
    registration.register(course, ASSIGNMENT)
    list(class_run.autograde(course, ASSIGNMENT, ["spy"]))
    return course


def feedback(course, overrides=None):
    result = course.nbgrader(overrides).generate_feedback(ASSIGNMENT, "spy")
    assert result["success"], result
    return (course.folder("feedback", "spy", ASSIGNMENT) / "tiny.html").read_text()


def in_page(text, page):
    """Whether a line of source is on an HTML page, whatever colours its words."""
    from bs4 import BeautifulSoup

    return text in BeautifulSoup(page, "html.parser").get_text()


def test_stock_feedback_shows_hidden_tests_and_mark_schemes(graded):
    page = feedback(graded, STOCK)
    assert in_page(SECRET, page)
    assert in_page(SCHEME, page)


def test_our_feedback_shows_neither(graded):
    page = feedback(graded)
    assert not in_page("secret_expectation", page)
    assert not in_page("mark scheme", page.lower())
    assert not in_page(SCHEME, page)
    assert in_page(NOT_SHOWN, page)
    assert in_page("Other numbers are tried.", page), "the comment that announces the test stays"


def test_what_a_program_prints_of_its_caller_is_taken_out(graded):
    path = graded.folder("autograded", "spy", ASSIGNMENT) / "tiny.ipynb"
    printed = [
        output.text
        for cell in nbformat.read(path, as_version=4).cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream"
    ]
    assert any(SECRET in text for text in printed), "the attack works"
    assert in_page(REDACTED, feedback(graded))


def test_in_the_sandbox_there_is_no_caller_to_print(graded):
    sandbox = Config()
    sandbox.ExecuteSubmission.room = "sandbox"
    try:
        assert graded.nbgrader(sandbox).autograde(ASSIGNMENT, "spy")["success"]
        path = graded.folder("autograded", "spy", ASSIGNMENT) / "tiny.ipynb"
        outputs = [cell.get("outputs", []) for cell in nbformat.read(path, as_version=4).cells]
        assert SECRET not in str(outputs)
    finally:
        assert graded.nbgrader().autograde(ASSIGNMENT, "spy")["success"]


def test_the_graded_notebook_still_holds_the_tests_for_the_graders(graded):
    path = graded.folder("autograded", "spy", ASSIGNMENT) / "tiny.ipynb"
    assert any(SECRET in cell.source for cell in nbformat.read(path, as_version=4).cells)


def test_a_stock_traceback_quotes_the_test_and_ours_does_not(graded):
    stock = Config()
    config = graded.config()
    stock.Autograde.autograde_preprocessors = [
        name
        for name in config.Autograde.autograde_preprocessors
        if not name.endswith("HideTestSource")
    ]
    path = graded.folder("autograded", "spy", ASSIGNMENT) / "tiny.ipynb"

    def tracebacks():
        nb = nbformat.read(path, as_version=4)
        return [
            "\n".join(output.traceback)
            for cell in nb.cells
            if "_hidden" in cell.metadata.get("nbgrader", {}).get("grade_id", "")
            for output in cell.outputs
            if output.output_type == "error"
        ]

    from nbconvert.filters import strip_ansi

    [ours] = tracebacks()
    assert graded.nbgrader(stock).autograde(ASSIGNMENT, "spy")["success"]
    [theirs] = tracebacks()
    assert graded.nbgrader().autograde(ASSIGNMENT, "spy")["success"]

    assert SECRET in strip_ansi(theirs)
    assert "secret_expectation" not in strip_ansi(ours)
    assert "return 1 / 0" in strip_ansi(ours), "the student's own frame stays"
    assert ours.endswith("ZeroDivisionError: division by zero")


def test_a_test_cell_that_failed_still_counts_as_failed():
    cell = nbgrader_cell("test", "C1_hidden", "check.agrees(f)", 2)
    cell.execution_count = 3
    error = new_output(
        "error",
        ename="CheckFailed",
        evalue="f is wrong\nhint",
        traceback=["CheckFailed: f is wrong (see the card above)"],
    )
    cell.outputs = [error]
    nb, _ = HideTestSource().preprocess(new_notebook(cells=[cell]), {})
    [output] = nb.cells[0].outputs
    assert (output.output_type, output.ename) == ("error", "CheckFailed")
    assert output.traceback == ["CheckFailed: f is wrong"]


def test_errors_in_the_students_own_cells_are_left_alone():
    cell = nbgrader_cell("solution", "C1", "1 / 0")
    traceback = ["Cell In[1], line 1", "ZeroDivisionError: division by zero"]
    cell.outputs = [
        new_output("error", ename="ZeroDivisionError", evalue="", traceback=list(traceback))
    ]
    nb, _ = HideTestSource().preprocess(new_notebook(cells=[cell]), {})
    assert nb.cells[0].outputs[0].traceback == traceback


@pytest.mark.parametrize(
    "shown",
    [
        {"text/plain": "before\nassert  x\nassert f(3) == expected\nafter"},
        {"text/plain": "\x1b[31massert\x1b[0m f(\x1b[32m3\x1b[0m) == expected"},
        {"text/html": "<pre><b>assert</b> f(3) == expected</pre>"},
        {"application/json": {"lines": ["assert f(3) == expected"]}},
    ],
)
def test_a_hidden_line_is_taken_out_of_any_kind_of_output(shown):
    source = "### BEGIN HIDDEN TESTS\nassert f(3) == expected\n### END HIDDEN TESTS"
    test = nbgrader_cell("test", "C1_hidden", source, 1)
    own = new_code_cell("spy()", outputs=[new_output("display_data", data=shown)])
    nb, _ = HideFromFeedback().preprocess(new_notebook(cells=[own, test]), {})
    text = str(nb.cells[0].outputs)
    assert REDACTED in text
    assert "== expected" not in text


def test_ordinary_outputs_are_not_touched():
    source = "### BEGIN HIDDEN TESTS\nassert f(3) == expected\n)\n### END HIDDEN TESTS"
    text = "a line\n)\nand f(3)\n"
    own = new_code_cell("x", outputs=[new_output("stream", name="stdout", text=text)])
    cells = [own, nbgrader_cell("test", "C1_hidden", source, 1)]
    nb, _ = HideFromFeedback().preprocess(new_notebook(cells=cells), {})
    assert nb.cells[0].outputs[0].text == text


def test_what_grading_noted_heads_the_page():
    nb = new_notebook(cells=[new_markdown_cell("# Title")])
    nb.metadata["course"] = {"events": [{"kind": "died", "cell": "C1"}]}
    nb, _ = HideFromFeedback().preprocess(nb, {})
    assert "Python stopped in the cell `C1`" in nb.cells[0].source


def test_short_lines_say_nothing_and_are_no_secrets():
    source = "### BEGIN HIDDEN TESTS\nimport x\n    )\nassert f(3) == 4\n### END HIDDEN TESTS"
    assert secret_lines(source) == {"assert f(3) == 4"}


def test_a_line_that_a_visible_test_has_too_is_no_secret():
    hidden = "### BEGIN HIDDEN TESTS\nfrom scipy import signal\n### END HIDDEN TESTS"
    text = "----> 1 from scipy import signal\n"
    cells = [
        nbgrader_cell("test", "C1_hidden", hidden, 1),
        nbgrader_cell("test", "C1_visible", "from scipy import signal", 1),
        new_code_cell("x", outputs=[new_output("stream", name="stdout", text=text)]),
    ]
    nb, _ = HideFromFeedback().preprocess(new_notebook(cells=cells), {})
    assert nb.cells[2].outputs[0].text == text
