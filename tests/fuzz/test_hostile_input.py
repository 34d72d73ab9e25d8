"""Whatever a student hands in, shows or answers: trusted code takes it or refuses it, and soon.

Inputs are made up by Hypothesis, many of them short pieces that are repeated thousands of times,
because what takes the square of a text's length is harmless where the text is short. A few run with
the other tests; ``make fuzz`` runs thousands, and prints the seconds that a kilobyte took at most.
"""

import json
import socket
import struct
import time
import tracemalloc
from types import SimpleNamespace

import pytest
import torch  # noqa: F401  which a tensor from the wire would load
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course_utils.sandbox import wire
from course_utils.sandbox.wire import Connection, Decoder, WireError
from course_utils.staff.grading.memory_limit import memory_limit
from course_utils.staff.grading.prepare.intake import Intake, read_submission
from course_utils.staff.grading.record import clean_html, page_filters, text_worker
from course_utils.staff.grading.record.clean_outputs import CleanOutputs
from course_utils.staff.grading.record.hidden_source import HideFromFeedback, HideTestSource
from course_utils.staff.grading.record.text_worker import WORKER
from course_utils.staff.grading.run.student_process import clean_message
from course_utils.staff.grading.shown import MOST_OF_CELL, Shown

START = 0.5  # seconds of CPU for any input, however short; collecting garbage is among them
SECONDS_PER_KILOBYTE = 0.02  # of CPU, beyond that
MEMORY = 2**30  # bytes beyond what the tests have, for any input
BYTES_PER_BYTE = 200  # that the wire may make of one that has arrived


@pytest.fixture
def watched(request):
    """A decorator that runs a test function on many inputs, and a function that times them."""
    worst = SimpleNamespace(rate=0.0, seconds=0.0, inputs=0)

    def bounded(work, size, limit=None):
        """Do some work, which may take a time by the size of its input, or a fixed one."""
        clock = time.monotonic if limit else time.process_time
        started = clock()
        with memory_limit(MEMORY):
            result = work()
        seconds = clock() - started
        worst.inputs += 1
        worst.seconds = max(worst.seconds, seconds)
        if size >= 1000:
            worst.rate = max(worst.rate, seconds / size * 1000)
        assert seconds < (limit or START + SECONDS_PER_KILOBYTE * size / 1000), size
        return result

    yield bounded
    print(
        f"\n{request.node.name}: {worst.inputs} inputs, at most {worst.seconds:.2f} s and "
        f"{worst.rate:.4f} s per kilobyte"
    )


@pytest.fixture(scope="module", autouse=True)
def loaded_worker():
    """Have the text worker load its libraries before a clock runs."""
    page_filters.markdown_to_html("x")
    page_filters.HighlightCode()("x")


@pytest.fixture
def many(request):
    """The settings of this run."""
    inputs = request.config.getoption("--inputs")
    return settings(
        max_examples=inputs,
        deadline=None,
        database=None,
        derandomize=inputs < 1000,  # the same ones each time
        suppress_health_check=list(HealthCheck),
    )


