"""agrees: verdicts over many cases, the mistake's name, and what a failure may not tell."""

import ast

import numpy as np
import pytest

from course_utils import check
from course_utils.staff.mistakes.bank import MistakeBank, banks


def scale(x, factor=2):
    """The reference of these tests."""
    return x * factor


mistakes = MistakeBank(scale)


@mistakes.add("Multiply, do not add.")
def adds(x, factor=2):
    return x + factor


@mistakes.add("Use the factor you were given.")
def factor_ignored(x, factor=2):
    return x * 2


CASES = [
    check.case(np.array([[1.5, -2.0, 0.25]])),
    check.case(np.array([[3.0], [1.0]]), factor=3),
    check.case(np.arange(6.0).reshape(2, 3), 5),
]


def failure_of(function, cases=CASES, bank=mistakes):
    with pytest.raises(check.CheckFailed) as failure:
        check.agrees(function, scale, cases, bank)
    return failure.value


def test_passes_and_returns_nothing():
    assert check.agrees(lambda x, factor=2: factor * x, scale, CASES, mistakes) is None
    assert check.agrees(lambda x, factor=2: (factor * x).tolist(), scale, CASES) is None


def test_names_the_mistake_and_gives_its_hint():
    failure = failure_of(lambda x, factor=2: factor + x)
    assert failure.mistake == "adds"
    assert "Hint (adds): Multiply, do not add." in str(failure)
    assert failure_of(lambda x, factor=2: x + x).mistake == "factor-ignored"


def test_names_no_mistake_where_none_fits_all_results():
    assert failure_of(lambda x, factor=2: x * factor + 1e-3).mistake is None
    assert failure_of(lambda x, factor=2: x / 0 if x.size > 3 else x * 7).mistake is None


def test_names_the_mistake_of_a_function_that_crashes_on_other_cases():
    def adds_small(x, factor=2):
        if x.size > 3:
            raise IndexError("too many")
        return x + factor

    assert failure_of(adds_small).mistake == "adds"


def test_a_failure_tells_shapes_and_the_own_result_but_no_expected_value():
    text = str(failure_of(lambda x, factor=2: x * factor + (x == -2.0) * 100.5))
    assert "not right for 1 of 3 further inputs" in text
    assert "x of shape (1, 3)" in text
    assert "an array of shape (1, 3), float64, the right shape" in text
    assert "the first wrong value is 96.5 at [0, 1]" in text
    assert "-4" not in text


def test_arrays_in_dicts_and_lists_are_told_by_their_shapes_too():
    def total(weights, steps):
        return sum(w.sum() for w in weights.values()) + steps[0].sum()

    case = check.case({"W_hx": np.ones((4, 3)), "bias": 0.5 * np.ones(4)}, [np.ones(2)])
    with pytest.raises(check.CheckFailed) as failure:
        check.agrees(lambda weights, steps: 0, total, [case])
    assert "weights={W_hx of shape (4, 3), bias of shape (4,)}, steps=[array of shape (2,)]" in str(
        failure.value
    )


