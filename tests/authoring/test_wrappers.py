"""Bad habits around a right function: what is put around it, and what the tables say."""

import numpy as np
import pytest

from course_utils.staff.authoring import wrappers


def scaled(x, factor=2.0):
    """x: (N,) array. Raises ValueError for an empty one."""
    if not len(x):
        raise ValueError("empty")
    return x * factor


def the(name):
    [wrapper] = [w for w in wrappers.wrappers_for(scaled) if w.name == name]
    return wrapper


LONG = np.arange(40.0)


@pytest.mark.parametrize(
    ("name", "x", "expected"),
    [
        ("result as ints", np.array([0.75]), [1]),
        ("argument as ints: x", np.array([1.5]), [2.0]),
        ("factor at its default", np.array([1.5]), [3.0]),
        ("x ignored", np.array([1.5]), [2.0]),
        ("first 32 samples", LONG, 2 * LONG[:32]),
        ("last 32 samples", LONG, 2 * LONG[-32:]),
    ],
)
def test_a_habit_changes_what_it_says(name, x, expected):
    wrapper = the(name)
    np.testing.assert_array_equal(wrapper.around(scaled)(x), expected)
    assert wrapper.has_changed == (name != "factor at its default")


def test_an_argument_is_changed_behind_the_call():
    x, wrapper = np.array([1.0, 2.0]), the("argument changed: x")
    assert wrapper.around(scaled)(x).tolist() == [2, 4] and x.tolist() == [2, 3]
    assert wrapper.has_changed


def test_an_error_is_swallowed_and_others_are_not():
    wrapper = the("ValueError swallowed")
    assert wrapper.around(scaled)([]) is None and wrapper.has_changed
    with pytest.raises(TypeError):
        wrapper.around(scaled)(None)


def test_a_habit_that_never_matters_says_so():
    wrapper = the("result as floats")
    assert wrapper.around(scaled)(np.array([1.5])).tolist() == [3] and not wrapper.has_changed


def test_an_explanation_has_all_its_parts(tmp_path):
    file = tmp_path / "topic.toml"
    assert wrappers.read_explanations(file) == {}
    file.write_text('[[wrapper]]\nfunction = "f"\nwhy = "so"\n', encoding="utf-8")
    with pytest.raises(ValueError, match="wrapper 1 lacks wrapper"):
        wrappers.read_explanations(file)


def test_the_table_counts_habits_of_parameters_in_one_column():
    verdicts = [
        wrappers.Verdict("f", "result as floats", "killed"),
        wrappers.Verdict("f", "argument changed: x", "killed"),
        wrappers.Verdict("f", "argument changed: w", "explained"),
        wrappers.Verdict("f", "stride ignored", "killed"),
        wrappers.Verdict("f", "padding ignored", "survives"),
    ]
    row = wrappers.as_markdown(verdicts)[-1].split(" | ")
    assert row[0] == "| `f`" and row[-1] == "1 of 2 ✘ |"
    assert row.count("✔") == 1 and row.count("(✔)") == 1
    assert row[1 + wrappers.HABITS.index("argument changed")] == "(✔)", (
        "the worst of its parameters"
    )
    explained = [verdicts[-2], wrappers.Verdict("f", "padding ignored", "explained")]
    assert wrappers.as_markdown(explained)[-1].endswith("| 1 of 2 (✔) |")
    assert wrappers.as_markdown(verdicts[-2:-1])[-1].endswith("| 1 of 1 |")
