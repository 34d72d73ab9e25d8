"""The verdicts of every source notebook's test cells: right styles pass, named mistakes fail.

All cells run in this process (``SourceNotebook``); the end-to-end tests grade the same answer
files through nbgrader's kernels.
"""

import functools
import re
from pathlib import Path

import pytest

from course_utils import check
from course_utils.staff.authoring.answer_file import read_answer_file
from course_utils.staff.authoring.source_notebook import SourceNotebook
from course_utils.staff.mistakes.bank import banks

ROOT = Path(__file__).parents[2]
PATHS = {path.stem: path for path in sorted((ROOT / "source").glob("*/*.ipynb"))}
SEEDS = range(100)  # with --proof
FEW_SEEDS = SEEDS[::25]
TRAINING_SEEDS = range(3)  # for cells that train networks, seconds each


@pytest.fixture
def seeds(request):
    """Seeds for the cells that train no networks."""
    return SEEDS if request.config.getoption("--proof") else FEW_SEEDS


@pytest.fixture
def training_seeds(request):
    """Seeds for the cells that train networks."""
    return TRAINING_SEEDS if request.config.getoption("--proof") else TRAINING_SEEDS[:1]


@functools.cache
def notebook(topic):
    return SourceNotebook(PATHS[topic])


def answer_files(topic, pattern):
    return sorted((ROOT / "sample_class" / PATHS[topic].parent.name).glob(f"{pattern}.py"))


MISTAKES = [
    (topic, name, mistake)
    for topic in PATHS
    for name, bank in banks(notebook(topic).mistakes).items()
    for mistake in bank
]
STYLES = [(topic, path) for topic in PATHS for path in answer_files(topic, "correct-*")]


@pytest.mark.parametrize("topic", PATHS)
def test_every_source_notebook_passes_its_own_tests(topic):
    assert notebook(topic).namespace()
    assert notebook(topic).tests("visible") and notebook(topic).tests("hidden")


@pytest.mark.parametrize("topic", PATHS)
def test_at_least_four_correct_styles(topic):
    assert len(answer_files(topic, "correct-*")) >= 4


@pytest.mark.parametrize("topic", PATHS)
def test_every_function_with_a_bank_is_tested_and_every_tested_function_has_a_bank(topic):
    functions = set(banks(notebook(topic).mistakes))
    defined = set().union(*(cell.names_defined for cell in notebook(topic).solutions()))
    assert functions <= defined
    in_agreement = {
        name
        for cell in notebook(topic).tests("hidden")
        if "check.agrees(" in cell.source
        for name in cell.names_used & defined
    }
    assert in_agreement == functions


@pytest.mark.parametrize("topic", PATHS)
def test_no_cell_gives_points_for_merely_not_calling_a_library(topic):
    for cell in notebook(topic).tests():
        asks_more = re.search(r"check\.(agrees|accepts|keeps_contract)\(", cell.source)
        assert "check.forbids(" not in cell.source or asks_more, cell.grade_id


@pytest.mark.parametrize("topic", PATHS)
def test_no_hidden_cell_shows_an_expected_value(topic):
    for cell in notebook(topic).tests("hidden"):
        assert not re.search(r"check\.(close|equal|shape)\(", cell.source), cell.grade_id


@pytest.mark.parametrize("topic", PATHS)
def test_a_function_to_be_written_by_hand_is_watched_wherever_it_is_compared(topic):
    tests = notebook(topic).tests("hidden")
    by_hand = {
        re.search(r"check\.forbids\(\s*(\w+)", cell.source)[1]
        for cell in tests
        if "check.forbids(" in cell.source
    }
    for cell in tests:
        for name in re.findall(r"check\.agrees\(\s*(\w+)\s*,", cell.source):
            assert name not in by_hand or "check.forbids(" in cell.source, cell.grade_id


def hidden_tests(topic, name):
    return notebook(topic).tests_of([name], "hidden")


@pytest.mark.parametrize(
    ("topic", "name", "mistake"),
    MISTAKES,
    ids=[f"{topic}-{name}-{mistake.name}" for topic, name, mistake in MISTAKES],
)
def test_each_mistake_fails_hidden_tests_and_is_named_over_many_seeds(
    topic, name, mistake, seeds, training_seeds, monkeypatch
):
    tests = hidden_tests(topic, name)
    failing = []
    for seed in training_seeds if any(test.trains for test in tests) else seeds:
        monkeypatch.setenv("COURSE_SEED", str(seed))
        failures = {
            test.grade_id: notebook(topic).failure(test, {name: mistake.function}) for test in tests
        }
        failing.append({grade_id for grade_id, failure in failures.items() if failure})
        named = {
            failure.mistake
            for failure in failures.values()
            if isinstance(failure, check.CheckFailed)
        }
        assert mistake.name in named
    assert failing[0] and all(cells == failing[0] for cells in failing), "verdicts vary with seed"


@pytest.mark.parametrize(
    ("topic", "path"), STYLES, ids=[f"{topic}-{path.stem}" for topic, path in STYLES]
)
def test_each_correct_style_passes_everything_over_many_seeds(
    topic, path, seeds, training_seeds, monkeypatch
):
    answers = {
        name: answer.source
        for name, answer in read_answer_file(path).answers.items()
        if answer.cell_type == "code"
    }
    missing = {cell.grade_id for cell in notebook(topic).solutions()} - set(answers)
    assert not missing, "a complete student answers everything"
    namespace = notebook(topic).answered(answers)
    for seed in sorted({*seeds, *training_seeds}):
        monkeypatch.setenv("COURSE_SEED", str(seed))
        failures = {
            test.grade_id: str(failure)
            for test in notebook(topic).tests()
            if seed in (training_seeds if test.trains else seeds)
            and (failure := notebook(topic).failure(test, namespace))
        }
        assert failures == {}
