"""A TA opens a submission that attacks whoever looks at it; nothing happens."""

import shutil

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader.api import Gradebook

from course_utils.staff.grading.record.clean_outputs import CleanOutputs

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")

ASSIGNMENT, NOTEBOOK, STUDENT = "01_hostile", "hostile", "mallory"

# What HTML does without a click; each way notes its number.
HTML = [
    "<script>{}</script>",
    '<img src="nothing.png" onerror="{}">',
    "<IMG/SRC='nothing.png'/ONERROR='{}'//>",
    "<svg onload='{}'></svg>",
    "<svg><script>{}</script></svg>",
    "<!--><img src='nothing.png' onerror='{}'>-->",
    "<details open ontoggle='{}'>x</details>",
    "<iframe srcdoc='<script>with (parent) {{ {} }}</script>'></iframe>",
    "<style onload='{}'></style>",
]
NOT_IN_MARKDOWN = 2  # too oddly written to be taken for HTML there
OUTPUTS, WRITTEN, JAVASCRIPT, WIDTH = 0, 100, 200, 300
OUTPUT_WAYS = {*range(OUTPUTS, OUTPUTS + len(HTML)), JAVASCRIPT, WIDTH}
WRITTEN_WAYS = set(range(WRITTEN, WRITTEN + len(HTML)))
ANSWER, FORMULA = "An honest sentence.", "$x_1$"


def code(number):
    # no blanks, quotes or Markdown: one way is an attribute without quotes
    return f"(window.hacked=window.hacked||[]).push({number}),document.title=/hacked/.source"


def hostile_notebook():
    output = [
        new_output("display_data", data={"text/html": text.format(code(OUTPUTS + number))})
        for number, text in enumerate(HTML)
    ]
    output.append(new_output("display_data", data={"application/javascript": code(JAVASCRIPT)}))
    output.append(
        new_output(
            "display_data",
            data={"image/png": "AA=="},
            metadata={"image/png": {"width": f"1 onerror={code(WIDTH)}"}},
        )
    )
    output.append(new_output("stream", text="an honest line\n"))
    written = [text.format(code(WRITTEN + number)) for number, text in enumerate(HTML)]
    answer = "\n\n".join([f"{ANSWER} {FORMULA}", *written])
    return new_notebook(cells=[new_code_cell("1", outputs=output), new_markdown_cell(answer)])


def make_course(folder, nb, config):
    """Write a course in which a submission has been graded; returns its page's path."""
    autograded = folder / "autograded" / STUDENT / ASSIGNMENT
    autograded.mkdir(parents=True)
    nbformat.write(nb, autograded / f"{NOTEBOOK}.ipynb")
    (folder / "nbgrader_config.py").write_text(config, encoding="utf-8")
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        gradebook.add_assignment(ASSIGNMENT)
        gradebook.add_notebook(NOTEBOOK, ASSIGNMENT)
        gradebook.add_student(STUDENT)
        submission = gradebook.add_submission(ASSIGNMENT, STUDENT)
        return f"formgrader/submissions/{submission.notebooks[0].id}/"


@pytest.fixture(scope="module")
def look(course, start_lab, browser):
    """Start JupyterLab in a new course, open its submission; return what ran and what is read."""

    def start(name, nb, config):
        folder = course.root / name
        path = make_course(folder, nb, config)
        lab = start_lab(f"cd {name} && ../.venv/bin/jupyter lab")
        context = browser.new_context()
        page = context.new_page()
        own = f"http://127.0.0.1:{lab.port}/"
        elsewhere = lambda url: not url.startswith((own, "data:"))  # noqa: E731
        page.route(elsewhere, lambda route: route.abort())
        page.goto(lab.address(path))
        page.wait_for_timeout(2_000)  # what fails to load says so a moment later
        ran = set(page.evaluate("window.hacked || []"))
        seen = ran, page.title(), page.inner_text("#notebook-container")
        context.close()
        shutil.rmtree(folder / "autograded")
        return seen

    return start


@pytest.fixture(scope="module")
def ours(course):
    return (course.root / "nbgrader_config.py").read_text(encoding="utf-8")


STOCK = "c = get_config()\nc.CourseDirectory.course_id = 'hostile'\n"


def test_on_a_stock_page_all_of_it_runs(look):
    ran, title, _ = look("stock", hostile_notebook(), STOCK)
    assert ran == OUTPUT_WAYS | WRITTEN_WAYS - {WRITTEN + NOT_IN_MARKDOWN}
    assert title == "hacked"


def test_on_our_page_nothing_runs_and_the_answer_is_there(look, ours):
    ran, title, text = look("ours", hostile_notebook(), ours)
    assert (ran, title) == (set(), NOTEBOOK)
    assert ANSWER in text and FORMULA in text and "an honest line" in text


def test_the_outputs_of_a_graded_notebook_run_nothing_even_on_a_stock_page(look):
    nb, _ = CleanOutputs().preprocess(hostile_notebook(), {})
    ran, _, text = look("cleaned", nb, STOCK)
    assert ran & OUTPUT_WAYS == set()
    assert ran & WRITTEN_WAYS, "what students write is cleaned on our page only"
    assert "an honest line" in text
