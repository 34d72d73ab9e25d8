"""Hints of visible cells: what a wrong result is evidence of."""

import numpy as np
import pytest

from course_utils.check import calls, hints


@pytest.mark.parametrize("little", [5, 5.0, -99, 0, True, np.array(25), [7], np.ones((1, 1))])
def test_a_small_whole_number_is_no_evidence(little):
    assert hints.digest("f(1)", little, 4) is None
    assert hints.look_up("f(1)", little, 4) is None


@pytest.mark.parametrize("telling", [100, 5.5, [1, 2], np.nan, np.inf, "five", [], {"a": 1}])
def test_other_results_are(telling):
    assert len(hints.digest("f(1)", telling, 4)) == 16


def test_a_digest_stands_for_subject_result_and_expectation():
    digests = {
        hints.digest(subject, got, expected)
        for subject in ("f(1)", "g(1)", "f(2)")
        for got in ([1, 2], [2, 1])
        for expected in ([3, 4], [4, 3])
    }
    assert len(digests) == 12
    same = hints.digest("f(1)", np.array([1.00001, 2.0], np.float32), [3, 4])
    assert same == hints.digest("f(1)", [1, 2], np.array([3.0, 4.0]))


def test_what_is_checked_has_to_be_known():
    assert hints.digest(calls.UNKNOWN, [1, 2], [3, 4]) is None


def test_no_two_tables_read_one_digest_differently():
    labels = {}
    for table in hints.read_tables():
        for digest, names in table["digests"].items():
            hint = [table["hints"][name] for name in names]
            assert labels.setdefault(digest, (names, hint)) == (names, hint)
    assert labels


@pytest.mark.parametrize(
    ("subject", "got", "expected", "names"),
    [
        (
            "leaky_relu(np.array([-3, 4]))",
            [0, 4],
            [-0.03, 4],
            "integers-stay-integers or zero-on-the-negative-side",
        ),
        (
            'f1_average(SMALL, "micro")',
            0.488889,
            0.666667,
            "macro-for-micro or average-ignored",
        ),
        (
            "sum(count_parameters(list(alexnet_2012()), (3, 227, 227)))",
            62378344,
            60965224,
            "groups-missing or groups-ignored",
        ),
    ],
)
def test_of_two_hints_the_likelier_is_first(subject, got, expected, names):
    assert hints.look_up(subject, got, expected).name == names
