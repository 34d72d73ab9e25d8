"""Hints for visible cells, found by digest.

Students do not have the known mistakes themselves. They have, for each tutorial, a table in
``course_utils/hints`` from the digest of (checked expression, wrong result, expected result) to a
mistake's name and hint; ``course release`` makes it by running every mistake through the visible
cells. These are locked, so that the text of an expression tells the function and its arguments.
A table also holds what rests on what, see ``course_utils.check.checked``.
"""

import functools
import hashlib
import json
from importlib import resources
from typing import NamedTuple

import numpy as np

from course_utils.check.calls import UNKNOWN
from course_utils.check.plain import to_numeric_array

DECIMALS = 4  # coarser than rounding errors of float32, finer than the effect of a mistake
SMALLEST_TELLING = 100  # too many functions give a smaller whole number


class Hint(NamedTuple):
    """A known mistake as the student gets to know it: a name and what to do."""

    name: str
    hint: str


def digest(subject, got, expected):
    """Return 16 hexadecimal digits that stand for this wrong result of this check.

    Parameters
    ----------
    subject : the text of the checked expression, as ``calls.expression`` gives it
    got, expected : the wrong and the right result, as plain data

    Returns
    -------
    str or None
        ``None`` where the result is no evidence: of an unknown expression, or a single whole
        number below 100 in size.
    """
    if subject == UNKNOWN or _tells_little(got):
        return None
    parts = subject.encode(), _canonical(got), _canonical(expected)
    return hashlib.sha256(b"|".join(parts)).hexdigest()[:16]


def look_up(subject, got, expected):
    """Return the ``Hint`` for this wrong result, or ``None`` where no known mistake gives it."""
    return table().get(digest(subject, got, expected))


def _tells_little(plain):
    numbers = to_numeric_array(plain)
    if numbers is None or numbers.size != 1:
        return False
    number = numbers.item()
    return number.is_integer() and abs(number) < SMALLEST_TELLING


def _canonical(plain):
    numbers = to_numeric_array(plain)
    if numbers is not None:
        with np.errstate(all="ignore"):  # a warning on stderr would fail the cell in nbgrader
            rounded = np.round(numbers, DECIMALS) + 0.0  # + 0.0: one zero, not -0.0 and 0.0
        return repr(rounded.shape).encode() + rounded.tobytes()
    if isinstance(plain, dict):
        return b"{%s}" % b",".join(
            repr(key).encode() + b":" + _canonical(plain[key]) for key in sorted(plain, key=repr)
        )
    if isinstance(plain, list):
        return b"[%s]" % b",".join(map(_canonical, plain))
    return repr(plain).encode()


def read_tables():
    """The tables of all tutorials, as ``course release`` wrote them."""
    for file in resources.files("course_utils").joinpath("hints").iterdir():
        if file.name.endswith(".json"):
            yield json.loads(file.read_text(encoding="utf-8"))


@functools.cache
def table():
    """Return every hint by its digest; read once."""
    table = {}
    for content in read_tables():
        for key, labels in content["digests"].items():
            table[key] = Hint(
                " or ".join(label.partition("/")[2] for label in labels),
                " — Or: ".join(content["hints"][label] for label in labels),
            )
    return table
