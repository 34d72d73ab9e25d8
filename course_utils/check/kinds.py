"""Is a result of the kind that is asked for, whatever its numbers are?"""

import numpy as np

from course_utils.check.wording import describe_kind

_ONE = {"b": "a bool", "i": "an int", "f": "a float"}
_MANY = {"b": "True and False", "i": "ints", "f": "floats"}


def other_kind(mine, right):
    """How the kind of a result differs from the right one's, as a sentence, or ``None``.

    Arrays and lists may stand for each other, as in all checks.

    Parameters
    ----------
    mine, right : plain data
    """
    kinds = {_container(mine), _container(right)}
    if len(kinds) == 2 and kinds != {"an array", "a list"}:
        return f"it returns {describe_kind(mine)}, where {_container(right)} is asked for"
    numbers = other_numbers(mine, right)
    if numbers is None:
        return None
    held, asked = numbers
    if kinds == {"a number"}:
        return f"it returns {held}, where {asked} is asked for"
    return f"it returns {describe_kind(mine)} that holds {held}, where {asked} are asked for"


def other_numbers(mine, right):
    """What kind of number one value holds and what another one, in words; ``None`` where alike.

    Only the first two kinds that differ are told. Anything may stand for floats.
    """
    other = _first_other(mine, right)
    if other is None:
        return None
    words = _ONE if {_container(mine), _container(right)} == {"a number"} else _MANY
    return tuple(words[kind] for kind in other)


def _first_other(mine, right):
    """The first two kinds of numbers that differ, as "b", "i" and "f", or ``None``."""
    if type(right) is dict and type(mine) is dict and set(mine) == set(right):
        return next(filter(None, (_first_other(mine[key], right[key]) for key in right)), None)
    if type(right) is list and type(mine) is list:
        pairs = zip(mine, right, strict=False)
        return next(filter(None, (_first_other(*pair) for pair in pairs)), None)
    if {_container(mine), _container(right)} == {"an array", "a list"}:
        return _first_other(*(e if type(e) is list else e.tolist() for e in (mine, right)))
    if _container(mine) != _container(right):
        return None
    mine_holds, right_holds = _holds(mine), _holds(right)
    if right_holds in (None, "f") or mine_holds == right_holds:
        return None
    return mine_holds, right_holds


def _container(plain):
    if isinstance(plain, np.ndarray) and plain.ndim:
        return "an array"
    if isinstance(plain, (np.ndarray, bool, int, float)):
        return "a number"
    return {list: "a list", dict: "a dict", str: "a string"}.get(type(plain), "None")


def _holds(plain):
    """What numbers a plain value holds: "b", "i" or "f"; ``None`` where it is no number."""
    if isinstance(plain, np.ndarray):
        return plain.dtype.kind.replace("u", "i")
    return {bool: "b", int: "i", float: "f"}.get(type(plain))
