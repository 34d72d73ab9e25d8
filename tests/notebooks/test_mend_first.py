"""Visible cells of every tutorial say which earlier exercise to mend first, and only then.

Cells are run as in a student's own Jupyter: statement by statement, not as while grading.
"""

import ast
import contextlib
import functools
import io
import json
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.validator import Validator

from course_utils import check
from course_utils.check import checked
from course_utils.staff.authoring.source_notebook import SourceNotebook, run
from course_utils.staff.grading.event_log import exercise_of
from course_utils.staff.mistakes.bank import banks

ROOT = Path(__file__).parents[2]
PATHS = {path.stem: path for path in sorted((ROOT / "source").glob("*/*.ipynb"))}
TABLES = {
    topic: json.loads((ROOT / "course_utils" / "hints" / f"{topic}.json").read_text())["rests_on"]
    for topic in PATHS
}


@functools.cache
def notebook(topic):
    return SourceNotebook(PATHS[topic])


@pytest.fixture(autouse=True)
def fresh_kernel(monkeypatch):
    monkeypatch.setattr(checked, "_failing", {})


def blank(*args, **kwargs):
    raise NotImplementedError


def concerned(topic):
    """The visible cells of exercises that rest on others, or on which others rest."""
    exercises = {entry["exercise"] for entry in TABLES[topic].values()}
    return [c for c in notebook(topic).tests("visible") if exercise_of(c.grade_id) in exercises]


def with_answers(topic, changes):
    """A namespace in which all answers have been run, with some names changed."""
    namespace = notebook(topic).namespace()
    for cell in notebook(topic).solutions():
        for name in cell.names_defined & TABLES[topic].keys():
            del namespace[name]
        with contextlib.suppress(Exception):
            run(cell.source, cell.grade_id, namespace)
        namespace |= {name: changes[name] for name in cell.names_defined & changes.keys()}
    return namespace


def seen(topic, namespace):
    """Run the cells of `concerned`; return what each shows, and the error in which it ends."""
    return {cell.grade_id: run_in_jupyter(cell, namespace) for cell in concerned(topic)}


def run_in_jupyter(cell, namespace):
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        for number, statement in enumerate(ast.parse(cell.source).body):
            # in its place, so that what is checked can be read there
            lines = "\n" * (statement.lineno - 1) + ast.get_source_segment(cell.source, statement)
            try:
                run(lines, f"{cell.grade_id} {number}", namespace)
            except Exception as error:
                return shown.getvalue(), error
    return shown.getvalue(), None


def told(error):
    return type(error), str(error)


def rests_on(topic, cell, exercise):
    """Whether what a cell checks rests on an exercise, as the table has it."""
    table = TABLES[topic]
    [names] = [c.names_used & table.keys() for c in concerned(topic) if c.grade_id == cell]
    own = [table[name] for name in names if table[name]["exercise"] == exercise_of(cell)]
    return any(exercise in entry["rests_on"] for entry in own)


BELOW = sorted(
    {
        (topic, earlier)
        for topic, table in TABLES.items()
        for entry in table.values()
        for earlier in entry["rests_on"]
    }
)
MISTAKES = [
    (topic, name, mistake)
    for topic, table in TABLES.items()
    for name, bank in banks(notebook(topic).mistakes).items()
    if name in table
    for mistake in bank
]


def test_every_tutorial_has_something_that_rests_on_something():
    assert {topic for topic, _ in BELOW} == set(PATHS)  # all seven declare something
    assert {topic for topic, _, _ in MISTAKES} == set(PATHS)


@pytest.mark.parametrize("topic", PATHS)
def test_with_nothing_broken_no_card_changes(topic, monkeypatch):
    namespace = notebook(topic).namespace()
    in_jupyter = seen(topic, namespace)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert in_jupyter == seen(topic, namespace)
    assert all(error is None for _, error in in_jupyter.values())


