"""Slips that can be made in any function, and are seen without knowing what it is to compute.

They need no bank of mistakes: the hints here hold wherever such a slip is found.
"""

import numpy as np

from course_utils.check.comparison import first_difference, holds_ints
from course_utils.check.hints import Hint
from course_utils.check.plain import to_numeric_array

NOTHING_RETURNED = Hint(
    "nothing-returned",
    "None is what a function gives that returns nothing. Does every path in it end in `return`? To "
    "print a result is not to return it.",
)
CHANGED_ARGUMENT = Hint(
    "argument-changed",
    "Your function writes into what it is given, or into a view of it, and the caller may still "
    "need that: work on a copy, or write the results into a new array.",
)
FRACTIONS_LOST = Hint(
    "fractions-lost",
    "Your numbers are right up to the decimal point, and cut off there. Do they pass through an "
    "array of integers (`dtype=int`, `dtype=x.dtype`), `int` or `//`? `np.zeros(shape)` holds "
    "floats.",
)


def slip(pairs):
    """Return the ``Hint`` for a slip that explains every wrong result, or ``None``.

    Parameters
    ----------
    pairs : list of (result, expected), plain data, of which at least one is wrong
    """
    wrong = [pair for pair in pairs if first_difference(*pair) is not None]
    if all(_is_nothing(result) for result, _ in wrong):
        return NOTHING_RETURNED
    if all(_is_cut_off(*pair) for pair in pairs) and any(_tells(result) for result, _ in wrong):
        return FRACTIONS_LOST
    return None


def _is_nothing(result):
    """Whether a result is ``None``, or a list of nothing else: what several calls gave."""
    if isinstance(result, list):
        return bool(result) and all(one is None for one in result)
    return result is None


def _is_cut_off(result, expected):
    """Whether a result holds ints alone: those before the decimal points of what is expected."""
    numbers = to_numeric_array(result)
    if numbers is None:
        if type(result) is type(expected) is dict and set(result) == set(expected):
            return all(_is_cut_off(result[key], expected[key]) for key in expected)
        if type(result) is type(expected) is list and len(result) == len(expected):
            return all(map(_is_cut_off, result, expected))
        return False
    right = to_numeric_array(expected)
    if right is None or not holds_ints(result) or not np.isfinite(right).all():
        return False
    return first_difference(numbers, np.asarray(np.trunc(right))) is None


def _tells(result):
    """Whether a result is more than zeros and a single number: those can have any cause."""
    if isinstance(result, dict):
        return any(map(_tells, result.values()))
    numbers = to_numeric_array(result)
    if numbers is None:
        return isinstance(result, list) and any(map(_tells, result))
    return numbers.size > 1 and bool(numbers.any())
