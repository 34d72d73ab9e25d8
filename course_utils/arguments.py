"""Read the arguments of the course's functions, or say what is wrong with them.

Every error is a ``ValueError`` that names the argument, the value it had and what would have
been accepted.
"""

import numbers

import numpy as np

RANK_NAMES = {
    1: "one axis: (length,)",
    2: "two axes: (rows, columns)",
    3: "three axes: (channels, rows, columns)",
    4: "four axes: (filters, channels, rows, columns)",
}


def numeric_array(value, name, rank):
    """Return ``value`` as a new float64 array with ``rank`` axes.

    Parameters
    ----------
    value : array-like of finite numbers, no axis of length 0
    name : str
        What the error calls the argument.
    rank : int

    Raises
    ------
    ValueError
        For strings, ragged lists, NaN or infinity, complex numbers, empty arrays and any other
        number of axes.
    """
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(
            f"{name} is a ragged list (its rows differ in length); give it {RANK_NAMES[rank]}"
        ) from None
    if array.dtype.kind not in "biuf":
        raise ValueError(
            f"{name} holds {array.dtype} values, e.g. {shorten(value)}; it takes real numbers"
        )
    if array.ndim != rank:
        raise ValueError(f"{name} has shape {array.shape}; it takes {RANK_NAMES[rank]}")
    if array.size == 0:
        raise ValueError(
            f"{name} is empty (shape {array.shape}); every axis needs length 1 or more"
        )
    array = array.astype(np.float64)
    if not np.isfinite(array).all():
        place = [int(i) for i in np.argwhere(~np.isfinite(array))[0]]
        raise ValueError(f"{name} holds {array[tuple(place)]} at {place}; it takes finite numbers")
    return array


def whole_number(value, name, minimum):
    """Return ``value`` as an int of at least ``minimum``; anything else is a ``ValueError``."""
    is_whole = _is_integral(value) and not isinstance(value, (bool, np.bool_))
    if not is_whole or value < minimum:
        raise ValueError(f"{name} is {shorten(value)}; it takes a whole number from {minimum} up")
    return int(value)


def _is_integral(value):
    # asking an abstract class takes twenty times as long
    return type(value) is int or isinstance(value, numbers.Integral)


def pair(value, name, minimum=0):
    """Return ``value`` as ``(vertical, horizontal)``; one int stands for both axes.

    Raises
    ------
    ValueError
        Unless ``value`` is an int or a pair of ints, each at least ``minimum``.
    """
    if _is_integral(value):
        value = (value, value)
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise ValueError(
            f"{name} is {shorten(value)}; it takes an int or a pair (vertical, horizontal)"
        )
    return tuple(whole_number(number, name, minimum) for number in value)


def one_of(value, name, options):
    """Return ``value`` if it is one of the strings ``options``; else raise ``ValueError``."""
    if not isinstance(value, str) or value not in options:
        raise ValueError(f"{name} is {shorten(value)}; it takes one of {', '.join(options)}")
    return value


def shorten(value, length=60):
    """``repr(value)`` cut to ``length`` characters, for error messages."""
    text = repr(value).replace("\n", " ")
    return text if len(text) <= length else text[: length - 1] + "…"
