"""Cells of ours take what a check has accepted: every notebook runs to its end with every answer.

Explorations included, as for a student: nothing is left out but hidden tests, the drawing of
pixels, and most steps of training.
"""

import contextlib
import functools
import io
import re
from pathlib import Path

import numpy as np
import pytest

from course_utils.check.verdict import CheckFailed
from course_utils.plotting import display
from course_utils.staff.authoring.answer_file import read_answer_file
from course_utils.staff.authoring.source_notebook import SourceNotebook, run

ROOT = Path(__file__).parents[2]
PATHS = {path.stem: path for path in sorted((ROOT / "source").glob("*/*.ipynb"))}
STYLES = [
    (topic, answers)
    for topic, path in PATHS.items()
    for answers in sorted((ROOT / "sample_class" / path.parent.name).glob("correct-*.py"))
]
NAME_OF_A_SLIDER = re.compile(r"[0-9a-f]{32}")
# How long our cells train, and for how long here: enough steps for every line to be run.
SHORTER = {
    "convolution_by_hand": {"else 200 ": "else 6 ", "else 100": "else 3", "range(300)": "range(3)"},
    "rnn_taxonomy": {
        "else 4000": "else 20",
        "(1, 100, 500, 2000, 4000)": "(1, 20)",
        "else 100, passes=0 if is_grading() else 120": "else 100, passes=1",
        "steps=3000": "steps=1700",
    },
    "image_tokenization": {"= 30, 64, ": "= 1, 64, ", "epochs=300": "epochs=1"},
    "leaky_relu": {"else 8001": "else 401", "else 8000": "else 100", "2001": "101"},
}


@pytest.fixture(autouse=True)
def nothing_drawn(monkeypatch):
    """Everything of a figure is made but its pixels."""
    monkeypatch.setattr(display, "png_url", lambda figure: "data:image/png;base64,")
    monkeypatch.setenv("TQDM_DISABLE", "1")
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)


@functools.cache
def notebook(topic):
    return SourceNotebook(PATHS[topic])


def run_as_a_student(topic, answers, change=lambda value: value):
    """Run all but the hidden tests, as a student would.

    ``change`` is what becomes of an answer: of every function and every variable.

    Returns
    -------
    broken : dict
        What cells of ours raise.
    refused : set of str
        Answers that a check refuses.
    printed : dict
        What cells of ours print.
    """
    namespace, broken, refused, printed = {"__name__": "__main__"}, {}, set(), {}
    with (
        contextlib.redirect_stdout(io.StringIO()) as out,
        contextlib.redirect_stderr(io.StringIO()),
    ):
        for cell in notebook(topic).cells:
            source = answers.get(cell.grade_id, cell.source)
            if cell.role == "solution":
                run(source, cell.grade_id, namespace)
                originals = {name: namespace[name] for name in cell.names_defined}
                namespace |= {name: change(value) for name, value in originals.items()}
            elif cell.role == "visible":
                try:
                    run(source, cell.grade_id, namespace)
                except CheckFailed:  # not accepted: from here on as it was
                    refused |= cell.names_used & set(originals)
                    namespace |= originals
                    run(source, cell.grade_id, namespace)
            elif cell.role == "given":
                for long, short in SHORTER.get(topic, {}).items():
                    source = source.replace(long, short)
                start = out.tell()
                try:
                    run(source, cell.grade_id, namespace)
                except Exception as error:
                    broken[cell.grade_id] = repr(error)
                printed[cell.grade_id] = NAME_OF_A_SLIDER.sub("", out.getvalue()[start:])
    return broken, refused, printed


@functools.cache
def printed_by_our_own(topic):
    broken, refused, printed = run_as_a_student(topic, {})
    assert not broken and not refused
    return printed


@pytest.mark.parametrize(
    ("topic", "path"), STYLES, ids=[f"{topic}-{path.stem}" for topic, path in STYLES]
)
def test_with_every_right_answer_file(topic, path):
    answers = {
        grade_id: answer.source
        for grade_id, answer in read_answer_file(path).answers.items()
        if answer.cell_type == "code"
    }
    broken, refused, _ = run_as_a_student(topic, answers)
    assert broken == {} and refused == set()


def as_lists(value):
    """Arrays as nested lists, single numbers of NumPy as Python's."""
    if isinstance(value, dict):
        return {key: as_lists(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(map(as_lists, value))
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value


def as_arrays(value):
    """Lists of numbers, all of one length, as arrays; a tuple may be several results."""
    if isinstance(value, dict):
        return {key: as_arrays(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return tuple(map(as_arrays, value))
    if isinstance(value, list):
        with contextlib.suppress(ValueError):  # lists of several lengths stay as they are
            array = np.array(value)
            return array if array.dtype.kind in "bif" else value
    return value


def returning(convert):
    """Change what answers are, and what functions return to cells of ours, not to each other."""
    inside = []

    def change(answer):
        if not callable(answer):
            return convert(answer)

        @functools.wraps(answer)
        def changed(*args, **kwargs):
            inside.append(answer)
            try:
                result = answer(*args, **kwargs)
            finally:
                inside.pop()
            return result if inside else convert(result)

        return changed

    return change


@pytest.mark.parametrize("convert", [as_lists, as_arrays])
@pytest.mark.parametrize("topic", PATHS)
def test_with_answers_of_another_kind(topic, convert):
    broken, _, printed = run_as_a_student(topic, {}, returning(convert))
    assert broken == {}
    assert printed == printed_by_our_own(topic)
