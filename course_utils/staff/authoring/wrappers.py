"""Do the hidden tests notice a right function that is used wrongly?

Mutants (``mutation``) are slips inside of a solution. Wrappers are habits around it, the same for
every function: the result in another dtype, an argument changed in place, a ``ValueError``
swallowed, a parameter that nobody looks at, only the last 32 samples read. Each has to fail a
hidden cell, or is explained in ``tests/mutation/<topic>.toml``.
"""

import functools
import inspect
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import numpy as np

from course_utils.check import forbidden
from course_utils.check.observation import arrays_in, in_all
from course_utils.staff.authoring.source_notebook import SourceNotebook

SAMPLES = 32
HABITS = (
    "result as floats",
    "result as ints",
    "result as uint8",
    "result in the dtype of an argument",
    "view of an argument",
    "argument as ints",
    "argument changed",
    "ValueError swallowed",
)
SIGNS = {"survives": "✘", "explained": "(✔)", "killed": "✔", "": "–"}  # the worst first
_HAS_SAMPLES = re.compile(r"\((N|samples)\b")


@dataclass(frozen=True)
class Verdict:
    """What the hidden tests say of one wrapper around one function.

    ``word`` is "killed", "explained", "survives", or "" where the wrapper changed nothing in any
    call, so that there was nothing to notice.
    """

    function: str
    wrapper: str
    word: str


class Wrapper:
    """A function with a bad habit.

    ``before(arguments)`` changes the bound arguments, a dict, ahead of the call, and tells whether
    that was a change; ``finally_(arguments)`` does so behind it. ``after(result, arguments)``
    returns another result. ``has_changed`` tells whether any of them ever mattered.
    """

    def __init__(self, name, before=None, after=None, finally_=None, swallows=False):
        self.name = name
        self._before = before
        self._after = after
        self._finally = finally_
        self._swallows = swallows
        self.has_changed = False

    def around(self, function):
        """Return ``function`` with the habit."""
        signature = inspect.signature(function)

        @functools.wraps(function)
        def wrapped(*args, **kwargs):
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            if self._before is not None:
                self.has_changed |= bool(self._before(bound.arguments))
            try:
                result = function(*bound.args, **bound.kwargs)
            except ValueError:
                if not self._swallows:
                    raise
                self.has_changed = True
                return None
            if self._finally is not None:
                result = in_all(result, np.copy)  # which may be a view of an argument
                self.has_changed |= self._finally(bound.arguments)
            if self._after is None:
                return result
            after = self._after(result, bound.arguments)
            self.has_changed |= after is not result
            return after

        return wrapped


def wrappers_for(function):
    """Return every ``Wrapper`` that can be put around a function, by its signature."""
    found = [
        Wrapper("result as floats", after=_as_floats),
        Wrapper("result as ints", after=_as_integers),
        Wrapper("result as uint8", after=_as_uint8),
        Wrapper("view of an argument", after=_as_view),
    ]
    doc = function.__doc__ or ""
    if "ValueError" in doc or re.search(r"\berrors\b", doc):
        found.append(Wrapper("ValueError swallowed", swallows=True))
    for name, parameter in inspect.signature(function).parameters.items():
        found += [
            Wrapper(
                f"result in the dtype of an argument: {name}",
                after=functools.partial(_in_dtype_of, name),
            ),
            Wrapper(f"argument as ints: {name}", before=functools.partial(_as_ints, name)),
            Wrapper(f"argument changed: {name}", finally_=functools.partial(_change, name)),
        ]
        if parameter.default is not parameter.empty:
            found.append(
                Wrapper(
                    f"{name} at its default",
                    before=functools.partial(_set, name, lambda _, fixed=parameter.default: fixed),
                )
            )
        else:
            found.append(Wrapper(f"{name} ignored", before=functools.partial(_set, name, _neutral)))
    if _HAS_SAMPLES.search(doc):
        found.append(Wrapper(f"first {SAMPLES} samples", before=_cut(slice(None, SAMPLES))))
        found.append(Wrapper(f"last {SAMPLES} samples", before=_cut(slice(-SAMPLES, None))))
    return found


def check_notebook(path, explanations):
    """Put every wrapper around every function that the hidden tests of a notebook check.

    Parameters
    ----------
    path : path of the source notebook
    explanations : path of a TOML file
        ``[[wrapper]]`` tables with ``function``, ``wrapper`` and ``why``.

    Returns
    -------
    list of Verdict
        Functions checked only by cells that train a network are left out.
    list of tuple
        Explanations that explain nothing, as ``(function, wrapper)``.
    """
    notebook = SourceNotebook(path)
    namespace = notebook.namespace()
    why = read_explanations(explanations)
    verdicts = []
    for name in _functions(notebook, namespace):
        tests = [test for test in notebook.tests_of([name], "hidden") if not test.trains]
        if not tests:
            continue
        for wrapper in wrappers_for(namespace[name]):
            word = _verdict(notebook, tests, name, wrapper.around(namespace[name]), wrapper)
            if word == "survives" and {(name, wrapper.name), (name, habit(wrapper.name))} & {*why}:
                word = "explained"
            verdicts.append(Verdict(name, wrapper.name, word))
    explained = {
        (v.function, key)
        for v in verdicts
        if v.word == "explained"
        for key in (v.wrapper, habit(v.wrapper))
    }
    return verdicts, [key for key in why if key not in explained]


def habit(wrapper):
    """Return the name of a wrapper without the parameter it is about."""
    return wrapper.partition(":")[0]