# --- what students may write ---------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        *(
            "<",
            ">",
            "</",
            "<!--",
            "<![CDATA[",
            "<b>",
            "<p>",
            "<a href=",
            "<table>",
            "<t",
            "&",
            "&#",
        ),
        *(
            "\\\\(",
            "\\\\[",
            "$",
            "$$",
            "\\begin{a}",
            "`",
            "```",
            "*",
            "_",
            "**",
            "[",
            "](",
            "![",
            ">",
        ),
        *("|", "-", "#", "1. ", "    ", "\n", "\t", "\x1b[", "\x1b[1m", "\x1b[38;5;", "\\", "~~"),
        *("a.", "?", "'", '"', '"""', "f'{", "(", "%", "@", "é", "\U0001f600", "\ud800", "\0"),
        *("In [1]", "Cell In[", "### BEGIN HIDDEN TESTS\n", "style='", ";", "color:", "url("),
    ]
)
SHORT = st.one_of(PIECES, st.text(max_size=8), st.lists(PIECES, max_size=4).map("".join))
REPEATED = st.builds(lambda text, times: text * times, SHORT, st.integers(1, 4000))
TEXTS = st.lists(st.one_of(SHORT, REPEATED), max_size=4).map(lambda parts: "".join(parts)[:40_000])
SAFE_TEXTS = TEXTS.map(wire.clean_text)  # as every text that has crossed the wire
OUTPUTS = st.one_of(
    st.builds(lambda text: ("stream", {"name": "stdout", "text": text}), SAFE_TEXTS),
    st.builds(
        lambda kind, text: ("display_data", {"data": {kind: text}, "metadata": {}}),
        st.sampled_from(
            ["text/plain", "text/html", "text/markdown", "text/latex", "image/svg+xml", "image/png"]
        ),
        SAFE_TEXTS,
    ),
    st.builds(
        lambda name, text, lines: ("error", {"ename": name, "evalue": text, "traceback": lines}),
        SHORT.map(wire.clean_text),
        SAFE_TEXTS,
        st.lists(SAFE_TEXTS, max_size=3),
    ),
)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20))
SIZES = st.one_of(st.integers(-1, 5), st.integers(0, 2**40))
TYPES = st.sampled_from(["<f8", "|b1", "<U0", "<U1", "<U99999", "|O", "<f2", "<c16", ">i4", "V8"])
ARRAYS = st.builds(
    lambda tag, name, shape, size: {tag: [name, shape, size]},
    st.sampled_from(["array", "scalar", "read_only", "tensor"]),
    TYPES,
    st.lists(SIZES, max_size=4),
    SIZES,
)
TREES = st.recursive(
    st.one_of(
        SCALARS,
        ARRAYS,
        st.builds(lambda n: {"range": n}, st.lists(SIZES, max_size=3)),
        st.builds(lambda n: {"handle": n, "type": "x", "name": "y"}, SIZES),
    ),
    lambda inner: st.one_of(
        st.builds(
            lambda tag, content: {tag: content},
            st.sampled_from(
                ["list", "tuple", "set", "frozenset", "dict", "complex", "ellipsis"]
                + ["generator", "map", "filter", "zip", "fraction", "decimal"]
            ),
            st.lists(st.one_of(inner, st.lists(inner, min_size=2, max_size=2)), max_size=6),
        ),
        st.builds(
            lambda n, shape: {"objects": n, "shape": shape}, st.lists(inner), st.lists(SIZES)
        ),
    ),
    max_leaves=10,
)
MANY = st.builds(lambda node, times: {"list": [node] * times}, TREES, st.integers(1, 2000))
NODES = st.one_of(TREES, MANY, st.builds(lambda node: {"tuple": [node, node]}, MANY))


# --- the wire ------------------------------------------------------------------------------------


def test_a_value_from_the_wire(many, watched):
    @many
    @given(NODES, st.binary(max_size=64))
    def run(node, data):
        size = len(json.dumps(node)) + len(data)
        tracemalloc.start()
        try:
            watched(lambda: refused(Decoder(data, lambda handle: handle).decode, node), size)
            assert tracemalloc.get_traced_memory()[1] < 2**20 + BYTES_PER_BYTE * size
        finally:
            tracemalloc.stop()

    run()


def test_a_frame_from_the_wire(many, watched):
    @many
    @given(
        st.one_of(st.binary(max_size=300), TEXTS.map(lambda t: t.encode("utf-8", "replace"))),
        st.one_of(st.none(), st.integers(0, 2**32 - 1)),
        st.one_of(st.integers(0, 50), st.integers(0, 2**32 - 1)),
    )
    def run(text, announced, behind):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            head = struct.pack("!II", len(text) if announced is None else announced, behind)
            theirs.sendall(head + text[:40_000] + bytes(min(behind, 50)))
            theirs.close()
            watched(lambda: refused(Connection(ours).receive, time.monotonic() + 5), len(text))

    run()


