"""Compare a student's function with a reference on many inputs, for hidden cells.

What a failure tells the student is chosen with care: the shapes of the arguments, the shape and
dtype of the student's own result and what it holds at the first wrong place; never the expected
value, the other inputs or the source of the test.
"""

import contextlib
import copy
import inspect
import io
import linecache
import traceback
import warnings
from typing import NamedTuple

import numpy as np

from course_utils.arguments import shorten
from course_utils.check import calls, remote
from course_utils.check.cases import Case
from course_utils.check.comparison import first_difference
from course_utils.check.plain import NotPlain, to_plain
from course_utils.check.slips import slip
from course_utils.check.verdict import failed, passed
from course_utils.check.wording import cut, describe_kind, number_text, verb

_deepcopy = copy.deepcopy
RETURNED, FOUND = "it returned", "the test found"  # the latter of what a judge says of a result
NOT_PLAIN = "a result that is not plain"  # which no exception of a student's can be called


class Raised(NamedTuple):
    """An exception in place of a result; two of the same type count as the same result.

    Text and line are empty where they are not told.
    """

    type_name: str
    message: str
    line: str

    def describe(self):
        """Say what was raised, and where in the student's code."""
        if self.type_name == NOT_PLAIN:
            return self.message
        text = f": {shorten(self.message, 200)}" if self.message else ""
        where = f"\nin the line `{self.line}`" if self.line else ""
        return f"it raised {self.type_name}{text}{where}"


def agrees(function, reference, cases, mistakes=()):
    """Check that ``function`` returns what ``reference`` returns, on every case.

    Numbers agree within 1e-5 + 1e-4 * |expected|. Each call gets copies of its own.

    Parameters
    ----------
    function : callable
        The student's.
    reference : callable
        The right one, with the same arguments.
    cases : list of Case, at least one
    mistakes : iterable of Mistake
        Known wrong versions; where one gives the student's results on all cases that returned,
        its hint is shown.

    Raises
    ------
    CheckFailed
        With an example, never with an expected value.
    """
    cases = list(cases)
    if not cases:
        raise ValueError("cases is empty; agrees takes at least one case")
    name = calls.expression(inspect.currentframe().f_back, reference.__name__)
    verb = RETURNED
    if not name.isidentifier():  # a wrapper around the student's function, with a result of its own
        name, verb = reference.__name__, FOUND
    expected = [to_plain(_call(reference, case)) for case in cases]
    results = outcomes(function, cases)
    wrong = [i for i, pair in enumerate(zip(results, expected, strict=True)) if _differ(*pair)]
    if not wrong:
        passed(name, f"agrees with the reference on {len(cases)} further inputs")
        return
    told = {i: calls.arguments(reference, cases[i]) for i in wrong}
    example = min(wrong, key=lambda i: len(told[i]))  # the easiest to read and to try
    failed(
        name,
        f"{name} is not right for {len(wrong)} of {len(cases)} further inputs",
        f"For example with {told[example]}:\n"
        + _explain(results[example], expected[example], verb),
        _recognise(mistakes, cases, results, expected),
    )


def is_right(got, expected):
    """Check an answer that the student put in a variable, without telling the right one.

    Parameters
    ----------
    got : the student's plain data
    expected : the right one; numbers agree as in ``agrees``

    Raises
    ------
    CheckFailed
        With what the student's answer is and, in an array, where it first goes wrong.
    """
    subject = calls.expression(inspect.currentframe().f_back, calls.UNKNOWN)
    if got is Ellipsis:
        failed(subject, f"{subject} is still `...`")
    result = outcome(lambda: got, Case((), {}))
    right = to_plain(expected)
    if not _differ(result, right):
        passed(subject, f"{verb(subject, right)} right")
        return
    is_or_are = f"{subject} {verb(subject, right)}"
    failed(subject, f"{is_or_are} not right", _explain(result, right, is_or_are))


