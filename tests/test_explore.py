import sys

import numpy as np
import pytest

from course_utils import explore


def test_grading_follows_nbgraders_variable(monkeypatch):
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    assert not explore.is_grading()
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    assert not explore.is_grading()
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert explore.is_grading()


def test_an_optional_library_is_the_module_itself():
    assert explore.optional("json") is sys.modules["json"]


def test_a_missing_library_is_none(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)  # what Python does for an absent module
    assert explore.optional("torch") is None
    assert explore.optional("no_such_library_anywhere") is None


BROKEN = {
    "import a_part_that_is_not_there": "ModuleNotFoundError: No module named "
    "'a_part_that_is_not_there'",
    "raise ImportError('numpy is too old\\nwrite to the authors')": "ImportError: numpy is too old",
    "raise OSError('libtorch_cpu.so: cannot open shared object file')": "OSError: libtorch_cpu.so: "
    "cannot open shared object file",
    "raise OSError": "OSError: ",
}


@pytest.mark.parametrize(("source", "told"), BROKEN.items())
def test_a_broken_library_is_none_too_and_the_first_line_of_its_error_is_told(
    source, told, tmp_path, monkeypatch
):
    (tmp_path / "half_installed.py").write_text(source)
    monkeypatch.syspath_prepend(tmp_path)
    assert explore.optional("half_installed") is None
    assert explore.why_missing("half_installed") == f"half_installed cannot be loaded here: {told}"


def test_a_missing_library_is_called_missing():
    assert explore.why_missing("json") == ""
    name = "no_such_library_anywhere"
    assert explore.why_missing(name) == f"{name} is not installed here"


def test_optional_libraries_stay_out_of_grading(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert explore.optional("json") is None


@pytest.mark.parametrize(
    ("guess", "answer", "printed"),
    [
        (..., 3, "No guess yet. The answer: 3"),
        ((..., ...), (1, 2), "No guess yet. The answer: (1, 2)"),
        ((1, ...), (1, 2), "No guess yet. The answer: (1, 2)"),
        (3, np.int64(3), "Your guess: 3. Spot on!"),
        (-0.2, np.float64(-0.20000000000000018), "Your guess: -0.2. Spot on!"),
        ((1, 2), (1, 2), "Your guess: (1, 2). Spot on!"),
        ([1, 2], np.array([1, 2]), "Your guess: [1, 2]. Spot on!"),
        ((2, 1), (1, 2), "Your guess: (2, 1). The answer: (1, 2)"),
        ((1, 2, 3), (1, 2), "Your guess: (1, 2, 3). The answer: (1, 2)"),
        ("Error", "error", "Your guess: Error. Spot on!"),
        ("error", (2, 2), "Your guess: error. The answer: (2, 2)"),
        ("no idea", 7, "Your guess: no idea. The answer: 7"),
    ],
)
def test_reveal_sets_the_guess_beside_the_answer(guess, answer, printed, capsys):
    explore.reveal(guess, answer)
    assert capsys.readouterr().out == printed + "\n"


@pytest.mark.parametrize("guess", [None, [[1], [2, 3]], ("three", "four"), {"rows": 2}, object])
def test_any_guess_is_answered(guess, capsys):
    explore.reveal(guess, (2, 2))
    assert "The answer: (2, 2)" in capsys.readouterr().out
