"""Inputs on which hidden tests look at how a function treats its arguments."""

import numpy as np

from course_utils.check import case
from course_utils.check.observation import arrays_in, in_all


def contract(cases, scale=4):
    """Return the cases, after the first of them with whole numbers in one of its arrays at a time.

    ``check.keeps_contract`` calls a function with such an array as floats and as integers. Where
    all arrays were whole, integers would often be right by accident.

    Parameters
    ----------
    cases : list of Case
    scale : float
        What an array is multiplied by before it is rounded.

    Returns
    -------
    list of Case
        The first case once for every array of floats in it, then all cases.
    """
    args, kwargs = cases[0]
    floats = [array for array in arrays_in([*args, kwargs]) if array.dtype.kind == "f"]

    def with_whole_numbers(one):
        def rounded(array):
            return np.rint(scale * array) if array is one else array

        return case(*in_all(args, rounded), **in_all(kwargs, rounded))

    return [*map(with_whole_numbers, floats), *cases]