def test_a_message_from_the_wire(many, watched):
    @many
    @given(st.recursive(SCALARS, lambda i: st.one_of(st.lists(i), st.dictionaries(SHORT, i))))
    def run(content):
        for kind in ("stream", "display_data", "error", "clear_output", content):
            size = len(json.dumps(content))
            message = watched(lambda kind=kind: clean_message([kind, content]), size)
            if message is not None:
                json.dumps(message, allow_nan=False).encode()

    run()


def refused(work, *arguments):
    """Do some work that may refuse its input, in one way only."""
    try:
        return work(*arguments)
    except (WireError, wire.ConnectionLost):
        return None


# --- what is shown -------------------------------------------------------------------------------


def test_html(many, watched):
    @many
    @given(SAFE_TEXTS)
    def run(text):
        page = watched(lambda: clean_html.clean_html(text), len(text))
        assert "<script" not in page.lower()

    run()


LONGEST = text_worker.NOTEBOOK_SECONDS + 3 * text_worker.SECONDS  # the worker's starts included


def graded(outputs):
    messages = []
    add = Shown().of_cell(messages)
    for kind, content in outputs:
        add(kind, content)
    cell = new_code_cell("x")
    cell.metadata["nbgrader"] = {"locked": True, "grade_id": "a", "schema_version": 3}
    cell.outputs = [new_output(kind, **content) for kind, content in messages]
    return new_notebook(cells=[cell])


def test_outputs(many, watched):
    @many
    @given(st.lists(OUTPUTS, max_size=4))
    def run(outputs):
        size = len(json.dumps(outputs))
        nb = graded(outputs)
        for step in (CleanOutputs(), HideTestSource()):
            watched(lambda step=step: step.preprocess(nb, {}), size, LONGEST)
        assert len(json.dumps(nb)) < 2 * MOST_OF_CELL

    run()


def test_feedback(many, watched):
    secret = "### BEGIN HIDDEN TESTS\nassert secret == 'long enough'\n### END HIDDEN TESTS"

    @many
    @given(st.lists(OUTPUTS, max_size=3), SAFE_TEXTS)
    def run(outputs, written):
        nb = graded(outputs)
        nb.cells[0].source = secret
        nb.cells.append(new_markdown_cell(written))
        size = len(json.dumps(nb))
        watched(lambda: HideFromFeedback().preprocess(nb, {}), size)
        WORKER.begin()

        def render():
            page_filters.markdown_to_html(written)
            page_filters.HighlightCode()(written)
            for output in nb.cells[0].outputs:
                page_filters.ansi2html(output.get("text", ""))

        watched(render, size, LONGEST)

    run()


# --- what is handed in ---------------------------------------------------------------------------

JSON = st.recursive(
    st.one_of(SCALARS, SHORT, TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(
                ["cells", "cell_type", "source", "metadata", "nbgrader", "grade_id", "points"]
                + ["id", "tags", "attachments", "nbformat", "language_info", "name", "worksheets"]
            ),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=8,
)
CELL = {"cell_type": "code", "source": "x", "metadata": {"nbgrader": {"grade_id": "a"}}}
NOTEBOOKS = st.one_of(
    JSON,
    st.builds(lambda cell, more: {"cells": [CELL, *cell], "nbformat": more}, st.lists(JSON), JSON),
    st.builds(lambda cell, times: {"cells": [CELL] + [cell] * times}, JSON, st.integers(1, 2000)),
    st.builds(
        lambda version, sheets: {"nbformat": version, "worksheets": sheets},
        st.sampled_from([1, 2, 3, "4", 4.5, 10**30]),
        JSON,
    ),
).map(lambda content: json.dumps(content).encode())


def test_a_notebook_that_was_handed_in(many, watched, tmp_path):
    folder = tmp_path / "ada" / "01"
    folder.mkdir(parents=True)

    @many
    @given(st.one_of(NOTEBOOKS, st.binary(max_size=300)), st.binary(max_size=40))
    def run(content, stamp):
        (folder / "tiny.ipynb").write_bytes(content)
        (folder / "timestamp.txt").write_bytes(stamp)
        size = len(content)
        taken = watched(lambda: read_submission(folder, {"tiny.ipynb": {"a"}}), size)
        assert isinstance(taken, Intake)
        json.dumps(taken.events).encode()

    run()
