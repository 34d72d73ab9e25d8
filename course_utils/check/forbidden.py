"""Tasks "by hand": which library functions may a student's function not use?

Two looks, both best effort: the syntax tree of the function and of the student's functions it
uses, and a watch over the calls it makes while it runs. An import alone is no use. A determined
student can hide a call from both; the task is then no longer one of convolution.
"""

import ast
import contextlib
import functools
import importlib._bootstrap
import inspect
import linecache
import sys
import types
from collections import ChainMap

from course_utils import STAFF
from course_utils.check.agreement import outcome
from course_utils.check.remote import RemoteFunction
from course_utils.check.syntax import chains_in, used_imports_in
from course_utils.check.verdict import failed, passed

CONVOLUTION_LIBRARIES = (
    "cv2",
    "jax",
    "numpy.convolve",
    "numpy.correlate",
    "numpy.fft",
    "scipy",
    "skimage",
    "sklearn",
    "tensorflow",
    "torch",
)
OUR_ANSWERS = f"course_utils.{STAFF}"
MOST_WATCHED = 2  # calls; under the watch each takes several times as long


def forbids(function, *names, cases):
    """Check that ``function`` does its work without the modules and functions ``names``.

    Parameters
    ----------
    function : callable
        The student's; it must be written with ``def`` (or ``lambda``) in a cell.
    *names : str
        Dotted names of modules ("scipy") or functions ("numpy.convolve"). The course's own
        reference solutions are always forbidden.
    cases : list of Case
        Calls, of which a few, evenly spread, are watched. What they return or raise is for
        ``agrees`` to judge: use both in one cell, so that nothing is earned by doing nothing by
        hand.

    Raises
    ------
    CheckFailed
        Naming the library function that was found.
    """
    name = getattr(function, "__name__", "your function")
    names += (OUR_ANSWERS,)
    cases = list(cases)
    cases = cases[:: -(-len(cases) // MOST_WATCHED) or 1]
    found = find(function, names, cases)
    if found:
        failed(
            name,
            f"{name} uses {found}, and this task is to be done by hand",
            "Write it with loops, slices and sums; NumPy arrays and their arithmetic are welcome.",
        )
    passed(name, "is written by hand, as far as we can see")


def find(function, names, cases):
    """Return the name of the first forbidden thing that ``function`` uses, or None.

    Parameters are those of ``forbids``, which this is the eye of; all ``cases`` are watched. So it
    also tells whether a function uses what a task is about.
    """
    if isinstance(function, RemoteFunction):
        return function.find_forbidden(names, cases)
    banned = _Banned(names)
    return _found_in_source(function, banned) or _found_while_running(function, cases, banned)


class _Banned:
    """Tells whether a module, function or code object is one of the forbidden ones."""

    def __init__(self, names):
        self.modules, self.functions = set(), {}
        for name in names:
            parent, _, attribute = name.rpartition(".")
            module = sys.modules.get(parent)
            target = getattr(module, attribute, None)
            if callable(target) and not isinstance(target, types.ModuleType):
                self.functions[name] = target
            else:
                self.modules.add(name)
        self.codes = {
            function._implementation.__code__: name
            for name, function in self.functions.items()
            if hasattr(function, "_implementation")  # NumPy's dispatchers wrap a Python function
        }
        # the watch asks the same questions thousands of times
        self.known, self.known_calls = {}, {}

    def module(self, name):
        """The forbidden module that the module called ``name`` is or lies in, or None."""
        if name not in self.known:
            self.known[name] = self._module(name)
        return self.known[name]

    def _module(self, name):
        parts = (name or "").split(".")
        prefixes = (".".join(parts[: end + 1]) for end in range(len(parts)))
        return next((prefix for prefix in prefixes if prefix in self.modules), None)

    def object(self, thing):
        """The name under which ``thing`` is forbidden, or None."""
        if isinstance(thing, types.ModuleType):
            return self.module(thing.__name__)
        for name, function in self.functions.items():
            if thing is function:
                return name
        owner = getattr(thing, "__self__", None)
        for holder in (thing, owner, type(owner)):
            home = getattr(holder, "__module__", None)
            if isinstance(home, str) and self.module(home):
                return f"{home}.{getattr(thing, '__name__', '')}".rstrip(".")
        return None

    def call(self, function):
        """The name under which a function that is not Python's is forbidden, or None."""
        owner = function.__self__
        is_method = not isinstance(owner, (types.NoneType, types.ModuleType, type))
        key = (type(owner), function.__name__) if is_method else function
        if key not in self.known_calls:
            self.known_calls[key] = self.object(function)
        return self.known_calls[key]

    def dotted(self, name):
        """The name under which an imported dotted name is forbidden, or None."""
        return name if name in self.functions else self.module(name)


def _found_in_source(function, banned):
    waiting, seen = [function], set()
    while waiting:
        current = waiting.pop()
        if banned.object(current):
            return banned.object(current)
        if not isinstance(current, types.FunctionType) or current.__code__ in seen:
            continue
        seen.add(current.__code__)
        imports, chains = _mentions(current, current.__code__)
        for name in imports:
            if banned.dotted(name):
                return banned.dotted(name)
        names = ChainMap(_enclosed(current), current.__globals__)
        for chain in chains:
            thing = _resolve(chain, names)
            if banned.object(thing):
                return banned.object(thing)
            if _is_beside(function, thing):
                waiting.append(thing)
    return None


def _is_beside(function, thing):
    """Whether ``thing`` is a function that was defined where ``function`` was."""
    return isinstance(thing, types.FunctionType) and thing.__globals__ is function.__globals__


@functools.lru_cache(maxsize=256)
def _mentions(function, code):
    """Return the dotted names that a function imports and uses, and its other chains of names.

    A chain is a name that is not the function's own and the attributes behind it. ``code`` is
    the function's: it could be given another one, and is then read anew.
    """
    written = inspect.unwrap(function).__code__
    own = _locals(code)
    imports, chains = [], []
    for node in _functions_in(written.co_filename):
        if min(line.lineno for line in (node, *getattr(node, "decorator_list", ()))) == (
            written.co_firstlineno
        ):
            imports += used_imports_in(node)
            chains += [chain for chain in chains_in(node) if chain[0] not in own]
    return tuple(imports), tuple(chains)


@functools.lru_cache(maxsize=64)
def _functions_in(filename):
    """Every function's node in a cell, or a module's file; none where it cannot be read.

    Quicker than `inspect.getsource`, which cuts the text into tokens for each function.
    """
    try:
        tree = ast.parse("".join(linecache.getlines(filename)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


def _locals(code):
    """The names that a function and the functions inside it assign, its parameters included."""
    inner = [constant for constant in code.co_consts if isinstance(constant, types.CodeType)]
    return {*code.co_varnames, *code.co_cellvars}.union(*map(_locals, inner))


def _enclosed(function):
    """The variables that a function has from the function it was made in."""
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    filled = {}
    for name, cell in cells:
        with contextlib.suppress(ValueError):  # a cell that nothing was put in yet
            filled[name] = cell.cell_contents
    return filled


def _resolve(chain, names):
    """The object that a name, or a chain of attributes of modules, stands for, or None."""
    name, *attributes = chain
    thing = names.get(name)
    for attribute in attributes:
        if not isinstance(thing, types.ModuleType):
            return None
        thing = getattr(thing, attribute, None)
    return thing


def _found_while_running(function, cases, banned):
    found, loading = [], None

    def watch(frame, event, thing):
        nonlocal loading
        if found:
            return
        if loading:  # what a library does while it is loaded is not the student's use of it
            if event == "return" and frame is loading:  # also where the import raises
                loading = None
        elif event == "call":
            home = frame.f_globals.get("__name__")
            if banned.module(_module_loaded_by(frame)):
                loading = frame
            elif frame.f_code in banned.codes:
                found.append(banned.codes[frame.f_code])
            elif isinstance(home, str) and banned.module(home):
                found.append(f"{home}.{frame.f_code.co_name}")
        elif event == "c_call":
            name = banned.call(thing)
            if name:
                found.append(name)

    for case in cases:
        before = sys.getprofile()
        sys.setprofile(watch)
        try:
            outcome(function, case)
        finally:
            sys.setprofile(before)
        if found:
            return found[0]
    return None


def _module_loaded_by(frame):
    """The name of the module that a frame of Python's own import loads, or None."""
    if frame.f_code is importlib._bootstrap._find_and_load.__code__:
        return frame.f_locals["name"]
    if frame.f_code is importlib._bootstrap._handle_fromlist.__code__:  # `from module import …`
        return getattr(frame.f_locals["module"], "__name__", None)
    if frame.f_code.co_qualname == "__getattr__":  # a module's own, for names it loads when asked
        return frame.f_globals.get("__name__")
    return None
