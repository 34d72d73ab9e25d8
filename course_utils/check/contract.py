"""Does a function keep what its docstring promises beside the right numbers? For hidden cells.

The kind of its result, arguments that are left as they were, and the same numbers in whatever
array they come. A function is compared with itself here: wrong numbers, and cases that it refuses,
are for ``agrees`` to judge, and are not charged twice. One that does nothing, such as ``return x``
or ``return 0``, breaks none of these rules, and has kept none either: it fails.
"""

import copy
import inspect

import numpy as np

from course_utils.check import calls
from course_utils.check.agreement import Raised, outcomes, plain_or_raised, quiet, raised
from course_utils.check.cases import Case
from course_utils.check.comparison import first_difference
from course_utils.check.hints import Hint
from course_utils.check.kinds import other_kind
from course_utils.check.observation import arrays_in, in_all, observe
from course_utils.check.plain import to_plain
from course_utils.check.remote import RemoteFunction
from course_utils.check.slips import CHANGED_ARGUMENT, NOTHING_RETURNED
from course_utils.check.verdict import failed, passed

_deepcopy = copy.deepcopy
VIEW_RETURNED = Hint(
    "view-returned",
    "Your result lies in the memory of the argument: who changes one changes the other. `.copy()` "
    "or `np.array` makes a new array.",
)
OTHER_KIND = Hint(
    "other-kind-of-result", "The docstring says what kind of result to return: look at its type."
)
OTHER_NUMBERS = Hint(
    "dtype-matters",
    "The same numbers give something else in an array of another dtype. Give your result a dtype "
    "of its own: `np.zeros(shape)` holds floats, `dtype=x.dtype` and `np.zeros_like(x)` do not "
    "where x holds integers.",
)
OTHER_EACH_TIME = Hint(
    "other-each-time",
    "Two calls with the same arguments give different results. Draw chance from a generator with a "
    "seed, made inside the function: `np.random.default_rng(0)`.",
)


def keeps_contract(function, reference, cases, new=False, kind=True):
    """Check how ``function`` treats its arguments, and what kind of result it returns.

    Every case is called as it is and has to leave its arguments as they were. The same has to come
    out where arrays of floats that hold whole numbers are integers instead and, for the first case,
    where arrays are read-only and their floats float32. In the first and the last case the result
    has to be of the kind that ``reference`` returns; lists and arrays may stand for each other. A
    result that does not come from the arguments passes nowhere.

    Parameters
    ----------
    function : callable
        The student's.
    reference : callable
        The right one, with the same arguments; the kind of its result counts, and whether one
        needs the arguments for it, never its numbers.
    cases : list of Case, at least one
        With float64 arrays; a variant in another dtype holds the very same numbers.
    new : bool
        Whether the docstring promises a new array: one without memory of the arguments'.
    kind : bool
        Whether the kind of the result counts; not where one thing may be written in two ways.

    Raises
    ------
    CheckFailed
        Naming the promise that is broken, and the call that shows it.
    """
    cases = list(cases)
    if not cases:
        raise ValueError("cases is empty; keeps_contract takes at least one case")
    name = calls.expression(inspect.currentframe().f_back, reference.__name__)

    def refuse(case, problem, mistake, how=""):
        failed(
            name,
            f"{name} breaks a rule for every function of this course",
            f"For example with {calls.arguments(reference, case)}{how}:\n{problem}",
            mistake,
        )

    asked = _variants(cases)  # all at once: most of what a call costs is waiting for its process
    seen_each = dict(zip(asked, _observed(function, asked.values()), strict=True))
    usual = {n: seen for (how, n), seen in seen_each.items() if not how}
    if all(isinstance(seen, Raised) for seen in usual.values()):
        refuse(cases[0], usual[0].describe(), None)
    rights = [to_plain(reference(*_deepcopy(c.args), **_deepcopy(c.kwargs))) for c in cases]
    for (how, n), seen in seen_each.items():
        case, original = asked[how, n], cases[n]
        if isinstance(usual[n], Raised):
            continue
        if isinstance(seen, Raised):
            wrote = "read-only" in seen.message
            refuse(case, seen.describe(), CHANGED_ARGUMENT if wrote else None, how)
        result, args, kwargs, is_view = seen
        if how:
            if first_difference(result, usual[n][0]):
                (again,) = _observed(function, [original])
                if isinstance(again, Raised) or first_difference(again[0], usual[n][0]):
                    refuse(original, "two calls give different results", OTHER_EACH_TIME)
                told = "its result is not that for the same numbers in an array of floats"
                refuse(case, told, OTHER_NUMBERS, how)
            continue
        problem = None
        if kind and n in (0, len(cases) - 1):
            problem = other_kind(result, rights[n])
        if problem:
            refuse(case, problem, NOTHING_RETURNED if result is None else OTHER_KIND)
        changed = _changed(reference, case, args, kwargs)
        if changed:
            refuse(case, f"it changes {' and '.join(changed)}", CHANGED_ARGUMENT)
        if new and is_view:
            refuse(case, "it returns a view of its argument, not a new array", VIEW_RETURNED)
    returned = [
        (cases[n], usual[n][0], right)
        for n, right in enumerate(rights)
        if not isinstance(usual[n], Raised)
    ]
    if _does_nothing(returned):
        nothing = all(result is None for _, result, _ in returned)
        failed(
            name,
            f"{name} returns something that it does not work out from its arguments",
            mistake=NOTHING_RETURNED if nothing else None,
        )
    passed(name, "leaves its arguments alone and returns the right kind of result")


