"""What to call the thing that is checked: the text of an expression, or of a call's arguments."""

import ast
import inspect
import itertools
import linecache
import re

import numpy as np

from course_utils.arguments import shorten

UNKNOWN = "your answer"  # the subject where its source is not at hand
LONGEST_NAME = 40  # characters of a parameter's name, which may be the student's
LONGEST_VALUE = 1000  # characters: an example is to be pasted and run
_LINE_END = re.compile(r"(?<=\n)|(?<=\r)(?!\n)")  # Python's; texts have more


def expression(frame, fallback):
    """Return the source of the first argument of the call that ``frame`` is executing.

    For a test cell ``check.close(correlate2d(IMAGE, EDGES), EDGE_MAP)`` that is
    "correlate2d(IMAGE, EDGES)". ``fallback`` is returned where the source is not at hand.
    """
    text = f"({source_of(frame.f_code, frame.f_lasti)})"
    try:
        call = ast.parse(text, mode="eval").body
    except SyntaxError:  # the lines have changed since they were run
        return fallback
    if not isinstance(call, ast.Call) or not call.args:
        return fallback
    subject = call.args[0]
    lines = _LINE_END.split(text)[subject.lineno - 1 : subject.end_lineno]
    return " ".join(_cut(lines, subject.col_offset, subject.end_col_offset).split())


def source_of(code, instruction):
    """Return the source of the expression to which an instruction of ``code`` belongs.

    ``instruction`` is an offset, as in ``f_lasti``; an empty text where the source is not at hand.
    """
    place = next(itertools.islice(code.co_positions(), instruction // 2, None))
    if None in place:
        return ""
    first, last, begin, end = place
    lines = linecache.getlines(code.co_filename)[first - 1 : last]
    return _cut(lines, begin, end) if lines else ""


def _cut(lines, begin, end):
    """Join lines from a column of the first to one of the last; Python counts them in bytes."""
    encoded = [line.encode() for line in lines]
    encoded[-1] = encoded[-1][:end]
    encoded[0] = encoded[0][begin:]
    return b"".join(encoded).decode()


def arguments(function, case):
    """Describe one call without its numbers: "x of shape (5, 7), w of shape (2, 3), stride=2".

    Names come from the signature of ``function``, which must be a trusted one. Arrays are told
    by their shape, everything else by its value, whole unless it is very long.
    """
    items = named(function, case).items()
    described = (_describe(name[:LONGEST_NAME], value) for name, value in items)
    return ", ".join(described) or "no arguments"


def named(function, case):
    """Return the arguments of a call by their names in the signature of ``function``."""
    try:
        return inspect.signature(function).bind(*case.args, **case.kwargs).arguments
    except (TypeError, ValueError):  # a call that the signature refuses, or no signature known
        return {f"argument {i + 1}": value for i, value in enumerate(case.args)} | case.kwargs


def _describe(name, value):
    if isinstance(value, np.ndarray):
        return f"{name} of shape {value.shape}"
    if isinstance(value, dict) and any(isinstance(v, np.ndarray) for v in value.values()):
        return f"{name}={{{', '.join(_describe(*item) for item in value.items())}}}"
    if isinstance(value, (list, tuple)) and any(isinstance(v, np.ndarray) for v in value):
        return f"{name}=[{', '.join(_describe('array', v) for v in value)}]"
    text = shorten(value, LONGEST_VALUE)
    return f"{name}={text}{' (cut here)' if text.endswith('…') else ''}"
