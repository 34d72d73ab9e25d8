"""Both sides of the process boundary give the same verdicts, in the same words.

A student's Jupyter runs all cells in one process; grading runs the test cells in another process
than the student's. Every answer file and every known mistake goes both ways, and each test cell
is to end alike: passed or failed, the same exception with the same text, the same cards, and in
visible cells the same printed text.
"""

import ast
import functools
import re
from pathlib import Path

import nbformat
import pytest
from nbgrader import utils
from one_process import OneProcessRun, run_in_one_process

from course_utils.staff.authoring.answer_file import read_answer_file
from course_utils.staff.authoring.source_notebook import SourceNotebook
from course_utils.staff.grading import job as jobs
from course_utils.staff.grading.run import run_room
from course_utils.staff.markers import HIDDEN_TESTS
from course_utils.staff.mistakes.bank import banks

ROOT = Path(__file__).parents[2]
PATHS = {path.stem: path for path in sorted((ROOT / "source").glob("*/*.ipynb"))}
SEED = 20240229
CELL_SECONDS = 60
ENDLESS_SECONDS = 6  # where an endless loop is the point


@functools.cache
def code_cells(topic, released=False):
    """The code cells of a notebook as (grade_id, role, source)."""
    path = PATHS[topic]
    if released:
        path = ROOT / "release" / path.parent.name / path.name
    notebook = nbformat.read(path, as_version=4)
    return tuple(
        (
            cell.metadata.get("nbgrader", {}).get("grade_id", f"cell {place}"),
            role(cell),
            cell.source,
        )
        for place, cell in enumerate(notebook.cells)
        if cell.cell_type == "code"
    )


def role(cell):
    if utils.is_solution(cell):
        return jobs.SOLUTION
    return jobs.TEST if utils.is_grade(cell) else jobs.GIVEN


def as_job(topic, cells, seconds):
    """A job of (grade_id, role, source), with the source's own cells as the trusted ones."""
    numbered = tuple(jobs.Cell(place, *cell) for place, cell in enumerate(cells))
    return jobs.Job(
        numbered,
        code_cells(topic),
        SEED,
        jobs.NotebookLimits(seconds, 1200, seconds),
        by_hand=False,  # calls are watched, as in Validate
    )


def answered(topic, path):
    """The cells of the submission that an answer file describes, as the prepare room hands on."""
    answers = read_answer_file(path).answers
    stubs = {name: source for name, _, source in code_cells(topic, released=True)}
    return [
        (name, role, answers[name].source if name in answers else stubs[name])
        if role == jobs.SOLUTION
        else (name, role, source)
        for name, role, source in code_cells(topic)
    ]


FLIP = """\
def convolve2d(x, w, stride=1, padding=0):
    {}
    return correlate2d(x, w, stride, padding)
"""
# Arrays only: lists and dicts cannot be read-only.
CHANGING = """\
_right = {function}


def _change(value):
    if isinstance(value, np.ndarray):
        value[...] = 0
    elif isinstance(value, (list, tuple, dict)):
        for entry in value.values() if isinstance(value, dict) else value:
            _change(entry)


def {function}(*args, **kwargs):
    result = _right(*args, **kwargs)
    _change([args, kwargs])
    return result
"""
FORGETTING = """\
_right = {function}


def {function}(*args, **kwargs):
    _right(*args, **kwargs)
"""


def with_habit(topic, habit):
    """The cells of the source, each test repeated with functions that have a bad habit."""
    notebook = SourceNotebook(PATHS[topic])
    functions = {
        statement.name
        for cell in notebook.solutions()
        for statement in ast.parse(cell.source).body
        if isinstance(statement, ast.FunctionDef)
    }
    tests = {cell.grade_id: cell for cell in notebook.tests()}
    for name, role, source in code_cells(topic):
        yield name, role, source
        if role != jobs.TEST or tests[name].trains:
            continue
        for function in sorted(functions & tests[name].names_used):
            yield f"{function} with a habit", jobs.OTHER, habit.format(function=function)
            yield name, role, source
            yield f"{function} put back", jobs.OTHER, f"{function} = _right"


