"""Texts that take for ever to render cost the grader and the graders' pages seconds."""

import re
import time

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course_utils.staff.grading.record import (
    clean_html,
    page_filters,
    render_code,
    render_markdown,
    text_worker,
)
from course_utils.staff.grading.record.clean_outputs import CleanOutputs
from course_utils.staff.grading.record.hidden_source import HideFromFeedback
from course_utils.staff.grading.record.merge import limit_outputs
from course_utils.staff.grading.record.text_worker import WORKER, WorkerError

# Function of the worker -> a text that it takes long for, by its size.
SLOW = {
    "markdown": (
        lambda size: "\\\\(" * (size // 3),
        lambda text: render_markdown.markdown(text, {}),
    ),
    "code": (lambda size: "a." * (size // 2), lambda text: render_code.highlight(text, "ipython3")),
}


def seconds(work, *arguments):
    started = time.process_time()
    work(*arguments)
    return time.process_time() - started


@pytest.fixture
def short(monkeypatch):
    """Little time for a text and for a notebook."""
    monkeypatch.setattr(text_worker, "SECONDS", 1.5)
    monkeypatch.setattr(text_worker, "NOTEBOOK_SECONDS", 4)
    WORKER.begin()
    yield
    monkeypatch.undo()
    WORKER.begin()


@pytest.mark.parametrize("work", SLOW)
def test_without_the_worker_it_takes_the_square_of_the_size(work):
    text, function = SLOW[work]
    function("x")  # loads what it needs
    small, large = (min(seconds(function, text(s)) for _ in range(2)) for s in (4_000, 16_000))
    assert large > 8 * small


@pytest.mark.parametrize("cell", ["output", "answer"])
def test_markdown_that_takes_minutes_is_ended_and_told(short, cell):
    text = SLOW["markdown"][0](360_000)
    started = time.monotonic()
    if cell == "output":
        output = new_output("display_data", data={"text/markdown": text})
        nb = new_notebook(cells=[new_code_cell("", outputs=[output])])
        CleanOutputs().preprocess(nb, {})
        page = output.data["text/html"]
    else:
        page = page_filters.markdown_to_html(text)
    assert time.monotonic() - started < 10
    assert page.startswith("<pre>") and page_filters.CUT_OFF in page
    assert len(page) < 10_000
    assert page_filters.markdown_to_html("*a*").strip() == "<p><em>a</em></p>", "the next one is"


def test_code_that_takes_minutes_is_shown_without_colours(short):
    page = page_filters.HighlightCode()(SLOW["code"][0](100_000))
    assert "a.a.a." in page and "<span" not in page
    assert "<span" in page_filters.HighlightCode()("a = 1")


def test_many_slow_texts_share_the_time_of_their_notebook(short):
    text = SLOW["code"][0](100_000)
    filters = page_filters.HighlightCode()
    filters("a = 1")
    for _ in range(3):
        filters(text)
    started = time.monotonic()
    for _ in range(500):
        assert "<span" not in filters(text)
    assert time.monotonic() - started < 2
    CleanOutputs().preprocess(new_notebook(), {})  # the next notebook has its own
    assert "<span" in filters("a = 1")


def test_a_page_has_so_many_tags_and_entities(monkeypatch):
    monkeypatch.setattr(text_worker, "MOST_MARKS", 1000)
    WORKER.begin()
    row = "<b>x</b>" * 100
    shown = [page_filters.clean_html(row) for _ in range(10)]  # which is cleaned once
    assert shown == [row] * 5 + [f"<pre>{page_filters.LEFT_OUT}</pre>"] * 5
    assert page_filters.ansi2html("<" * 900).startswith("&lt;&lt;"), "text is shown as it is"
    monkeypatch.undo()
    WORKER.begin()


def test_a_worker_that_has_been_ended_is_started_again():
    assert WORKER.call("html", "<b>1</b>")
    WORKER._process.kill()
    WORKER._process.wait()
    assert WORKER.call("html", "<b>2</b>") == "<b>2</b>"


def test_a_worker_that_does_not_start_is_no_fault_of_the_text(monkeypatch):
    WORKER.close()
    monkeypatch.setattr(text_worker, "_MODULE", "course_utils.no_such_module")
    with pytest.raises(WorkerError, match=r"no_such_module. fails"):
        page_filters.clean_html("<i>never seen before</i>")


def test_many_kinds_of_tags_are_counted_in_one_go():
    tags = "".join(f"<t{i}></t{i}>" for i in range(130_000))
    assert seconds(clean_html._depth, tags) < 5  # 38 s with a sum for each tag


def test_lines_of_brackets_are_searched_in_one_go():
    old = re.compile(r"<[^>]*>")
    assert seconds(old.sub, "", "<" * 20_000) > 8 * seconds(old.sub, "", "<" * 5_000)
    output = new_output("stream", text="<" * 400_000)
    hidden = "### BEGIN HIDDEN TESTS\nassert secret == 12345\n### END HIDDEN TESTS"
    nb = new_notebook(cells=[new_code_cell(hidden), new_code_cell("", outputs=[output])])
    nb.cells[0].metadata["nbgrader"] = {"locked": True, "grade_id": "a", "schema_version": 3}
    assert seconds(HideFromFeedback().preprocess, nb, {}) < 2  # 54 s


def test_an_ordinary_kernels_outputs_are_cut_as_well():
    flood = [new_output("display_data", data={"image/png": "A" * 10**6}) for _ in range(100)]
    error = new_output("error", ename="E", evalue="v" * 10**6, traceback=["t" * 10**6] * 9)
    cells = [new_code_cell("", outputs=[*flood, error]) for _ in range(5)]
    nb = new_notebook(cells=[new_markdown_cell(""), *cells])
    limit_outputs(nb)
    assert len(str(nb)) < 20 * 2**20
    for cell in nb.cells[1:]:
        assert [output.output_type for output in cell.outputs][-1] == "error"
        assert any("cut off" in output.get("text", "") for output in cell.outputs)
