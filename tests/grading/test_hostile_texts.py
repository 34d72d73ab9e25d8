"""A submission that shows, writes and answers what takes for ever costs its class a minute."""

import time

import nbformat
import pytest
from tiny_course import ASSIGNMENT, cell_of, make_course

from course_utils.staff.authoring import release
from course_utils.staff.course import Course, read_notebook
from course_utils.staff.grading import class_run, registration
from course_utils.staff.grading.outcomes import GRADED
from course_utils.staff.grading.record.page_filters import CUT_OFF, LEFT_OUT
from course_utils.staff.reports import feedback

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")]

SHOWS = r"""
from IPython.display import HTML, Markdown, display

def double(x):
    return {"A" * 30_000_000: 0}

display(Markdown("\\\\(" * 80_000))
display(HTML("".join(f"<t{i}></t{i}>" for i in range(100_000))))
display(HTML("<b>x</b>" * 250_000))
print("<" * 400_000)
print("\x1b[1mx" * 200_000)
for i in range(2000):
    display(i)
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = Course(make_course(tmp_path_factory.mktemp("hostile") / "course"))
    release.make_release(course, ASSIGNMENT)
    registration.register(course, ASSIGNMENT)
    nb = nbformat.read(course.folder("release", "", ASSIGNMENT) / "tiny.ipynb", as_version=4)
    cell_of(nb, "T1_double").source = SHOWS
    cell_of(nb, "T2_answer").source = "\\\\(" * 120_000
    cell_of(nb, "T3_shape").source = f"tiny_shape_of_it = (2, 3, 4)\nx = ({'a.' * 50_000}b)"
    folder = course.folder("submitted", "mallory", ASSIGNMENT)
    folder.mkdir(parents=True)
    nbformat.write(nb, folder / "tiny.ipynb")
    return course


def test_it_is_graded_and_its_feedback_made_in_time(course):
    started = time.monotonic()
    outcome = dict(class_run.autograde(course, ASSIGNMENT, ["mallory"]))["mallory"]
    assert outcome.status == GRADED
    assert feedback.make_feedback(course, ASSIGNMENT, "mallory")
    assert time.monotonic() - started < 240  # a minute where nothing else runs

    path = course.folder("autograded", "mallory", ASSIGNMENT) / "tiny.ipynb"
    assert path.stat().st_size < 5_000_000
    cells = read_notebook(path).cells
    pages = [
        output.data["text/html"]
        for cell in cells
        for output in cell.get("outputs", [])
        if "text/html" in output.get("data", {})
    ]
    assert any(CUT_OFF in page for page in pages)
    assert any(LEFT_OUT in page for page in pages)
    page = course.folder("feedback", "mallory", ASSIGNMENT) / "tiny.html"
    assert page.stat().st_size < 5_000_000