def test_the_wrong_case_that_is_told_most_shortly_is_the_example():
    cases = [check.case(list(range(n))) for n in (9, 5, 2, 7)]
    with pytest.raises(check.CheckFailed, match="4 of 4 further inputs") as failure:
        check.agrees(lambda values: max(len(values), 3), lambda values: len(values) // 3 + 1, cases)
    assert "For example with values=[0, 1]:" in str(failure.value)


def test_an_example_that_is_cut_says_so():
    with pytest.raises(check.CheckFailed) as failure:
        check.agrees(lambda values: 0, len, [check.case([7] * 2000)])
    (told,) = [line for line in str(failure.value).splitlines() if line.startswith("For example")]
    assert told.endswith("… (cut here):") and len(told) < 1100


def test_a_wrong_shape_is_told_without_the_right_one():
    text = str(failure_of(lambda x, factor=2: np.zeros(77)))
    assert "it returned an array of shape (77,), float64: the wrong shape" in text
    assert "1, 3" not in text.replace("x of shape (1, 3)", "")


def test_an_exception_is_told_with_the_students_line():
    def divides(x, factor=2):
        return x // (factor - factor.real) + {}["missing"]

    text = str(failure_of(divides))
    assert "it raised KeyError: \"'missing'\"" in text or "it raised KeyError" in text
    assert 'in the line `return x // (factor - factor.real) + {}["missing"]`' in text


@pytest.mark.parametrize(
    ("result", "told"),
    [
        (None, "it returned None"),
        ([{"a": 1}], "a list or tuple of 1"),
        ("text", "not the kind of result"),
        ({1}, "your result is a set"),
    ],
)
def test_results_of_the_wrong_kind(result, told):
    assert told in str(failure_of(lambda x, factor=2: result))


def test_printing_is_not_returning():
    failure = failure_of(lambda x, factor=2: None)
    assert failure.mistake == "nothing-returned"
    assert "To print a result is not to return it" in str(failure)
    assert failure_of(lambda x, factor=2: None if x.size > 3 else 2 * x).mistake is None
    forgetful = failure_of(lambda x, factor=2: None if x.size > 3 else factor * x)
    assert forgetful.mistake == "nothing-returned"


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (lambda x, factor=2: np.trunc(x * factor).astype(int), "fractions-lost"),
        (lambda x, factor=2: np.trunc(x * factor).astype(int).tolist(), "fractions-lost"),
        (lambda x, factor=2: np.trunc(x * factor), None),  # floats that were never cut off
        (lambda x, factor=2: np.floor(x * factor - 1).astype(int), None),
        (lambda x, factor=2: np.zeros(x.shape, dtype=int), None),
    ],
)
def test_fractions_that_an_array_of_integers_cuts_off_are_named(function, name):
    assert failure_of(function).mistake == name


def test_lost_fractions_are_named_in_several_results_too():
    results = {"W": np.array([1.5, -2.25]), "all": [np.array([0.5, 7.0]), 3.5]}
    cut_off = {"W": np.array([1, -2]), "all": [np.array([0, 7]), 3]}
    for function, name in ((lambda: cut_off, "fractions-lost"), (lambda: cut_off | {"W": 1}, None)):
        with pytest.raises(check.CheckFailed) as failure:
            check.agrees(function, lambda: results, [check.case()])
        assert failure.value.mistake == name


def message_of(function, reference, *arguments):
    with pytest.raises(check.CheckFailed) as failure:
        check.agrees(function, reference, [check.case(*arguments)])
    return str(failure.value)


def test_a_list_of_layers_is_told_whole():
    conv = {"type": "conv", "kernel": (3, 3), "stride": (2, 2), "padding": (1, 1), "groups": 1}
    layers = [conv, conv | {"dilation": (2, 2)}, conv | {"type": "maxpool", "padding": (0, 0)}]
    text = message_of(lambda layers: 0, lambda layers: len(layers), layers)
    example = text.partition("For example with layers=")[2].partition(":\nit ")[0]
    assert ast.literal_eval(example) == layers


def test_a_function_without_arguments_has_an_example_without_them():
    text = message_of(lambda: 4, lambda: 5)
    assert "For example with no arguments:\nit returned an int" in text


@pytest.mark.parametrize(
    ("result", "told"),
    [
        (
            (np.ones((4, 3)), np.ones((4, 3))),
            "it returned a list or tuple of 2 arrays of shape (4, 3)",
        ),
        (
            (np.ones((4, 3)), np.ones(2)),
            "it returned a list or tuple of 2 arrays of different shapes",
        ),
        ([[1, 2], [3]], "it returned a list or tuple of 2,"),
        (np.array(["a", "b"]), "it returned a list or tuple of 2 strings"),
        ([[0.0] * 3] * 4, "it returned a list or tuple of shape (4, 3)"),
    ],
)
def test_a_result_is_told_as_the_kind_it_is(result, told):
    assert told in message_of(lambda: result, lambda: np.ones((7, 7)))


