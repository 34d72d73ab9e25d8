"""What a docstring promises beside the numbers: kind of result, arguments, dtypes, layouts."""

import numpy as np
import pytest

from course_utils import check


def half(x, y=0.0):
    return x / 2 + y


FLOATS = [check.case(np.array([1.0, 2.0, 3.0])), check.case(np.array([[0.5, -2.0]]), y=1.0)]


def in_place(x, y=0.0):
    x /= 2
    return x + y


def in_place_where_it_can(x, y=0.0):
    if x.flags.writeable:
        x *= 0
    return x / 2 + y


BROKEN = {
    "argument-changed": [in_place],
    "other-kind-of-result": [lambda x, y=0.0: 1.5],
    "dtype-matters": [
        lambda x, y=0.0: (x / 2 + y).astype(x.dtype),
        lambda x, y=0.0: x // 2 + y if x.dtype.kind == "i" else x / 2 + y,
        lambda x, y=0.0: x / 2 + y + (x.dtype == np.float32),
    ],
    None: [lambda x, y=0.0: 1 / 0],
    "nothing-returned": [lambda x, y=0.0: None],
}


def test_who_keeps_the_contract_passes_also_with_wrong_numbers(capsys):
    check.keeps_contract(half, half, FLOATS)
    check.keeps_contract(lambda x, y=0.0: 7 * x - y, half, FLOATS)
    assert capsys.readouterr().out.count("✔") == 2


@pytest.mark.parametrize(
    ("mistake", "function"), [(name, f) for name, functions in BROKEN.items() for f in functions]
)
def test_a_broken_promise_is_named(mistake, function):
    with pytest.raises(check.CheckFailed) as failure:
        check.keeps_contract(function, half, FLOATS)
    assert failure.value.mistake == mistake


def test_arguments_that_are_no_arrays_are_looked_at_too():
    with pytest.raises(check.CheckFailed) as failure:
        check.keeps_contract(lambda x: x.pop(), lambda x: x[-1], [check.case([1, 2])])
    assert failure.value.mistake == "argument-changed"
    with pytest.raises(check.CheckFailed) as failure:
        check.keeps_contract(
            lambda d: d.setdefault("b", 2), lambda d: 2, [check.case({"a": np.ones(2)})]
        )
    assert failure.value.mistake == "argument-changed"


def test_read_only_arrays_are_given_too():
    with pytest.raises(check.CheckFailed, match="read-only"):
        check.keeps_contract(
            lambda x: x.__setitem__(0, x[0]) or x.sum(), lambda x: x.sum(), [FLOATS[0]]
        )


def test_a_change_that_shows_in_the_writable_arrays_only():
    with pytest.raises(check.CheckFailed) as failure:
        check.keeps_contract(in_place_where_it_can, half, FLOATS)
    assert failure.value.mistake == "argument-changed"


@pytest.mark.parametrize("view", [lambda x: x, lambda x: x.T, lambda x: x[::-1], np.asarray])
def test_views_are_refused_only_where_a_new_array_is_promised(view):
    cases = [check.case(np.array([[1.0, 2.0]]))]
    check.keeps_contract(view, view, cases)
    with pytest.raises(check.CheckFailed) as failure:
        check.keeps_contract(view, view, cases, new=True)
    assert failure.value.mistake == "view-returned"
    check.keeps_contract(lambda x: view(x).copy(), view, cases, new=True)


def test_a_case_that_is_refused_is_for_agrees_to_judge():
    def refuses_the_first(x, y=0.0):
        if np.array_equal(x, FLOATS[0].args[0]):
            raise IndexError("the first one")
        return half(x, y)

    def refuses(x, y=0.0):
        raise IndexError("whatever it is")

    other = check.case(np.array([3.5, 1.25]))
    check.keeps_contract(refuses_the_first, half, [FLOATS[0], other])
    with pytest.raises(check.CheckFailed, match="whatever it is"):
        check.keeps_contract(refuses, half, [FLOATS[0], other])