def as_markdown(verdicts):
    """Return the table wrapper × function of one notebook as Markdown lines.

    Habits that every function can have are columns; where one is tried with each parameter, the
    column shows the worst case. Parameters that are ignored or fixed, and samples, share a column,
    which says how many were noticed, of how many that mattered, with the sign of the worst case.

    Parameters
    ----------
    verdicts : list of Verdict
    """
    by_function = {}
    for verdict in verdicts:
        by_function.setdefault(verdict.function, {})[verdict.wrapper] = verdict.word
    lines = [
        f"| function | {' | '.join(HABITS)} | parameters and samples |",
        f"|---|{'---|' * (len(HABITS) + 1)}",
    ]
    for function, words in by_function.items():
        cells = []
        for column in HABITS:
            found = {word for name, word in words.items() if habit(name) == column}
            cells.append(next(sign for word, sign in SIGNS.items() if word in found or not word))
        own = [word for name, word in words.items() if habit(name) not in HABITS and word]
        worst = next((sign for word, sign in SIGNS.items() if word in own), "")
        count = f"{own.count('killed')} of {len(own)}" if own else SIGNS[""]
        count += f" {worst}" if worst not in ("", SIGNS["killed"]) else ""
        lines.append(f"| `{function}` | {' | '.join(cells)} | {count} |")
    return lines


def read_explanations(path):
    """Return ``{(function, wrapper): why}`` from a TOML file; an absent file is empty."""
    path = Path(path)
    if not path.exists():
        return {}
    tables = tomllib.loads(path.read_text(encoding="utf-8")).get("wrapper", [])
    for number, table in enumerate(tables, 1):
        missing = {"function", "wrapper", "why"} - set(table)
        if missing:
            raise ValueError(f"{path}: wrapper {number} lacks {', '.join(sorted(missing))}")
    return {(table["function"], table["wrapper"]): table["why"] for table in tables}


def _functions(notebook, namespace):
    names = [name for cell in notebook.solutions() for name in sorted(cell.names_defined)]
    return [name for name in names if inspect.isfunction(namespace.get(name))]


def _verdict(notebook, tests, name, wrapped, wrapper):
    # the wrapper itself lies in a module that is forbidden to students
    with mock.patch.object(forbidden, "find", return_value=None):
        if any(notebook.failure(test, {name: wrapped}) for test in tests):
            return "killed"
    return "survives" if wrapper.has_changed else ""


# --- habits -------------------------------------------------------------------------------------


def _in_numbers(value, change):
    """``value`` with ``change`` of every number and array; itself where nothing changed."""
    if isinstance(value, (list, tuple)):
        entries = [_in_numbers(entry, change) for entry in value]
        is_same = all(new is old for new, old in zip(entries, value, strict=True))
        return value if is_same else type(value)(entries)
    if isinstance(value, dict):
        entries = {key: _in_numbers(entry, change) for key, entry in value.items()}
        return value if all(entries[key] is value[key] for key in value) else entries
    if isinstance(value, (np.ndarray, np.generic, int, float)) and not isinstance(value, bool):
        return change(value)
    return value


def _as_floats(result, arguments):
    return _in_numbers(result, lambda v: v * 1.0 if np.asarray(v).dtype.kind in "iu" else v)


def _as_integers(result, arguments):
    def change(value):
        if np.asarray(value).dtype.kind != "f":
            return value
        with np.errstate(all="ignore"):
            whole = np.asarray(value).astype(int)
        return whole if whole.ndim else int(whole)

    return _in_numbers(result, change)


def _as_uint8(result, arguments):
    def change(value):
        is_array = isinstance(value, np.ndarray) and value.dtype.kind in "iu"
        return value.astype(np.uint8) if is_array else value

    return _in_numbers(result, change)


def _in_dtype_of(name, result, arguments):
    dtype = next((array.dtype for array in arrays_in(arguments[name])), None)
    if dtype is None or not isinstance(result, np.ndarray) or result.dtype == dtype:
        return result
    with np.errstate(all="ignore"):
        return result.astype(dtype)


def _as_view(result, arguments):
    if not isinstance(result, np.ndarray):
        return result
    for array in arrays_in(dict(arguments)):
        for view in (array, array.T):
            if view.shape == result.shape and np.array_equal(view, result):
                return view
        if array.size == result.size:
            other = array.reshape(result.shape)
            if np.may_share_memory(other, array) and np.array_equal(other, result):
                return other
    return result


def _as_ints(name, arguments):
    def change(array):
        return array.astype(int) if array.dtype.kind == "f" else array

    has_changed = any((change(array) != array).any() for array in arrays_in(arguments[name]))
    arguments[name] = in_all(arguments[name], change)
    return has_changed


def _change(name, arguments):
    value, has_changed = arguments[name], False
    for array in arrays_in(value):
        if array.dtype.kind in "iuf":
            array[...] = array + 1
            has_changed = True
    if isinstance(value, list) and value and not list(arrays_in(value)):
        value.append(value[0])
        has_changed = True
    return has_changed


def _set(name, change, arguments):
    before = arguments[name]
    after = change(before)
    arguments[name] = after
    try:
        return not np.array_equal(before, after)
    except (TypeError, ValueError):
        return True


def _neutral(value):
    """Another value of the same kind, the same for all: ones for arrays, 1 for numbers."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "iuf":
        return np.ones_like(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    return 1


def _cut(part):
    def before(arguments):
        arrays = [v for v in arguments.values() if isinstance(v, np.ndarray) and v.ndim]
        if not arrays or len(arrays[0]) <= SAMPLES:
            return False
        length = len(arrays[0])
        for name, value in arguments.items():
            if isinstance(value, np.ndarray) and value.ndim and len(value) == length:
                arguments[name] = value[part]
        return True

    return before
