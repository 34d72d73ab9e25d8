"""close, equal, shape and raises: what passes, what fails, and what the student reads."""

from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pytest
import torch

from course_utils import check

MAP = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def message_of(function, got, *arguments, **options):
    with pytest.raises(check.CheckFailed) as failure:
        function(got, *arguments, **options)
    return str(failure.value)


@pytest.mark.parametrize(
    "got",
    [MAP, MAP.tolist(), tuple(map(tuple, MAP)), MAP.astype(np.float32), MAP.astype(int),
     torch.tensor(MAP), torch.tensor(MAP, requires_grad=True), MAP + 9e-6, MAP.view(np.matrix),
     np.asfortranarray(MAP), [MAP[0], MAP[1].tolist()]],
)  # fmt: skip
def test_close_accepts_every_honest_form_of_the_right_numbers(got):
    assert check.close(got, MAP) is None


@pytest.mark.parametrize(
    ("got", "told"),
    [
        (MAP + [[0, 0, 0], [0, 0.5, 0]], "first difference at [1, 1]: yours 5.5, expected 5"),
        (MAP * 1.001, "6 of 6 places differ, by up to 0.006"),
        (MAP * 10**7, "first difference at [0, 0]: yours 10000000, expected 1"),
        (MAP.T, "shape: yours (3, 2), expected (2, 3)"),
        (MAP[0], "shape: yours (3,), expected (2, 3)"),
        (MAP * np.nan, "first difference at [0, 0]: yours nan, expected 1"),
        ("six", "yours is a string, expected an array of shape (2, 3), float64"),
        ([[1, 2], [3]], "yours is a list of 2, expected an array"),
        (None, "got is None\nHint (nothing-returned): None is what a function gives"),
        (..., "got is still `...`: write your answer in the cell above"),
        ({1, 2}, "got is a set\nIt should be plain data"),
        (lambda: MAP, "got is a function"),
        (Fraction(1, 2), "got is a Fraction"),
        (MAP * 1j, "got is an array of complex128"),
    ],
)
def test_close_says_what_differs(got, told):
    assert told in message_of(check.close, got, MAP)


@pytest.mark.parametrize(
    ("got", "name"),
    [
        (np.array([1, 0, -2]), "fractions-lost"),
        (np.array([1.0, 0.0, -2.0]), None),
        (np.zeros(3, dtype=int), None),
    ],
)
def test_lost_fractions_are_named(got, name):
    with pytest.raises(check.CheckFailed) as failure:
        check.close(got, [1.5, 0.25, -2.75])
    assert failure.value.mistake == name


def test_a_single_number_has_no_shape_to_praise():
    text = message_of(check.equal, 25, 9)
    assert "difference: yours 25, expected 9" in text
    assert "shape" not in text and "first" not in text
    assert "the shape is right" in message_of(check.equal, [25], [9])


def test_strings_are_told_as_such():
    assert "yours is a list of 2 strings" in message_of(check.close, np.array(["a", "b"]), MAP)


def test_close_prints_small_arrays_next_to_each_other_and_leaves_large_ones_out():
    assert "yours:\n[[2. 3. 4.]" in message_of(check.close, MAP + 1, MAP)
    large = np.zeros((20, 20))
    assert "yours:" not in message_of(check.close, large + 1, large)


def test_close_compares_nan_inf_lists_and_dicts():
    check.close([np.nan, np.inf, -np.inf], [np.nan, np.inf, -np.inf])
    assert "at [1]" in message_of(check.close, [0, np.inf], [0, -np.inf])
    check.close({"W": MAP, "b": [0.5]}, {"b": 0.5 * np.ones(1), "W": MAP})
    assert "['W'][0, 0]" in message_of(check.close, {"W": MAP + 1}, {"W": MAP})
    assert "keys" in message_of(check.close, {"W": MAP, "c": 1}, {"W": MAP})
    check.close([MAP, MAP[0]], [MAP, MAP[0]])
    assert "[1][2]" in message_of(check.close, [MAP, MAP[0] + [0, 0, 1]], [MAP, MAP[0]])
    assert "length: yours 1, expected 2" in message_of(check.close, [MAP], [MAP, MAP[0]])


