"""Inputs on which hidden tests look at how a function treats its arguments."""

import numpy as np

from course_utils.check import case
from course_utils.check.observation import arrays_in, in_all

MOST = 2


def contract(cases, scale=4):
    """Return the first cases, and the first of them again with whole numbers in an array.

    ``check.keeps_contract`` calls a function with such an array as floats and as integers. The
    first array only: where all were whole, integers would often be right by accident.

    Parameters
    ----------
    cases : list of Case
    scale : float
        What an array is multiplied by before it is rounded.

    Returns
    -------
    list of Case
        One case twice, where it has an array of floats; then up to ``MOST`` in all.
    """
    cases = cases[:MOST]
    args, kwargs = cases[0]
    first = next((array for array in arrays_in([*args, kwargs]) if array.dtype.kind == "f"), None)
    if first is None:
        return cases

    def rounded(array):
        return np.rint(scale * array) if array is first else array

    return [case(*in_all(args, rounded), **in_all(kwargs, rounded)), *cases]
