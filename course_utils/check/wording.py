"""Put values and their kinds into words, for the cards."""

import re

import numpy as np

from course_utils.check.plain import to_numeric_array

MOST_NUMBERS = 64  # of a value that is shown
LONGEST_LINE = 90  # characters of a block of numbers that is not yet broken into rows
_PLURAL = re.compile(r"(?<![isu])(?<!ee)s$")  # not: axis, loss, status, first_sees
MOST_TOLD = 80  # characters of what a hidden test may show of a result
LONGEST_LINES = 400  # characters of anything else that is shown


def verb(subject, plain, singular="is"):
    """The form of a verb that follows the name of a checked thing: "weights are", "b is".

    Many numbers under a name that ends like a plural are told as several things; expressions, such
    as calls, as one. ``plain`` is the right value, ``singular`` "is" or "has".
    """
    is_many = type(plain) in (list, dict) or (type(plain) is np.ndarray and plain.ndim > 0)
    is_plural = subject.isidentifier() and _PLURAL.search(subject)
    return {"is": "are", "has": "have"}[singular] if is_many and is_plural else singular


def as_written(plain, value):
    """Return plain data with tuples where ``value``, of which it was made, has them."""
    kind = type(plain)
    if kind is dict:
        raw = value if type(value) is dict else {}
        return {key: as_written(entry, raw.get(key)) for key, entry in plain.items()}
    if kind is not list:
        return plain
    if issubclass(type(value), tuple):
        return tuple(map(as_written, plain, tuple.__iter__(value)))
    if issubclass(type(value), list):
        return list(map(as_written, plain, list.__iter__(value)))
    return plain


def in_words(exercises):
    """Return names as one writes them: "C1", "C1 and C9", "C1, C9 and C14"."""
    *others, last = exercises
    return f"{', '.join(others)} and {last}" if others else last


def describe_kind(plain, a_list="a list or tuple"):
    """Say in a few words what a plain value is: "an array of shape (3, 3), float64", "an int".

    A list of arrays, as which a function may return several results, is told array by array.
    ``a_list`` is what to call a list: as plain data, tuples are lists.
    """
    return cut(_kind(plain, a_list))


def cut(text):
    """Return a text that a student's result has a part in, not longer than ``MOST_TOLD``.

    A shape of many axes, a string or the keys of a dict can hold anything.
    """
    return text if len(text) <= MOST_TOLD else f"{text[: MOST_TOLD - 1]}…"


def _kind(plain, a_list):
    if plain is None:
        return "None"
    kind = type(plain)
    if kind is np.ndarray:
        shape = f"an array of shape {plain.shape}" if plain.ndim else "a single number"
        return f"{shape}, {plain.dtype}"
    if kind is dict:
        return f"a dict of {len(plain)}"
    if kind is not list:
        return {bool: "a bool", int: "an int", float: "a float", str: "a string"}[kind]
    if plain and all(type(entry) is str for entry in plain):
        return f"{a_list} of {_count(len(plain), 'string')}"
    if plain and all(type(entry) is np.ndarray for entry in plain):
        shapes = list(dict.fromkeys(entry.shape for entry in plain))
        told = f"shape {shapes[0]}" if len(shapes) == 1 else "different shapes"
        return f"{a_list} of {_count(len(plain), 'array')} of {told}"
    numbers = to_numeric_array(plain)
    if plain and numbers is not None:
        if numbers.ndim == 1:
            noun = "bool" if all(type(entry) is bool for entry in plain) else "number"
            return f"{a_list} of {_count(len(plain), noun)}"
        return f"{a_list} of shape {numbers.shape}"
    return f"{a_list} of {len(plain)}"


def _count(number, noun):
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def number_text(value):
    """Write a value of a ``Difference`` for a student: six digits, but counts in full."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return f"{value:.6g}" if isinstance(value, float) else repr(value)


def layout(plain, value):
    """Write plain data as the student would; an empty text where it is too much to show.

    In one line where it fits, blocks of numbers row by row. ``value`` is what ``plain`` was
    made of.
    """
    numbers = to_numeric_array(plain)
    if _size(plain) > MOST_NUMBERS:
        return ""
    if type(plain) is not np.ndarray:
        line = _line(as_written(plain, value))
        if len(line) <= LONGEST_LINE or numbers is None:
            return line if len(line) <= LONGEST_LINES else ""
    array = np.array(plain)  # of the student's own dtype
    if array.dtype.kind != "b" and _holds_bool(plain):
        array = np.array(plain, dtype=object)  # True among numbers would become 1.
    return np.array2string(
        array,
        precision=4,
        suppress_small=True,
        formatter={"object": number_text} if array.dtype == object else None,
        max_line_width=LONGEST_LINE,
        separator=" " if type(plain) is np.ndarray else ", ",
    )


def _holds_bool(plain):
    """Whether a list, at any depth, holds True or False."""
    return any(map(_holds_bool, plain)) if type(plain) is list else type(plain) is bool


def _size(plain):
    """How many values plain data holds."""
    if type(plain) is np.ndarray:
        return plain.size
    if type(plain) in (list, dict):
        return sum(map(_size, plain.values() if type(plain) is dict else plain))
    return 1


def _line(value):
    """One line of Python for a value."""
    kind = type(value)
    if kind is float:
        text = f"{value:.6g}"
        return f"{text}.0" if text.lstrip("-").isdecimal() else text
    if kind is np.ndarray:
        return f"np.array({_line(value.tolist())})"
    if kind is dict:
        return f"{{{', '.join(f'{key!r}: {_line(entry)}' for key, entry in value.items())}}}"
    entries = ", ".join(map(_line, value)) if kind in (list, tuple) else ""
    if kind is tuple:
        return f"({entries},)" if len(value) == 1 else f"({entries})"
    return f"[{entries}]" if kind is list else repr(value)