def test_large_counts_are_compared_to_the_last_one():
    check.close(138357544.0, 138357544)
    assert "yours 138357543, expected 138357544" in message_of(check.close, 138357543, 138357544)
    check.close(138357543, 138357544.0)  # a measurement, not a count


def test_equal_is_exact_and_takes_tuples_for_lists():
    check.equal(((1, 1), (0, 1)), [[1, 1], [0, 1]])
    check.equal({"a": "one-to-many"}, {"a": "one-to-many"})
    check.equal(np.int64(3), 3)
    assert "yours 3.00001, expected 3" in message_of(check.equal, 3.00001, 3)
    assert "['a']: yours 'x', expected 'y'" in message_of(check.equal, {"a": "x"}, {"a": "y"})
    assert "yours is an int, expected a string" in message_of(check.equal, 3, "3")


@pytest.mark.parametrize(
    ("got", "expected", "told"),
    [
        (True, False, ["difference: yours True, expected False"]),
        (25, 9, ["difference: yours 25, expected 9"]),
        (
            [True, False],
            [True, True],
            [
                "yours is a list of 2 bools; the shape is right",
                "first difference at [1]: yours False, expected True",
                "1 of 2 places differ",
                "yours:    [True, False]",
                "expected: [True, True]",
            ],
        ),
        (
            ((0, 1), (2, 2)),
            ((1, 1), (2, 2)),
            [
                "yours is a tuple of shape (2, 2); the shape is right",
                "first difference at [0, 0]: yours 0, expected 1",
                "1 of 4 places differ, by up to 1",
                "yours:    ((0, 1), (2, 2))",
                "expected: ((1, 1), (2, 2))",
            ],
        ),
        (
            3,
            (1, 2),
            [
                "yours is an int, expected a tuple of 2 numbers",
                "yours:    3",
                "expected: (1, 2)",
            ],
        ),
        (
            np.array([1.0, 2.0]),
            1.5,
            [
                "yours is an array of shape (2,), float64, expected a float",
                "yours:    [1. 2.]",
                "expected: 1.5",
            ],
        ),
        (
            [(3, 8), (10,)],
            [(3, 8), (12,)],
            [
                "first difference at [1][0]: yours 10, expected 12",
                "yours:    [(3, 8), (10,)]",
                "expected: [(3, 8), (12,)]",
            ],
        ),
        (
            {"tp": 6, "fp": 1},
            {"tp": 6, "fn": 1},
            [
                "keys missing: 'fn'",
                "keys not asked for: 'fp'",
                "yours:    {'tp': 6, 'fp': 1}",
                "expected: {'tp': 6, 'fn': 1}",
            ],
        ),
        (
            (np.array([1, 2]), [(0.25,)]),
            (np.array([1, 2]), [(1 / 3,)]),
            [
                "first difference at [1][0, 0]: yours 0.25, expected 0.333333",
                "yours:    (np.array([1, 2]), [(0.25,)])",
                "expected: (np.array([1, 2]), [(0.333333,)])",
            ],
        ),
        (
            [list(range(10, 28))] * 2,
            [list(range(10, 27)) + [0]] * 2,
            [
                "yours is a list of shape (2, 18); the shape is right",
                "first difference at [0, 17]: yours 27, expected 0",
                "2 of 36 places differ, by up to 27",
                "yours:",
                "[[10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27],",
                " [10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27]]",
                "expected:",
                "[[10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,  0],",
                " [10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,  0]]",
            ],
        ),
    ],
)
def test_values_are_shown_as_a_student_writes_them(got, expected, told):
    assert message_of(check.equal, got, expected).splitlines() == ["got is not right", *told]


