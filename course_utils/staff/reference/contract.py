"""Inputs on which hidden tests look at how a function treats its arguments."""

import numpy as np

from course_utils.check import case
from course_utils.check.observation import arrays_in, in_all

CALL = 4  # numbers that a call costs as much as
MOST = 80  # numbers in all arrays together, and calls
TYPICAL = 1  # place of a case by size: neither so small that it hides a fraction, nor large


def contract(cases, scale=4):
    """Return some small cases, after one with whole numbers in its first array, then in the others.

    ``check.keeps_contract`` calls a function with such arrays as floats and as integers. Where all
    arrays were whole, integers would often be right by accident.

    Parameters
    ----------
    cases : list of Case
    scale : float
        What an array is multiplied by before it is rounded.

    Returns
    -------
    list of Case
        A small case once or twice with whole numbers, where it has arrays of floats, then the
        smallest case of every set of options, and as many more as hold ``MOST`` numbers.
    """
    cases = _few(sorted(cases, key=_size))
    args, kwargs = cases[min(TYPICAL, len(cases) - 1)]
    floats = [array for array in arrays_in([*args, kwargs]) if array.dtype.kind == "f"]

    def with_whole_numbers(some):
        def rounded(array):
            return np.rint(scale * array) if any(array is one for one in some) else array

        return case(*in_all(args, rounded), **in_all(kwargs, rounded))

    return [with_whole_numbers(some) for some in (floats[:1], floats[1:]) if some] + cases


def _few(cases):
    """The first case with each set of options, and more of the first while they are small."""
    chosen, options, numbers = [], set(), 0
    for one in cases:
        numbers += CALL + _size(one)
        key = (len(one.args), *sorted(one.kwargs))
        if key not in options or numbers <= MOST:
            chosen.append(one)
        options.add(key)
    return chosen


def _size(one):
    """How many numbers there are in the arrays of a case."""
    return sum(array.size for array in arrays_in([*one.args, one.kwargs]))