def test_one_result_of_several_is_told_by_its_place():
    right = [np.ones((4, 3)), np.ones((4, 3))]
    text = message_of(lambda: (right[0], np.ones((2, 3))), lambda: right)
    assert "arrays of different shapes: the wrong shape at [1]" in text


def test_what_a_judge_says_is_not_taken_for_the_students_result():
    def judge(function):
        def names_are_right():
            return "all well" if function() else "the names are wrong"

        return names_are_right

    with pytest.raises(check.CheckFailed) as failure:
        check.agrees(judge(list), judge(lambda: [1]), [check.case()])
    assert "the test found: the names are wrong" in str(failure.value)
    assert "string" not in str(failure.value)


def test_a_student_who_exits_fails_and_does_not_end_the_test():
    def leaves(x, factor=2):
        raise SystemExit(0)

    assert "it raised SystemExit" in str(failure_of(leaves))


def test_each_call_gets_its_own_copy():
    def changes_its_input(x, factor=2):
        x *= factor
        return x

    cases = [check.case(np.ones(3)), check.case(np.ones((2, 2)), 4)]
    check.agrees(changes_its_input, scale, cases)
    np.testing.assert_array_equal(cases[0].args[0], np.ones(3))


def test_warnings_and_prints_to_stderr_are_kept_away(capsys):
    import sys

    def noisy(x, factor=2):
        print("thinking", file=sys.stderr)
        np.array([1.0]) / 0
        return x * factor

    check.agrees(noisy, scale, CASES)
    assert capsys.readouterr().err == ""


def test_no_cases_is_an_error_of_the_author():
    with pytest.raises(ValueError, match="at least one case"):
        check.agrees(scale, scale, [])


def test_two_mistakes_of_one_name_are_refused():
    with pytest.raises(ValueError, match="a mistake called 'adds' already"):
        mistakes.add("again")(adds)
    assert [mistake.name for mistake in mistakes] == ["adds", "factor-ignored"]


def test_banks_finds_the_banks_of_a_module():
    from course_utils.staff.mistakes import convolution_by_hand

    assert set(banks(convolution_by_hand)) >= {"correlate2d", "pool2d", "conv_transpose2d"}


class TestAnswersInVariables:
    def test_a_right_answer_passes_in_every_plain_form(self):
        answer = np.array([[1.5, 2.0]])
        assert check.is_right(answer, [[1.5, 2.0]]) is None
        assert check.is_right(answer.tolist(), answer) is None
        assert check.is_right((3, 3), [3, 3]) is None

    @pytest.mark.parametrize(
        ("answer", "told"),
        [
            ([[1.5, 7.0]], "a list or tuple of shape (1, 2); the first wrong value is 7 at [0, 1]"),
            ([1.5], "answer is a list or tuple of 1 number: the wrong shape"),
            ("1.5", "answer is a string, which is not the kind of result asked for"),
            (None, "answer is None"),
            (..., "answer is still `...`"),
            ({1.5}, "your result is a set"),
        ],
    )
    def test_a_wrong_one_is_told_about_without_the_right_one(self, answer, told):
        with pytest.raises(check.CheckFailed) as failure:
            check.is_right(answer, [[1.5, 2.125]])
        assert told in str(failure.value)
        assert "2.125" not in str(failure.value)


class TestSeeds:
    def test_numbers_depend_on_student_and_label_and_repeat(self, monkeypatch):
        monkeypatch.delenv("COURSE_SEED", raising=False)
        nobody = check.rng("C1").random()
        assert nobody == check.rng("C1").random() != check.rng("C6").random()
        monkeypatch.setenv("COURSE_SEED", "12345678901234567890")
        assert check.rng("C1").random() not in (nobody, check.rng("C2").random())

    @pytest.mark.parametrize("text", ["-1", "abc", "1.5", ""])
    def test_a_malformed_seed_is_an_error(self, monkeypatch, text):
        monkeypatch.setenv("COURSE_SEED", text)
        with pytest.raises(ValueError, match="takes a whole number from 0 up"):
            check.rng("C1")
