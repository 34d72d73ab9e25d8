"""Changes that a call made in copies reach the objects that they were copies of."""

import numpy as np
import pytest

from course_utils.staff.grading.run.in_place import can_change, change


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ([3, 1], [1, 3]),
        ([1], [1, 2, 3]),
        ([1, 2], []),
        ([[1], [2]], [[1, 9], [2]]),
        ({"a": 1}, {"b": 2}),
        ({"a": [1]}, {"a": [1, 2]}),
        ({1, 2}, {3}),
        (bytearray(b"ab"), bytearray(b"c")),
        (([1], 2), ([5], 2)),
    ],
)
def test_a_container_becomes_what_its_copy_became(mine, theirs):
    change(mine, theirs)
    assert mine == theirs


def test_an_array_takes_the_new_numbers():
    mine = np.zeros((2, 2))
    change([mine], [np.eye(2)])
    np.testing.assert_array_equal(mine, np.eye(2))


def test_objects_inside_stay_the_same_ones():
    row = [1]
    mine = {"rows": [row]}
    change(mine, {"rows": [[1, 2], [3]]})
    assert mine["rows"][0] is row and row == [1, 2]


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ([1], (2,)),
        ([1], {"0": 2}),
        ({"a": 1}, [2]),
        (5, 6),
        ("ab", "cd"),
    ],
)
def test_what_is_of_another_type_or_fixed_stays(mine, theirs):
    before = repr(mine)
    change(mine, theirs)
    assert repr(mine) == before


def test_arrays_of_another_shape_or_dtype_and_read_only_ones_stay():
    mine, fixed = np.zeros(2), np.zeros(2)
    fixed.flags.writeable = False
    change(mine, np.ones(3))
    change(mine, np.ones(2, int))
    change(fixed, np.ones(2))
    assert not mine.any() and not fixed.any()


def test_what_can_be_changed():
    fixed = np.zeros(2)
    fixed.flags.writeable = False
    assert can_change([1, "a", (2, [3])]) and can_change([np.zeros(2)]) and can_change([{}])
    assert not can_change([1, "a", (2, 3), None, fixed, frozenset({1})])