def with_mistakes(topic):
    """The cells of the source, each test repeated with every mistake in a function it uses."""
    notebook = SourceNotebook(PATHS[topic])
    module = notebook.mistakes.__name__
    tests = {cell.grade_id: cell.names_used for cell in notebook.tests()}
    for name, role, source in code_cells(topic):
        yield name, role, source
        if role != jobs.TEST:
            continue
        for function, bank in banks(notebook.mistakes).items():
            for number in range(len(bank) if function in tests[name] else 0):
                wrong = bank.mistakes[
                    number
                ].function.__name__  # told where the student's text has it
                swap = (
                    f"import {module} as _bank  # {wrong}\n_right = {function}\n"
                    f"{function} = _bank.{function}.mistakes[{number}].function"
                )
                yield f"{function}, mistake {number}", jobs.OTHER, swap
                yield name, role, source
                yield f"{function} put back", jobs.OTHER, f"{function} = _right"


# --- what is compared ---------------------------------------------------------------------------

# What a student sees may differ in these ways, and in no other:
# - A dead kernel leaves no word; grading says what happened, and that later cells were not run.
# - Ctrl-C after too long shows as KeyboardInterrupt in one process, as a time-out in grading.
# - In a hidden test, grading keeps away what the student's functions print: the inputs.
# - Warnings come as ordinary text in grading, where they fail no cell.
# - Other processes cannot be started where student code is graded, and joblib says so.
# - Of a library that the checker has not loaded, the module inside of it is left out.
# - The text of an exception does not end with a blank.
DIFFERENT_NAMES = re.compile(r"(?<= uses )([a-z]\w*)(?:\.\w+)*\.(\w+)(?=, and this task)")
LAST_BLANK = re.compile(r" (?=('|&#x27;|&#39;)(\s|<|$))")
JOBLIB = re.compile(r".*joblib.*\n.*joblib will operate in serial mode.*\n(\n)?")


def end_of(messages, with_prints):
    """What a student sees of a test cell: cards, figures and errors, and the printed text."""
    seen, printed = [], ""
    for kind, content in messages:
        if kind == "error":
            seen.append(("error", content["ename"], _alike(content["evalue"])))
        elif kind == "stream":
            printed += content["text"]
        else:
            seen.append((kind, _alike(content["data"])))
    return (seen, JOBLIB.sub("", printed)) if with_prints else seen


def _alike(shown):
    if isinstance(shown, dict):
        return {kind: _alike(text) for kind, text in shown.items()}
    if not isinstance(shown, str):
        return shown
    return LAST_BLANK.sub("", DIFFERENT_NAMES.sub(r"\1 (\2)", shown))


def errors(messages):
    return [content["ename"] for kind, content in messages if kind == "error"]


def differences(cells, here, graded):
    """The test cells that end differently in an ``OneProcessRun`` and a ``RunResult``."""
    for place, (name, role, source) in enumerate(cells):
        if role != jobs.TEST:
            continue
        theirs = graded.messages.get(place, [])
        if place not in here.messages:
            mine, theirs = ["NotRun"], errors(theirs)
        elif here.died_in == place:
            mine, theirs = ["DeadKernel"], errors(theirs)
        elif place == here.interrupted_in:
            mine, theirs = ["CellTimeoutError"], errors(theirs)
        else:
            prints = HIDDEN_TESTS.begin not in source
            mine, theirs = end_of(here.messages[place], prints), end_of(theirs, prints)
        if mine != theirs:
            yield f"{place} {name}\nin one process: {mine}\nin grading: {theirs}"


def both(topic, notebooks, seconds):
    """Run notebooks both ways; yield (cells, ``OneProcessRun``, ``RunResult``).

    An endless loop ends a notebook, because every further cell that calls it would wait as long.
    """
    numbered = [[(place, cell[2]) for place, cell in enumerate(cells)] for cells in notebooks]
    modules = run_room._needs(code_cells(topic))[1]
    runs = run_in_one_process(numbered, SEED, seconds, modules)
    for cells, here in zip(notebooks, runs, strict=True):
        if here.interrupted_in is not None:
            cells = cells[: here.interrupted_in + 1]
        yield cells, here, run_room.run_notebook(as_job(topic, cells, seconds))


@pytest.fixture
def mistakes_in_view(monkeypatch):
    """Let student code import the mistakes and references, which are out of its reach else."""
    run_room.close()
    run_room._needs.cache_clear()
    program = (
        "import course_utils.check; course_utils.STAFF = 'nothing of that name'; "
        "from course_utils.sandbox import preload; preload.main()"
    )
    monkeypatch.setattr(run_room, "PRELOAD", ("-c", program))
    yield
    run_room.close()
    run_room._needs.cache_clear()