def _call(function, case):
    args, kwargs = _deepcopy(tuple(case))
    return function(*args, **kwargs)


@contextlib.contextmanager
def quiet():
    """Keep warnings and stderr away while a student's function runs.

    nbgrader takes any stderr output in a test cell for a failure, a mere warning included.
    """
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        before, remote.is_quiet = remote.is_quiet, True
        try:
            yield
        finally:
            remote.is_quiet = before


def outcome(function, case):
    """Return the plain result of a student's call, or what it raised as ``Raised``."""
    with quiet():
        try:
            result = _call(function, case)
        except (Exception, SystemExit) as error:
            return raised(error)
        return plain_or_raised(result)


def plain_or_raised(result):
    """Return a result as plain data, or ``Raised`` where it is none."""
    try:
        return to_plain(result)
    except NotPlain as refusal:
        return Raised(NOT_PLAIN, f"your result {refusal}", "")
    except (Exception, SystemExit) as error:  # of the student's, when it is looked at
        return raised(error)


def raised(error):
    """Return an exception of the student's code as ``Raised``."""
    # of a function that ran in another process, this side says what is told
    told = getattr(error, "told", None)
    if isinstance(told, Raised):
        return told
    return Raised(type(error).__name__, text_of(error), last_line(error))


def outcomes(function, cases):
    """Return `outcome` for every case."""
    if not isinstance(function, remote.RemoteFunction):
        return [outcome(function, case) for case in cases]
    with quiet():
        return [
            plain_or_raised(result) if error is None else raised(error)
            for result, error in function.call_each(cases)
        ]


def text_of(error):
    """The text of an exception, which may be one of the student's own and fail to tell."""
    try:
        return str(error)
    except Exception as second:
        return f"(its text cannot be shown: {type(second).__name__})"


def last_line(error):
    """Return the line of the student's code in which an exception arose, or an empty text."""
    for frame, number in reversed(list(traceback.walk_tb(error.__traceback__))):
        file = frame.f_code.co_filename
        if "course_utils" not in file and "site-packages" not in file:
            # code that was made by hand may have no line numbers
            line = linecache.getline(file, number or 0, frame.f_globals).strip()
            if line:
                return line
    return ""


def _differ(result, expected):
    if isinstance(result, Raised):
        return True
    return first_difference(result, expected) is not None


def _explain(result, expected, verb):
    """What a result is and where it goes wrong; ``verb`` begins the sentence."""
    if isinstance(result, Raised):
        return result.describe()
    if result is None:  # what a judge says is never None, and so the student's function returned it
        return f"{RETURNED if verb == FOUND else verb} None"
    if isinstance(result, str) and verb == FOUND:
        return f"{verb}: {result}"
    difference = first_difference(result, expected)
    kind = describe_kind(result)
    place = f" at {difference.where}" if difference.where else ""
    if difference.what == "type":
        return f"{verb} {kind}, which is not the kind of result asked for"
    if difference.what == "shape":
        return f"{verb} {kind}: the wrong shape{place}"
    holds = cut(number_text(difference.got))
    fit = ", the right shape;" if isinstance(result, np.ndarray) and result.ndim else ";"
    return f"{verb} {kind}{fit} the first wrong value is {holds}{place}"


def _recognise(mistakes, cases, results, expected):
    """The first known mistake that gives the student's result wherever that returned.

    Failing that, a slip that can be made in any function.
    """
    told = [i for i, result in enumerate(results) if not isinstance(result, Raised)]
    if not any(_differ(results[i], expected[i]) for i in told):
        return None
    for mistake in mistakes:
        outcomes = ((outcome(mistake.function, cases[i]), results[i]) for i in told)
        if all(_same(theirs, mine) for theirs, mine in outcomes):
            return mistake
    return slip([(results[i], expected[i]) for i in told])


def _same(mistaken, mine):
    return not isinstance(mistaken, Raised) and first_difference(mine, mistaken) is None