def accepts(function, cases):
    """Check that ``function`` returns something for every case: possible input, then.

    What it returns is for ``agrees`` to judge. For cells about impossible input, in which a
    function that raises whatever it is given would otherwise do well.

    Raises
    ------
    CheckFailed
        Where it raises, or returns ``None``.
    """
    cases = list(cases)
    if not cases:
        raise ValueError("cases is empty; accepts takes at least one case")
    name = calls.expression(inspect.currentframe().f_back, "your function")
    for case, result in zip(cases, outcomes(function, cases), strict=True):
        if isinstance(result, Raised):
            head, told, mistake = "refuses input that is possible", result.describe(), None
        elif result is None:
            head, told, mistake = "returns nothing", "it returned None", NOTHING_RETURNED
        else:
            continue
        given = calls.arguments(function, case)
        failed(name, f"{name} {head}", f"For example with {given}:\n{told}", mistake)
    passed(name, "accepts what is possible")


def _does_nothing(returned):
    """Whether results could be had without the work, in every case where right ones cannot.

    Parameters
    ----------
    returned : list of (case, result, right result)
    """
    results, rights = [result for _, result, _ in returned], [right for *_, right in returned]
    if _all_same(results) and not _all_same(rights):
        return True
    for is_idle in (_holds_one_value, _is_an_argument):
        asked = [(case, mine) for case, mine, right in returned if not is_idle(case, right)]
        if asked and all(is_idle(*pair) for pair in asked):
            return True
    return False


def _all_same(values):
    return all(first_difference(value, values[0]) is None for value in values)


def _holds_one_value(_, value):
    """Whether a result is empty, or holds the same everywhere."""
    return _all_same(list(_entries(value)))


def _entries(value):
    if isinstance(value, np.ndarray):
        yield from np.unique(value).tolist()
    elif isinstance(value, list):
        for entry in value:
            yield from _entries(entry)
    else:
        yield value


def _is_an_argument(case, value):
    given = to_plain([*case.args, *case.kwargs.values()])
    return any(first_difference(value, argument) is None for argument in given)


def _variants(cases):
    """Return ``{(how it differs, number of the case): Case}``, as they are first."""
    asked = {("", n): _cast(case, _writable) or case for n, case in enumerate(cases)}
    # any case shows such a habit; those with whole numbers all differ
    asked |= {(", arrays read-only, floats as float32", 0): _cast(cases[0], _read_only_float32)}
    asked |= {(" as integers", n): _cast(case, _to_integers) for n, case in enumerate(cases)}
    return {key: case for key, case in asked.items() if case is not None}


def _observed(function, cases):
    """What ``observe`` tells of every case, as plain data; ``Raised`` where the call raised."""
    with quiet():
        if isinstance(function, RemoteFunction):
            return [
                plain_or_raised(seen) if error is None else raised(error)
                for seen, error in function.call_each(cases, observed=True)
            ]
        return [_observed_here(function, case) for case in cases]


def _observed_here(function, case):
    args, kwargs = _deepcopy(tuple(case))
    for mine, given in zip(arrays_in([args, kwargs]), arrays_in(list(case)), strict=True):
        mine.flags.writeable = given.flags.writeable
    try:
        seen = observe(function, args, kwargs)
    except (Exception, SystemExit) as error:
        return raised(error)
    return plain_or_raised(seen)


def _cast(case, change):
    """A case with its arrays cast; ``None`` where nothing is left to cast."""
    cast = Case(in_all(case.args, change), in_all(case.kwargs, change))
    before, after = list(arrays_in(tuple(case))), list(arrays_in(tuple(cast)))
    return None if all(map(np.may_share_memory, before, after)) else cast


def _writable(array):
    return array if array.flags.writeable else array.copy()


def _read_only_float32(array):
    array = array.astype(np.float32) if array.dtype == np.float64 else array.copy()
    array.flags.writeable = False
    return array


def _to_integers(array):
    is_whole = array.dtype == np.float64 and (array == np.rint(array)).all()
    return array.astype(np.int64) if is_whole else array


def _changed(reference, case, args, kwargs):
    """Names of the arguments that are no longer as they were in ``case``."""
    before = calls.named(reference, case)
    after = calls.named(reference, Case(tuple(args), kwargs))
    return [
        f"`{name}`"
        for name, value in before.items()
        if first_difference(to_plain(after[name]), to_plain(value), exact=True)
    ]
