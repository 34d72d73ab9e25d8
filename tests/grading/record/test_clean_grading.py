"""Autograding and feedback as configured: what is left of an attack in the files they write."""

import nbformat
import pytest
from tiny_course import ASSIGNMENT, cell_of, make_course
from traitlets.config import Config

from course_utils.staff.course import Course

pytestmark = [pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"), pytest.mark.slow]

STUDENT = "mallory"
ATTACK = "<img src=x.png onerror=hacked()>"
SHOW = f"""from IPython.display import HTML, Javascript, display
def double(x):
    return x + x
display(HTML("<b>honest</b>{ATTACK}"), Javascript("hacked()"))"""
WRITTEN = f"**Because.** {ATTACK}"
# Repeats the line that nbgrader hides, inside a tag: where it is cut out, the tag changes.
SPLIT = """display(HTML('''<p title="
secret_expectation = double(NUMBER)">
a</p><p title=" onmouseover=hacked() ">b</p>'''))"""


def unprotected(config):
    """What takes the cleaning out of a configuration."""
    plain = Config()
    for app, name in [
        ("Autograde", "autograde_preprocessors"),
        ("GenerateFeedback", "preprocessors"),
    ]:
        steps = [step for step in config[app][name] if "clean_outputs" not in step]
        setattr(plain[app], name, steps)
    plain.HTMLExporter.preprocessors = []
    plain.HTMLExporter.filters = {}
    return plain


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = Course(make_course(tmp_path_factory.mktemp("clean") / "course"))
    assert course.nbgrader().generate_assignment(ASSIGNMENT)["success"]
    nb = nbformat.read(course.folder("release", "", ASSIGNMENT) / "tiny.ipynb", as_version=4)
    cell_of(nb, "T1_double").source = SHOW
    cell_of(nb, "T2_answer").source = WRITTEN
    cell_of(nb, "T3_shape").source = f"tiny_shape_of_it = (2, 3, 4)\n{SPLIT}"
    handed_in = course.folder("submitted", STUDENT, ASSIGNMENT)
    handed_in.mkdir(parents=True)
    nbformat.write(nb, handed_in / "tiny.ipynb")
    return course


def grade(course, overrides):
    """Return the graded notebook, its scores and its feedback page."""
    result = course.nbgrader(overrides).autograde(ASSIGNMENT, STUDENT, force=True)
    assert result["success"], result
    path = course.folder("autograded", STUDENT, ASSIGNMENT) / "tiny.ipynb"
    with course.gradebook() as gradebook:
        grades = gradebook.find_submission(ASSIGNMENT, STUDENT).notebooks[0].grades
        scores = {grade.name: grade.auto_score for grade in grades}
    return nbformat.read(path, as_version=4), scores, feedback_page(course, overrides)


def feedback_page(course, overrides):
    result = course.nbgrader(overrides).generate_feedback(ASSIGNMENT, STUDENT, force=True)
    assert result["success"], result
    page = course.folder("feedback", STUDENT, ASSIGNMENT) / "tiny.html"
    return page.read_text(encoding="utf-8")


def outputs(nb):
    return str([cell.outputs for cell in nb.cells if cell.cell_type == "code"])


def acting(page):
    """Attributes of the page that run what the student wrote."""
    from bs4 import BeautifulSoup

    return [
        (tag.name, name)
        for tag in BeautifulSoup(page, "html.parser").find_all(True)
        for name, value in tag.attrs.items()
        if name.startswith("on") and "hacked" in value
    ]


@pytest.fixture(scope="module")
def stock(course):
    return grade(course, unprotected(course.config()))


@pytest.fixture(scope="module")
def ours(course, stock):
    return grade(course, None)


def test_without_the_cleaning_it_acts(stock):
    nb, _, page = stock
    assert ATTACK in outputs(nb) and "application/javascript" in outputs(nb)
    assert ("img", "onerror") in acting(page)


def test_the_graded_notebook_has_clean_outputs_and_the_answer_as_written(ours):
    nb, _, _ = ours
    assert "<b>honest</b>" in outputs(nb)
    assert "onerror" not in outputs(nb) and "javascript'" not in outputs(nb)
    assert cell_of(nb, "T2_answer").source == WRITTEN


def test_nothing_acts_on_the_feedback_page_and_the_answer_is_there(ours):
    _, _, page = ours
    assert acting(page) == []
    assert "<strong>Because.</strong>" in page


def test_lines_are_taken_out_of_html_before_it_is_cleaned_for_the_last_time(course, ours):
    early = Config()
    early.GenerateFeedback.preprocessors = unprotected(
        course.config()
    ).GenerateFeedback.preprocessors
    assert acting(feedback_page(course, early)) == [("p", "onmouseover")]
    assert acting(feedback_page(course, None)) == []


def test_the_scores_are_the_same(stock, ours):
    assert ours[1] == stock[1]
    assert ours[1]["T1_double_hidden_values"] == 2