@pytest.mark.parametrize(("topic", "exercise"), BELOW)
def test_all_that_rests_on_blank_answers_says_so(topic, exercise):
    right = notebook(topic).namespace()
    names = [name for name, entry in TABLES[topic].items() if entry["exercise"] == exercise]
    found = seen(topic, with_answers(topic, {n: blank for n in names if callable(right[n])}))
    own = [error for cell, (_, error) in found.items() if exercise_of(cell) == exercise]
    assert NotImplementedError in map(type, own)  # with the lines that lead to it
    later = [cell for cell in found if rests_on(topic, cell, exercise)]
    assert later
    for cell in later:
        shown, error = found[cell]
        assert told(error) == (
            check.CheckFailed,
            f"{exercise_of(cell)} rests on {exercise}, which is not right yet. Mend {exercise} "
            "first.",
        )
        assert shown.splitlines()[-1] == f"○ Not checked: {error}"


@pytest.mark.parametrize(
    ("topic", "name", "mistake"),
    MISTAKES,
    ids=[f"{topic}-{name}-{mistake.name}" for topic, name, mistake in MISTAKES],
)
def test_a_mistake_is_told_where_it_is_and_mended_before_what_rests_on_it(
    topic, name, mistake, monkeypatch
):
    own = TABLES[topic][name]["exercise"]
    namespace = with_answers(topic, {name: mistake.function})
    in_jupyter = seen(topic, namespace)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    while_grading = seen(topic, namespace)
    is_seen = False
    for cell, (shown, error) in in_jupyter.items():
        exercise = exercise_of(cell)
        if is_seen and error and rests_on(topic, cell, own):
            assert str(error) == (
                f"{exercise} rests on {own}, which is not right yet. Mend {own} first."
            )
            assert while_grading[cell][1] is not None
        else:
            assert (shown, told(error)) == (while_grading[cell][0], told(while_grading[cell][1]))
        is_seen |= exercise == own and error is not None


FLIPPED = """
def correlate2d(x, w, stride=1, padding=0):
    rows, columns = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1
    result = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            window = x[i : i + w.shape[0], j : j + w.shape[1]]
            result[i, j] = np.sum(window * w[::-1, ::-1])
    return result
"""
CONVOLVE = """
def convolve2d(x, w, stride=1, padding=0):
    return correlate2d(x, w[::-1, ::-1], stride, padding)
"""
SENTENCE = "C6 rests on C1, which is not right yet. Mend C1 first."


@pytest.fixture(scope="module", params=["wrong", "blank"])
def handed_out(request):
    """The first tutorial as students have it, up to C6, which is answered; C1 is not right."""
    [path] = (ROOT / "release").glob("*/convolution_by_hand.ipynb")
    nb = nbformat.read(path, as_version=4)
    names = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in nb.cells]
    nb.cells = nb.cells[: names.index("C6_convolve2d_visible") + 1]
    nb.cells[names.index("C6_convolve2d")].source = CONVOLVE
    if request.param == "wrong":
        nb.cells[names.index("C1_correlate2d")].source = FLIPPED
    return nb


@pytest.mark.slow
def test_a_kernel_shows_one_card_without_numbers(handed_out):
    nb = nbformat.from_dict(handed_out)
    NotebookClient(nb, allow_errors=True, timeout=120).execute()
    *cards, error = nb.cells[-1].outputs
    assert [output.data["text/plain"] for output in cards] == [f"○ Not checked: {SENTENCE}"]
    assert error.traceback == [f"CheckFailed: {SENTENCE} (see the card above)"]


@pytest.mark.slow
def test_validate_says_what_to_mend_first(handed_out, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # the kernel runs in the notebook's folder
    nbformat.write(handed_out, tmp_path / "convolution_by_hand.ipynb")
    results = Validator().validate(str(tmp_path / "convolution_by_hand.ipynb"))
    assert f"CheckFailed: {SENTENCE}" in [
        failure["raw_error"].strip() for failure in results["failed"]
    ]
