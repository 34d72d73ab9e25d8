"""Checks for visible cells: they show the expected value next to the student's."""

import inspect

from course_utils.arguments import shorten
from course_utils.check import calls, hints
from course_utils.check.agreement import quiet, raised
from course_utils.check.cases import Case
from course_utils.check.checked import Checked
from course_utils.check.comparison import first_difference
from course_utils.check.kinds import other_numbers
from course_utils.check.plain import NotPlain, to_numeric_array, to_plain
from course_utils.check.slips import NOTHING_RETURNED, slip
from course_utils.check.wording import describe_kind, layout, number_text, verb

# Where a failing check leaves (subject, got, expected): a list, while hint tables are made.
recorder = None


def close(got, expected):
    """Check numbers: the same shape, and |got - expected| <= 1e-5 + 1e-4 * |expected|.

    Parameters
    ----------
    got : the student's number, nested list, array, or list or dict of these
    expected : the right one

    Raises
    ------
    CheckFailed
        With shape, dtype, first differing place and size of the difference, and a hint where
        the result is that of a known mistake.
    """
    _compare(got, expected, False, Checked(inspect.currentframe().f_back))


def equal(got, expected):
    """Check plain data exactly: ints, strings, lists, tuples (as lists), dicts, arrays.

    Floats where ``expected`` has ints pass with a remark: a contract may ask for ints.

    Raises
    ------
    CheckFailed
        As ``close``.
    """
    _compare(got, expected, True, Checked(inspect.currentframe().f_back))


def shape(got, expected):
    """Check that an array (or a nested list of numbers) has the shape ``expected``, a tuple."""
    checked = Checked(inspect.currentframe().f_back)
    subject = checked.subject
    numbers = to_numeric_array(_read(got, checked))
    if numbers is None:
        checked.failed(f"{subject} is not one block of numbers; expected shape {tuple(expected)}")
    if numbers.shape != tuple(expected):
        mine, right = (shape or "() of a single number" for shape in (numbers.shape, expected))
        checked.failed(f"{subject} {verb(subject, numbers, 'has')} shape {mine}; expected {right}")
    has, it = verb(subject, numbers, "has"), "they" if verb(subject, numbers) == "are" else "it"
    checked.passed(f"{has} shape {numbers.shape}, as {it} should")


def raises(function, *args, **kwargs):
    """Check that ``function(*args, **kwargs)`` raises ``ValueError``: the input is impossible.

    Raises
    ------
    CheckFailed
        If it returns, or raises anything else.
    """
    name = getattr(function, "__name__", "your function")
    checked = Checked(inspect.currentframe().f_back, subject=name)
    given = calls.arguments(function, Case(args, kwargs))
    asked = f"{name} with {given}"
    try:
        with quiet():
            returned = function(*args, **kwargs)
    except ValueError:
        checked.passed(f"refuses impossible input ({given})")
        return
    except Exception as error:
        found = raised(error)
        checked.failed(
            f"{asked} should raise ValueError, and raised {found.type_name}",
            f"It said: {shorten(found.message, 200)}" if found.message else "",
        )
    checked.failed(
        f"{asked} should raise ValueError, because no answer exists for this input",
        f"It returned {_told(returned)}.",
    )


def _compare(got, expected, exact, checked):
    subject = checked.subject
    mine, right = _read(got, checked), to_plain(expected)
    difference = first_difference(mine, right, exact)
    if difference is None:
        kinds = other_numbers(mine, right) if exact else None
        remark = "right in value, but not in kind: {}, not {}".format(*kinds) if kinds else "right"
        checked.passed(f"{verb(subject, right)} {remark}")
        return
    if recorder is not None:
        recorder.append((subject, mine, right))
        return  # the cell goes on to its next check
    checked.failed(
        f"{subject} {verb(subject, right)} not right",
        "\n".join(_explain(got, mine, expected, right, difference)),
        hints.look_up(subject, mine, right) or slip([(mine, right)]),
    )


def _read(got, checked):
    subject = checked.subject
    if got is Ellipsis:
        checked.failed(f"{subject} is still `...`: write your answer in the cell above")
    if got is None:
        checked.failed(f"{subject} is None", mistake=NOTHING_RETURNED)
    try:
        return to_plain(got)
    except NotPlain as refusal:
        checked.failed(
            f"{subject} {refusal}",
            "It should be plain data: numbers, strings, lists, dicts, NumPy arrays or tensors.",
        )


def _explain(got, mine, expected, right, difference):
    place = f" at {difference.where}" if difference.where else ""
    yours, wanted = difference.got, difference.expected
    names = _names_that_differ(mine, right)
    if names:
        yield from names
    elif difference.what == "type" and not place:
        yield f"yours is {_kind(got, mine)}, expected {_kind(expected, right)}"
    elif difference.what == "shape" and len(yours) == len(wanted) == 1:
        yield f"length{place}: yours {yours[0]}, expected {wanted[0]}"
    elif difference.what in ("type", "shape"):
        yield f"{difference.what}{place}: yours {yours}, expected {wanted}"
    else:
        numbers = to_numeric_array(mine)
        if numbers is not None and numbers.ndim:
            yield f"yours is {_kind(got, mine)}; the shape is right"
        first = "first difference" if difference.where else "difference"
        yield f"{first}{place}: yours {number_text(yours)}, expected {number_text(wanted)}"
        if difference.places and difference.places[1] > 1:
            wrong, every = difference.places
            size = "" if type(wanted) is bool else f", by up to {number_text(difference.largest)}"
            yield f"{wrong} of {every} places differ{size}"
    if difference.where or difference.what != "value":  # a single value stands above already
        told = layout(mine, got), layout(right, expected)
        if all(told):
            rows = any("\n" in text for text in told)
            form = "yours:\n{}\nexpected:\n{}" if rows else "yours:    {}\nexpected: {}"
            yield form.format(*told)


def _names_that_differ(mine, right):
    """Of two dicts, or two lists of texts, one longer: what is missing and what is too much."""
    kind = type(mine) if type(mine) is type(right) else None
    is_texts = kind is list and all(type(entry) is str for entry in (*mine, *right))
    if kind is not dict and not (is_texts and len(mine) != len(right)):
        return []
    gone, more = (
        [repr(name) for name in one if name not in other]
        for one, other in ((right, mine), (mine, right))
    )
    what = "keys " if kind is dict else ""
    parts = (f"{what}missing", gone), (f"{what}not asked for", more)
    return [f"{what}: {_in_one_line(names)}" for what, names in parts if names]


def _in_one_line(names):
    """A few texts in one line, none of them long: a student may have written them."""
    told = [name if len(name) <= 60 else f"{name[:59]}…" for name in names[:12]]
    return ", ".join(told + ["…"] * (len(names) > len(told)))


def _kind(value, plain):
    """``describe_kind`` of ``plain``, knowing the value that it was made of."""
    return describe_kind(plain, "a tuple" if issubclass(type(value), tuple) else "a list")


def _told(value):
    try:
        return _kind(value, to_plain(value))
    except NotPlain as refusal:
        return f"something that {refusal}"
