"""What a student and a TA see in JupyterLab, started by `make lab`."""

import re
import shutil
import time

import nbformat
import pytest
from playwright.sync_api import expect

from course_utils.sandbox.isolation import LEVELS

ASSIGNMENT = "06_leaky_relu"
NOTEBOOK = "leaky_relu.ipynb"
RELEASED = f"lab/tree/release/{ASSIGNMENT}/{NOTEBOOK}"
STUDENT = "correct-vectorised"
NO_EXCHANGE = re.compile(r"exchange directory does not exist")


def open_notebook(page, lab, path):
    """Open a notebook and wait for its kernel."""
    page.goto(lab.address(path))
    expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible()
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()


def notification(page):
    """JupyterLab's small messages in the corner, where it also asks about news."""
    return page.locator(".Toastify__toast")


def choose(page, menu, entry):
    """Choose an entry of JupyterLab's menu bar."""
    page.locator("#jp-MainMenu").get_by_text(menu, exact=True).click()
    page.locator(".lm-Menu").get_by_text(entry, exact=True).click()


def test_the_released_notebook_opens_without_questions(page, lab):
    elsewhere = []
    page.on("request", lambda request: elsewhere.append(request.url))
    open_notebook(page, lab, RELEASED)
    expect(page.locator("h1").first).to_be_visible()
    # cells that only draw or answer a guess show one line
    expect(page.locator(".jp-InputPlaceholder").first).to_be_attached()
    # JupyterLab asks about news some seconds after it has started.
    page.wait_for_timeout(5_000)
    expect(notification(page)).to_have_count(0)
    expect(page.locator(".jp-Dialog")).to_have_count(0)
    own = f"http://127.0.0.1:{lab.port}/"
    assert [url for url in elsewhere if not url.startswith((own, "data:", "blob:"))] == []


def open_assignment_list(page):
    choose(page, "Nbgrader", "Assignment List")
    expect(page.get_by_text("Released assignments", exact=True)).to_be_visible()


def test_the_assignment_list_finds_the_exchange(page, lab):
    open_notebook(page, lab, RELEASED)
    open_assignment_list(page)
    expect(page.get_by_text("There are no assignments to fetch.")).to_be_visible()
    expect(page.get_by_text(NO_EXCHANGE)).to_have_count(0)


def test_elsewhere_jupyterlab_asks_about_news_and_misses_the_exchange(page, course, start_lab):
    """So that the tests above would notice."""
    bare = course.root / "bare"
    bare.mkdir()
    (bare / "nbgrader_config.py").write_text("get_config().Exchange.root = '/nonexistent'\n")
    page.goto(start_lab("cd bare && ../.venv/bin/jupyter lab").address("lab"))
    expect(notification(page)).to_contain_text("official Jupyter news")
    open_assignment_list(page)
    expect(page.get_by_text(NO_EXCHANGE).first).to_be_visible()


@pytest.fixture(scope="module")
def filled(course):
    """A submission with every answer right; returns the path of its notebook."""
    done = course.run(f".venv/bin/course fill {ASSIGNMENT} sample_class/{ASSIGNMENT}/{STUDENT}.py")
    assert done.returncode == 0, done.stdout
    return course.root / "submitted" / STUDENT / ASSIGNMENT / NOTEBOOK


def save(page):
    """Save the notebook, and wait for the end of it.

    The Validate button saves too, and of two saves at once JupyterLab takes one for a stranger's
    change of the file. The checkpoint is what Ctrl+S makes last, and autosave and Validate do not;
    the mark of unsaved changes, by contrast, comes back at once while cells run.
    """
    with page.expect_response(
        lambda response: response.request.method == "POST" and "/checkpoints" in response.url
    ):
        page.keyboard.press("Control+s")


def run_all(page, path, seconds=180):
    """Run every cell and save; returns the notebook as saved, when it has run to its end."""
    choose(page, "Run", "Run All Cells")
    deadline = time.monotonic() + seconds
    while True:
        # JupyterLab saves by itself only two minutes after the last save: never, in this loop.
        page.wait_for_timeout(1_000)
        save(page)
        assert time.monotonic() < deadline, "the notebook still runs"
        notebook = nbformat.read(path, as_version=4)
        code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source]
        errors = [out for cell in code for out in cell.outputs if out.output_type == "error"]
        if code[-1].execution_count or errors:
            return code, errors


def test_a_filled_in_notebook_runs_to_its_end_and_validates(page, lab, filled):
    open_notebook(page, lab, f"lab/tree/{filled.relative_to(lab.course.root)}")
    code, errors = run_all(page, filled)
    assert errors == []
    assert all(cell.execution_count for cell in code)

    page.get_by_role("button", name="Validate").click()
    results = page.locator(".jp-Dialog")
    expect(results).to_contain_text("Validation Results", timeout=180_000)
    expect(results.locator(".validation-success")).to_have_text(
        "Success! Your notebook passes all the tests."
    )


def test_an_unsolved_notebook_does_not_validate(page, lab):
    """So that the test above would notice."""
    open_notebook(page, lab, RELEASED)
    page.get_by_role("button", name="Validate").click()
    results = page.locator(".jp-Dialog")
    expect(results).to_contain_text("Validation Results", timeout=180_000)
    expect(results.locator(".validation-success")).to_have_count(0)


def test_the_formgrader_lists_the_assignment_and_its_submissions(page, lab, filled):
    page.goto(lab.address("formgrader"))
    row = page.locator("tr", has=page.get_by_text(ASSIGNMENT, exact=True))
    expect(row).to_have_count(1)
    expect(row.locator("td.num-submissions")).to_have_text("1")
    expect(page.locator("#warning-exchange")).to_have_count(0)


def test_the_formgraders_button_grades_in_the_sandbox(page, lab, course, filled):
    done = course.run(f".venv/bin/course autograde {ASSIGNMENT}")  # enters it in the gradebook
    assert done.returncode == 0, done.stdout
    graded = course.root / "autograded" / STUDENT / ASSIGNMENT / NOTEBOOK
    before = nbformat.read(graded, as_version=4)
    shutil.rmtree(graded.parent)

    page.goto(lab.address("formgrader"))
    row = page.locator("tr", has=page.get_by_text(ASSIGNMENT, exact=True))
    row.locator("td.num-submissions a").click()
    row = page.locator("tr", has=page.get_by_text(STUDENT, exact=True))
    row.locator("td.autograde a").click()
    page.get_by_text(f"Successfully autograded '{ASSIGNMENT}'").wait_for()

    after = nbformat.read(graded, as_version=4)
    assert after.metadata.course == before.metadata.course
    assert after.metadata.course.isolation in LEVELS[1:]
    assert [cell.get("outputs") for cell in after.cells] == [
        cell.get("outputs") for cell in before.cells
    ]
