"""Is a task done by hand? A second process tries, without the libraries that its tests forbid.

They were never loaded there, are not on the disk that it sees, and stand-ins take their place: see
``sandbox/placeholders.py``. A function that gives the same results there does without them. Nothing
that student code hides in the first process gets there but the text of its cells.
"""

import ast
import collections
import contextlib
import functools
import importlib
import math

from course_utils.check.agreement import Raised, outcomes
from course_utils.check.comparison import first_difference
from course_utils.sandbox.placeholders import NOT_HERE
from course_utils.staff.grading.run import cell_plan
from course_utils.staff.grading.run.student_process import CellTimeoutError, RunStopped


@functools.lru_cache(maxsize=64)
def libraries(trusted):
    """Return the modules and functions that most of an assignment's tests forbid.

    Parameters
    ----------
    trusted : tuple of (name, role, source)
        As in ``Job``.

    Returns
    -------
    tuple of str
        Sorted; empty where no test forbids any.
    """
    sets = collections.Counter()
    for _, _, source in trusted:
        if "check.forbids(" in source:
            sets.update(filter(None, _forbidden_in(source)))
    return max(sets, key=lambda names: (sets[names], names), default=())


def _forbidden_in(source):
    """Yield the names that each ``check.forbids`` in a test forbids, without student functions.

    A call whose names cannot be read off the text yields nothing: it is watched.
    """
    tree = ast.parse(source)
    origins = {"check": ("course_utils", "check")}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            origins |= {a.asname or a.name: (node.module, a.name) for a in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "check.forbids":
            with contextlib.suppress(AttributeError, ImportError, KeyError):
                names = set().union(*(_names_in(argument, origins) for argument in node.args[1:]))
                yield tuple(sorted(name for name in names if not name.startswith("__main__")))


def _names_in(argument, origins):
    """What a test writes as names: texts, and ``*module.NAMES``."""
    if isinstance(argument, ast.Constant):
        return {argument.value}
    written = argument.value  # an AttributeError where nothing is starred, or what is, has no dot
    module, name = origins[written.value.id]
    return set(getattr(getattr(importlib.import_module(module), name), written.attr))


class ByHand:
    """The second process of a notebook.

    Parameters
    ----------
    process : StudentProcess
        In which there are none of the libraries.
    libraries : tuple of str
    seconds : float
        For each question; 0 is no limit.
    """

    def __init__(self, process, libraries, seconds):
        self.process = process
        self._libraries = libraries
        self._seconds = seconds or math.inf
        self._run = set()  # numbers of the cells that have been run

    def decides(self, names):
        """Whether what it does without is forbidden altogether by a test that forbids ``names``."""
        return set(self._libraries) <= set(names)

    def find(self, name, function, sources, cases):
        """Return what a function needs of the libraries, or None.

        Parameters
        ----------
        name : str
            Of the student's variable that holds it.
        function : StudentFunction
            The same in the first process.
        sources : list of str
            The student's cells so far.
        cases : list of Case
            What it is called with. Where it raises in the first process, it may raise here.
        """
        usual = outcomes(function, cases)
        self.process.allow(self._seconds)
        try:
            self._run_cells(_needed(name, sources), sources)
            found = self._compare(name, cases, usual)
            if found:  # something that its text does not show may be missing
                self._run_cells(range(len(sources)), sources)
                found = self._compare(name, cases, usual)
            return found
        except (CellTimeoutError, RunStopped) as error:
            return f"{self._any()} (without, it ends with: {error})"
        except Exception:  # whatever it answers: its text may hold hidden inputs
            return self._any()

    def _run_cells(self, numbers, sources):
        for number in numbers:
            if number not in self._run:
                self._run.add(number)
                self.process.run_cell(sources[number], number + 1, _ignore)

    def _compare(self, name, cases, usual):
        try:
            function = self.process.look_up(name)
        except KeyError:
            return self._any()
        if not callable(function):
            return self._any()
        for got, expected in zip(outcomes(function, cases), usual, strict=True):
            if isinstance(got, Raised) and NOT_HERE in got.message:
                # the library only: a student can write texts that hold hidden inputs
                return self._library(got.message.partition(NOT_HERE)[0])
            if isinstance(expected, Raised):
                continue  # for `agrees` to judge
            if isinstance(got, Raised) or first_difference(got, expected):
                return self._any()
        return None

    def _library(self, name):
        found = (library for library in self._libraries if f"{name}.".startswith(f"{library}."))
        return next(found, self._any())

    def _any(self):
        return f"something of {', '.join(self._libraries)}"


def _needed(name, sources):
    """The numbers of the cells that define a name, and the names that those use, and so on."""
    defined_and_used = [cell_plan.names_of(source) for source in sources]
    names = {name}
    while True:
        chosen = [n for n, (defines, _) in enumerate(defined_and_used) if defines & names]
        more = names.union(*(defined_and_used[n][1] for n in chosen))
        if more == names:
            return chosen
        names = more


def _ignore(kind, content):
    """Take what a cell shows: it has been shown in the first process."""
