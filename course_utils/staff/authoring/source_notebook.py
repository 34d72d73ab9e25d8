"""Read a source notebook and run its cells in this process.

Much quicker than a kernel: what the mistakes, the mutants and a hundred seeds have to pass are
the very test cells of the notebook, with a student's function put in place of the solution.
"""

import ast
import contextlib
import importlib
import importlib.util
import io
import linecache
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat

from course_utils.staff.markers import HIDDEN_TESTS


@dataclass(frozen=True)
class SourceCell:
    """A code cell: its name, what it is for, and its text.

    ``role`` is "solution", "visible" or "hidden" (test cells), or "given" for all others;
    ``trains`` tells the test cells that train networks, seconds instead of milliseconds.
    """

    grade_id: str
    role: str
    source: str
    points: float
    trains: bool

    @cached_property
    def names_used(self):
        """Every name the cell reads or binds, attributes aside."""
        return {node.id for node in ast.walk(ast.parse(self.source)) if isinstance(node, ast.Name)}

    @cached_property
    def names_defined(self):
        """Functions and variables that the cell's top level defines."""
        names = set()
        for statement in ast.parse(self.source).body:
            if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
                names.add(statement.name)
            elif isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
                names |= {
                    n.id
                    for n in ast.walk(statement)
                    if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
                }
        return names


class SourceNotebook:
    """The code cells of one source notebook, and a namespace in which all of them have run.

    Raises
    ------
    ValueError
        If the file is not a notebook, or one of its test cells fails on its own solutions.
    """

    def __init__(self, path):
        self.path = Path(path)
        try:
            notebook = nbformat.read(self.path, as_version=4)
        except Exception as error:
            raise ValueError(f"{self.path} is not a readable notebook: {error}") from error
        self.cells = [
            _read_cell(cell, index)
            for index, cell in enumerate(notebook.cells)
            if cell.cell_type == "code"
        ]
        self._namespace = None

    @property
    def topic(self):
        """The notebook's name without its ending, e.g. "convolution_by_hand"."""
        return self.path.stem

    @property
    def mistakes(self):
        """The tutorial's module of ``course_utils.staff.mistakes``.

        Raises
        ------
        ValueError
            There is none.
        """
        name = f"course_utils.staff.mistakes.{self.topic}"
        if importlib.util.find_spec(name) is None:
            raise ValueError(f"{self.path}: there is no module {name}")
        return importlib.import_module(name)

    def solutions(self):
        """The solution cells, in order."""
        return [cell for cell in self.cells if cell.role == "solution"]

    def tests(self, *roles):
        """The test cells of the given roles ("visible", "hidden"; both where none is given)."""
        return [cell for cell in self.cells if cell.role in (roles or ("visible", "hidden"))]

    def tests_of(self, names, *roles):
        """The test cells that use any of ``names``."""
        return [cell for cell in self.tests(*roles) if cell.names_used & set(names)]

    def namespace(self):
        """A fresh copy of the namespace after all cells have run, as autograding runs them."""
        if self._namespace is None:
            namespace = {"__name__": "__main__"}
            with grading_environment():
                for cell in self.cells:
                    try:
                        run(cell.source, cell.grade_id, namespace)
                    except Exception as error:
                        raise ValueError(
                            f"{self.path}: cell {cell.grade_id} fails on the solutions: {error!r}"
                        ) from error
            self._namespace = namespace
        return dict(self._namespace)

    def answered(self, answers):
        """Return the namespace after all cells have run with a student's answers in them.

        Parameters
        ----------
        answers : dict
            grade_id to source, in place of the solutions; where one raises, the rest still runs,
            as in a notebook that is run to its end.
        """
        namespace = {"__name__": "__main__"}
        with grading_environment():
            for cell in self.cells:
                # a failing test or a broken answer stops its own cell only
                with contextlib.suppress(Exception):
                    run(answers.get(cell.grade_id, cell.source), cell.grade_id, namespace)
        return namespace

    def failure(self, test, changes):
        """Run a test cell with names changed; return the ``CheckFailed`` or other exception.

        Parameters
        ----------
        test : SourceCell
        changes : dict
            Names to put in place of the solution's, e.g. ``{"correlate2d": wrong_function}``.

        Returns
        -------
        Exception or None
            ``None`` where the cell passes.
        """
        namespace = self.namespace() | changes
        with grading_environment():
            try:
                run(test.source, test.grade_id, namespace)
            except Exception as error:
                return error
        return None


def run(source, name, namespace):
    """Execute the text of a cell in ``namespace``; tracebacks and ``inspect`` find its lines."""
    exec(compile(source, _file_of(source, name), "exec"), namespace)


def run_each(source, name, namespace):
    """As ``run``, statement by statement, where an exception ends its own statement only.

    Each statement keeps its place in the cell: checks read there what they are asked about. Those
    in a ``with`` are run without it.
    """
    filename = _file_of(source, name)
    statements = ast.parse(source).body
    while statements:
        statement = statements.pop(0)
        if isinstance(statement, ast.With):
            statements = statement.body + statements
            continue
        with contextlib.suppress(Exception):
            exec(compile(ast.Module([statement], []), filename, "exec"), namespace)


def _file_of(source, name):
    """Let ``linecache`` know the lines of a cell; return the name it knows them by."""
    filename = f"<cell {name} {abs(hash(source))}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    return filename


@contextlib.contextmanager
def grading_environment():
    """As in autograding: figures are skipped; nothing is printed or drawn on a screen."""
    before = {name: os.environ.get(name) for name in ("NBGRADER_EXECUTION", "MPLBACKEND")}
    os.environ.update(NBGRADER_EXECUTION="autograde", MPLBACKEND="agg")
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _read_cell(cell, index):
    grader = cell.metadata.get("nbgrader", {})
    if grader.get("solution"):
        role = "solution"
    elif grader.get("grade"):
        role = "hidden" if HIDDEN_TESTS.begin in cell.source else "visible"
    else:
        role = "given"
    return SourceCell(
        grader.get("grade_id", f"cell {index}"),
        role,
        cell.source,
        float(grader.get("points", 0)),
        "trains" in cell.metadata.get("tags", []),
    )
