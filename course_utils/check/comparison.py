"""Compare plain data and describe the first difference.

Numbers are compared with ufuncs and array methods only: they are C objects that student code
cannot replace, unlike ``numpy.allclose`` and ``numpy.testing``.
"""

from dataclasses import dataclass

import numpy as np

from course_utils.check.plain import NUMERIC_KINDS, to_numeric_array
from course_utils.check.wording import describe_kind

RTOL, ATOL = 1e-4, 1e-5

_type, _len = type, len
_absolute, _subtract, _multiply, _add = np.absolute, np.subtract, np.multiply, np.add
_less_equal, _equal, _isnan, _isfinite = np.less_equal, np.equal, np.isnan, np.isfinite
_or, _and, _not = np.logical_or, np.logical_and, np.logical_not
_errstate = np.errstate


@dataclass(frozen=True)
class Difference:
    """Where two results differ first.

    ``what`` is "type", "shape" or "value"; ``where`` the index or key path as text ("" for the
    whole); ``got`` and ``expected`` the shapes, or the two values there; ``largest`` the largest
    absolute difference and ``places`` (wrong, all), for values in arrays.
    """

    what: str
    where: str
    got: object
    expected: object
    largest: float | None = None
    places: tuple[int, int] | None = None


def first_difference(got, expected, exact=False, where=""):
    """Return the first ``Difference`` between two plain values, or ``None`` if they agree.

    Numbers agree when |got - expected| <= ATOL + RTOL * |expected|, or exactly with ``exact``;
    where ``expected`` holds ints only, RTOL is 0, so that large counts are not merely close. NaN
    agrees with NaN. Lists and arrays of numbers are interchangeable, as are lists and
    tuples; a dict agrees with a dict of the same keys.
    """
    numbers = to_numeric_array(expected)
    if numbers is not None:
        return _numeric_difference(got, numbers, expected, exact, where)
    if _type(expected) is dict:
        return _dict_difference(got, expected, exact, where)
    if _type(expected) is list:
        return _list_difference(got, expected, exact, where)
    if _type(got) is not _type(expected):
        return Difference("type", where, describe_kind(got), describe_kind(expected))
    return None if got == expected else Difference("value", where, got, expected)


def _numeric_difference(got, numbers, expected, exact, where):
    is_array = _type(got) is np.ndarray and got.dtype.kind in NUMERIC_KINDS
    # of another shape, an array is not copied first
    mine = got if is_array and got.shape != numbers.shape else to_numeric_array(got)
    if mine is None and _type(got) is _type(expected) is list:
        return _list_difference(got, expected, exact, where)
    if mine is None:
        return Difference("type", where, describe_kind(got), describe_kind(expected))
    if mine.shape != numbers.shape:
        if () in (mine.shape, numbers.shape):  # a single number on one side
            return Difference("type", where, describe_kind(got), describe_kind(expected))
        return Difference("shape", where, mine.shape, numbers.shape)
    rtol, atol = (0.0, 0.0) if exact else (0.0 if holds_ints(expected) else RTOL, ATOL)
    with _errstate(all="ignore"):
        distance = _absolute(_subtract(mine, numbers))
        near = _less_equal(distance, _add(atol, _multiply(rtol, _absolute(numbers))))
        near = _and(near, _isfinite(distance))  # or -inf would lie within inf of inf
        same = _or(_equal(mine, numbers), _and(_isnan(mine), _isnan(numbers)))
        wrong = _not(_or(near, same)).reshape(numbers.shape)
    if not wrong.any():
        return None
    index = tuple(int(axis[0]) for axis in wrong.nonzero()) if wrong.ndim else ()
    return Difference(
        "value",
        where + (str([*index]) if index else ""),
        _at(got, index),
        _at(expected, index),
        float(distance.max()),
        (int(wrong.sum()), int(wrong.size)),
    )


def _at(plain, index):
    """The number at a place of an array or of nested lists, True and False as such."""
    for number in index:
        plain = plain[number]
    return plain if _type(plain) in (bool, int, float) else plain.item()


def holds_ints(plain):
    """Whether a block of numbers is made of ints; True and False are such."""
    if _type(plain) is np.ndarray:
        return plain.dtype.kind in "biu"
    return all(map(holds_ints, plain)) if _type(plain) is list else _type(plain) in (bool, int)


def _dict_difference(got, expected, exact, where):
    if _type(got) is not dict:
        return Difference("type", where, describe_kind(got), describe_kind(expected))
    if set(got) != set(expected):
        return Difference(
            "value", f"{where} keys".strip(), sorted(got, key=repr), sorted(expected, key=repr)
        )
    found = (
        first_difference(got[key], expected[key], exact, f"{where}[{key!r}]") for key in expected
    )
    return next((difference for difference in found if difference), None)


def _list_difference(got, expected, exact, where):
    if _type(got) is not list:
        return Difference("type", where, describe_kind(got), describe_kind(expected))
    if _len(got) != _len(expected):
        return Difference("shape", where, (_len(got),), (_len(expected),))
    found = (
        first_difference(mine, other, exact, f"{where}[{index}]")
        for index, (mine, other) in enumerate(zip(got, expected, strict=True))
    )
    return next((difference for difference in found if difference), None)