# --- every answer file, every mistake -----------------------------------------------------------

TOPICS = pytest.mark.parametrize("topic", PATHS)


def answer_files(topic, step):
    """Every ``step``-th answer file, and those that end or hold up their process."""
    files = sorted((ROOT / "sample_class" / PATHS[topic].parent.name).glob("*.py"))
    return [
        path
        for number, path in enumerate(files)
        if number % step == 0 or path.stem in ("crash", "infinite-loop")
    ]


@TOPICS
def test_every_answer_file_ends_alike_in_validate_and_in_grading(topic, pytestconfig):
    # those of image_tokenization train networks, for seconds, twice
    step = 3 if topic == "image_tokenization" else 1
    paths = answer_files(topic, step if pytestconfig.getoption("--proof") else 8 * step)
    endless = [path for path in paths if "infinite" in path.stem]
    others = [path for path in paths if path not in endless]
    if not (pytestconfig.getoption("--proof") or topic == next(iter(PATHS))):
        endless = []  # it takes a time-out on each side
    found = []
    for paths, seconds in ((others, CELL_SECONDS), (endless, ENDLESS_SECONDS)):
        notebooks = [answered(topic, path) for path in paths]
        for path, seen in zip(paths, both(topic, notebooks, seconds), strict=True):
            found += [f"{path.stem}: {difference}" for difference in differences(*seen)]
    assert not found, f"{len(found)} differences, the first:\n{found[0]}"


@TOPICS
def test_every_mistake_ends_alike_in_validate_and_in_grading(topic, mistakes_in_view):
    [seen] = both(topic, [list(with_mistakes(topic))], CELL_SECONDS)
    cells, _, graded = seen
    assert list(differences(*seen)) == []
    tests = [place for place, cell in enumerate(cells) if cell[1] == jobs.TEST]
    failed = [place for place in tests if errors(graded.messages[place])]
    assert len(failed) > len(tests) / 3, "the mistakes have not taken the solutions' place"


@pytest.mark.parametrize("topic", sorted(set(PATHS) - {"output_shapes", "receptive_fields"}))
def test_changed_arguments_end_alike_in_validate_and_in_grading(topic):
    [seen] = both(topic, [list(with_habit(topic, CHANGING))], CELL_SECONDS)
    assert list(differences(*seen)) == []
    cells, _, graded = seen
    failed = {cells[place][0] for place, shown in graded.messages.items() if errors(shown)}
    assert any(name.endswith("_contract") for name in failed)


def test_a_forgotten_return_ends_alike_in_validate_and_in_grading():
    """In this tutorial cells unpack, index and check what functions return."""
    [seen] = both("rnn_taxonomy", [list(with_habit("rnn_taxonomy", FORGETTING))], CELL_SECONDS)
    assert list(differences(*seen)) == []
    cells, _, graded = seen
    for place, (name, _, _) in enumerate(cells):
        ends = errors(graded.messages.get(place, []))
        assert set(ends) <= {"CheckFailed"}, name


def test_a_filter_turned_in_place_costs_the_visible_point_on_both_sides():
    turned = FLIP.format("w[...] = np.array(w[::-1, ::-1])"), FLIP.format("w = w[::-1, ::-1]")
    notebooks = [
        [
            (name, role, answer if name == "C6_convolve2d" else source)
            for name, role, source in cells
        ]
        for answer in turned
        for cells in [code_cells("convolution_by_hand")]
    ]
    failed = []
    for seen in both("convolution_by_hand", notebooks, CELL_SECONDS):
        cells, _, graded = seen
        assert list(differences(*seen)) == []
        names = [cells[place][0] for place, shown in graded.messages.items() if errors(shown)]
        failed.append([name for name in names if name.startswith("C6_")])
    assert failed == [["C6_convolve2d_visible", "C6_convolve2d_hidden_contract"], []]


def test_a_verdict_that_differs_is_seen():
    cells = [("given", jobs.GIVEN, ""), ("test", jobs.TEST, "")]
    card = ("display_data", {"data": {"text/plain": "✔"}})
    error = ("error", {"ename": "CheckFailed", "evalue": "no"})
    here = OneProcessRun({0: [], 1: [card]})
    result = functools.partial(jobs.RunResult, counts={}, events=[], files={}, isolation="full")
    assert not list(differences(cells, here, result({1: [card]})))
    for other in ([error], [card, error], [], [card, card]):
        assert list(differences(cells, here, result({1: other})))