def test_names_that_are_missing_are_told():
    names = [f"a task with a name of its own, number {n}" for n in range(20)]
    told = message_of(check.equal, names[:-1], names)
    assert f"missing: {names[-1]!r}" in told and "not asked for" not in told
    told = message_of(check.equal, dict.fromkeys([*names, "x" * 100], 1), dict.fromkeys(names, 1))
    assert "keys not asked for: 'xxx" in told and "x" * 60 not in told
    assert "keys missing" not in told


def test_true_among_numbers_stays_true():
    told = message_of(check.equal, [[0.5, True]] * 9, [[1 / 3, True]] * 9)
    assert "[[0.5, True]," in told and "[[0.333333, True]," in told


def test_names_in_the_plural_take_a_verb_in_the_plural(capsys):
    weights, loss, first_sees, layers = [1, 2], [3.0], [3, 4], 15
    check.equal(weights, [1, 2])
    check.is_right(weights, [1, 2])
    check.shape(weights, (2,))
    check.equal(loss, [3.0])
    check.equal(first_sees, [3, 4])
    check.equal(layers, 15)
    check.equal(sorted(weights), [1, 2])
    assert capsys.readouterr().out.replace("✔ ", "").splitlines() == [
        "weights are right",
        "weights are right",
        "weights have shape (2,), as they should",
        "loss is right",
        "first_sees is right",
        "layers is right",
        "sorted(weights) is right",
    ]
    with pytest.raises(check.CheckFailed, match="^weights are not right"):
        check.equal(weights, [1, 3])


def test_a_tuple_of_a_class_of_ones_own_is_a_tuple():
    point = NamedTuple("Point", [("x", int), ("y", int)])(1, 2)
    assert "yours:    (1, 2)" in message_of(check.equal, point, (2, 1))


def test_a_long_value_is_left_out():
    text = message_of(check.equal, ["spam" * 200, "ham"], ["spam", "ham"])
    assert "yours:" not in text
    assert "yours:" not in message_of(check.equal, list(range(10**5)), "many")


def test_a_single_number_has_an_empty_shape():
    told = "got has shape () of a single number; expected (2, 3)"
    assert told in message_of(check.shape, 5, (2, 3))
    told = "got has shape (2, 3); expected () of a single number"
    assert told in message_of(check.shape, MAP, ())


def test_shape():
    check.shape(MAP, (2, 3))
    check.shape(MAP.tolist(), (2, 3))
    assert "got has shape (3, 2); expected (2, 3)" in message_of(check.shape, MAP.T, (2, 3))
    assert "got is not one block of numbers" in message_of(check.shape, [[1, 2], [3]], (2, 2))


def test_raises_wants_value_error_and_nothing_else():
    def refuses(x, stride=1):
        raise ValueError("stride is 0")

    def crashes(x, stride=1):
        return x[10**6]

    def shrugs(x, stride=1):
        return x

    def warns_and_refuses(x, stride=1):
        np.array([1.0]) / 0
        raise ValueError("stride is 0")

    check.raises(refuses, MAP, stride=0)
    check.raises(warns_and_refuses, MAP, stride=0)
    assert "and raised IndexError" in message_of(check.raises, crashes, MAP, stride=0)
    text = message_of(check.raises, shrugs, MAP, stride=0)
    assert "shrugs with x of shape (2, 3), stride=0 should raise ValueError" in text
    assert "It returned an array of shape (2, 3)" in text


def test_the_message_begins_with_the_source_of_the_call():
    def correlate2d(x, w):
        return x

    with pytest.raises(check.CheckFailed) as failure:
        check.close(correlate2d(MAP, MAP[:1]), MAP[:, :2])
    assert str(failure.value).startswith("correlate2d(MAP, MAP[:1]) is not right\n")


def test_nothing_is_written_to_stderr(capsys):
    check.close(MAP, MAP)
    message_of(check.close, np.full(3, 1e308), np.full(3, -1e308))
    assert capsys.readouterr().err == ""


