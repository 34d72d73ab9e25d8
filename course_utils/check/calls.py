"""What to call the thing that is checked: the text of an expression, or of a call's arguments."""

import ast
import inspect

import numpy as np
from executing import Source

from course_utils.arguments import shorten


def expression(frame, fallback):
    """Return the source of the first argument of the call that ``frame`` is executing.

    For a test cell ``check.close(correlate2d(IMAGE, EDGES), EDGE_MAP)`` that is
    "correlate2d(IMAGE, EDGES)". ``fallback`` is returned where the source is not at hand.
    """
    found = Source.executing(frame)
    if not isinstance(found.node, ast.Call) or not found.node.args:
        return fallback
    segment = ast.get_source_segment(found.source.text, found.node.args[0])
    return " ".join(segment.split()) if segment else fallback


def arguments(function, case):
    """Describe one call without its numbers: "x of shape (5, 7), w of shape (2, 3), stride=2".

    Names come from the signature of ``function``, which must be a trusted one. Arrays are told
    by their shape, everything else by its value.
    """
    try:
        names = inspect.signature(function).bind(*case.args, **case.kwargs).arguments
    except TypeError:  # the call is one that the signature refuses
        names = {f"argument {i + 1}": value for i, value in enumerate(case.args)} | case.kwargs
    return ", ".join(_describe(name, value) for name, value in names.items())


def _describe(name, value):
    if isinstance(value, np.ndarray):
        return f"{name} of shape {value.shape}"
    if isinstance(value, dict) and any(isinstance(v, np.ndarray) for v in value.values()):
        return f"{name}={{{', '.join(_describe(*item) for item in value.items())}}}"
    if isinstance(value, (list, tuple)) and any(isinstance(v, np.ndarray) for v in value):
        return f"{name}=[{', '.join(_describe('array', v) for v in value)}]"
    return f"{name}={shorten(value, 200)}"
