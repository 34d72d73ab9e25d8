"""Inputs for hidden tests: one call of a function, and the student's random numbers."""

import os
import zlib
from typing import NamedTuple

from numpy.random import default_rng

SEED_VARIABLE = "COURSE_SEED"


class Case(NamedTuple):
    """The arguments of one call."""

    args: tuple
    kwargs: dict


def case(*args, **kwargs):
    """Return the call ``f(*args, **kwargs)`` as a ``Case``."""
    return Case(args, kwargs)


def rng(label):
    """Return a NumPy generator that depends on the student and on ``label``.

    The student's part is the environment variable ``COURSE_SEED`` (a whole number, 0 where it
    is not set): autograding sets it, so that a regrade repeats the same inputs.

    Raises
    ------
    ValueError
        If ``COURSE_SEED`` is set to anything else.
    """
    text = os.environ.get(SEED_VARIABLE, "0")
    if not text.isdecimal():
        raise ValueError(f"{SEED_VARIABLE} is {text!r}; it takes a whole number from 0 up")
    return default_rng([int(text), zlib.crc32(label.encode())])