class TestForgeriesThatFoolOtherTests:
    """Each forgery satisfies a comparison one might have written; check says no."""

    def test_an_object_equal_to_everything(self):
        class Always:
            def __eq__(self, other):
                return True

            def __array__(self, dtype=None, copy=None):
                return MAP.copy()

        assert Always() == MAP[0, 0]
        np.testing.assert_array_equal(np.asarray(Always()), MAP)
        assert "got is an Always" in message_of(check.close, Always(), MAP)
        assert "got is an Always" in message_of(check.equal, Always(), 3)

    def test_an_array_subclass_that_agrees_with_everything(self):
        class Agreeable(np.ndarray):
            def __array_ufunc__(self, *arguments, **options):
                return np.True_

            def __array_function__(self, function, types, args, kwargs):
                return True

            def __eq__(self, other):
                return np.ones(self.shape, bool)

            def astype(self, *arguments, **options):
                return MAP

        forged = np.zeros((2, 3)).view(Agreeable)
        assert np.allclose(forged, MAP)
        assert (forged == MAP).all()
        assert "6 of 6 places differ" in message_of(check.close, forged, MAP)
        assert "6 of 6 places differ" in message_of(check.equal, forged, MAP)

    def test_subclasses_of_float_int_str_list_and_dict(self):
        def forger(base):
            return type(
                "Forged",
                (base,),
                {"__eq__": lambda self, other: True, "__hash__": lambda self: 0,
                 "__sub__": lambda self, other: 0.0, "__ne__": lambda self, other: False,
                 "__iter__": lambda self: iter([1, 2]), "__abs__": lambda self: 0.0},
            )  # fmt: skip

        for forged, right in (
            (forger(float)(7.0), 1.0),
            (forger(int)(7), 1),
            (forger(str)("wrong"), "right"),
            (forger(list)([7, 7]), [1, 2]),
            (forger(tuple)([7, 7]), [1, 2]),
            (forger(dict)(a=7), {"a": 1}),
        ):
            assert forged == right
            assert "is not right" in message_of(check.equal, forged, right)

    def test_a_class_that_lies_about_its_class(self):
        class Liar:
            @property
            def __class__(self):
                return np.ndarray

        assert isinstance(Liar(), np.ndarray)
        assert "got is a Liar" in message_of(check.close, Liar(), MAP)

    def test_a_tensor_subclass_that_swaps_its_data(self):
        class Swapped(torch.Tensor):
            @classmethod
            def __torch_function__(cls, function, types, args=(), kwargs=None):
                return torch.tensor(MAP)

        forged = torch.zeros(2, 3, dtype=torch.float64).as_subclass(Swapped)
        assert torch.equal(forged.detach(), torch.tensor(MAP))
        assert "6 of 6 places differ" in message_of(check.close, forged, MAP)

    def test_patched_numpy_and_builtins(self, monkeypatch):
        failures = []
        with monkeypatch.context() as patch:
            for name in ("assert_allclose", "assert_array_equal", "assert_equal"):
                patch.setattr(np.testing, name, lambda *a, **k: None)
            for name in ("allclose", "isclose", "array_equal", "all", "any", "abs", "equal",
                         "less_equal", "subtract", "asarray", "array"):  # fmt: skip
                patch.setattr(np, name, lambda *a, **k: np.True_)
            patch.setattr("builtins.all", lambda values: True)
            patch.setattr("builtins.abs", lambda value: 0)
            np.testing.assert_allclose(MAP + 1, MAP)
            fooled = np.allclose(MAP + 1, MAP) and abs(7) == 0
            for function, got, right in (
                (check.close, MAP + 1, MAP),
                (check.equal, [1, 2], [1, 3]),
            ):
                try:
                    function(got, right)
                except check.CheckFailed as failure:
                    failures.append(failure)
        assert fooled
        assert len(failures) == 2