@pytest.mark.parametrize(
    ("right", "accepted", "refused"),
    [
        (3, [3, np.int8(3), np.int64(3)], [3.0, np.float64(3), "3", [3], True]),
        (2.5, [2.5, np.float32(2.5), 3, np.array(2.5)], ["2.5", [2.5]]),
        (np.arange(3), [np.arange(3), np.arange(3, dtype=np.uint8)], [np.arange(3.0)]),
        (np.arange(3), [[0, 1, 2]], [[0.0, 1.0, 2.0]]),
        ([0, 1, 2], [np.arange(3)], [np.arange(3.0), [0, 1.0, 2]]),
        (
            np.ones(2, bool),
            [np.zeros(2, bool), [True, False]],
            [np.ones(2), np.ones(2, int), [1, 0]],
        ),
        ({"a": 1}, [{"a": 2}], [{"a": 1.5}, [1]]),
        ([(1, 2)], [[(1, 2)], [[3, 4]]], [[(1.0, 2)], 5]),
        ((np.ones(2), {"w": np.ones(2)}), [([1.0, 1.0], {"w": np.ones(2)}), (np.ones(2), 3)], [3]),
    ],
)
def test_kinds_of_results(right, accepted, refused):
    for result in accepted:
        check.keeps_contract(lambda r=result: r, lambda: right, [check.case()])
    for result in refused:
        with pytest.raises(check.CheckFailed) as failure:
            check.keeps_contract(lambda r=result: r, lambda: right, [check.case()])
        assert failure.value.mistake == "other-kind-of-result"


@pytest.mark.parametrize(
    ("right", "result", "told"),
    [
        (3, 3.0, "it returns a float, where an int is asked for"),
        (True, 1, "it returns an int, where a bool is asked for"),
        (3, [3], "it returns a list or tuple of 1 number, where a number is asked for"),
        ([1, 2], "12", "it returns a string, where a list is asked for"),
        (
            np.arange(3),
            np.arange(3.0),
            "it returns an array of shape (3,), float64 that holds floats, where ints are asked "
            "for",
        ),
        (
            [(1, 2)],
            [(1, 2.0)],
            "it returns a list or tuple of shape (1, 2) that holds floats, where ints are asked "
            "for",
        ),
        (
            {"a": 1},
            {"a": 1.5},
            "it returns a dict of 1 that holds floats, where ints are asked for",
        ),
        (
            [True],
            np.ones(1, np.uint8),
            "it returns an array of shape (1,), uint8 that holds ints, where True and False are "
            "asked for",
        ),
    ],
)
def test_another_kind_of_result_is_told_in_one_sentence(right, result, told):
    with pytest.raises(check.CheckFailed) as failure:
        check.keeps_contract(lambda: result, lambda: right, [check.case()])
    assert str(failure.value).splitlines()[2] == told


def test_the_arguments_that_are_changed_are_named():
    def reference(x, weights, names, y=0.0):
        return 0

    def changing(x, weights, names, y=0.0):
        weights["b"] += 1
        names.append("c")
        return 0

    case = check.case(np.ones(2), {"a": np.ones(3), "b": np.ones(3)}, names=["a", "b"])
    with pytest.raises(check.CheckFailed) as failure:
        check.keeps_contract(changing, reference, [case])
    assert "\nit changes `weights` and `names`\n" in str(failure.value)


def test_chance_is_not_taken_for_a_matter_of_dtype():
    generator = np.random.default_rng(1)
    with pytest.raises(check.CheckFailed) as failure:
        check.keeps_contract(lambda x, y=0.0: half(x, y) + generator.random(), half, FLOATS)
    assert failure.value.mistake == "other-each-time"


def test_without_cases_nothing_is_checked():
    for wrong in (lambda: check.keeps_contract(half, half, []), lambda: check.accepts(half, [])):
        with pytest.raises(ValueError, match="at least one case"):
            wrong()


def test_accepting_is_returning_something():
    check.accepts(lambda x: "anything", FLOATS[:1])
    with pytest.raises(check.CheckFailed, match="refuses input that is possible"):
        check.accepts(lambda x: 1 / 0, FLOATS[:1])
    with pytest.raises(check.CheckFailed, match="returns nothing") as failure:
        check.accepts(lambda x: None, FLOATS[:1])
    assert failure.value.mistake == "nothing-returned"
