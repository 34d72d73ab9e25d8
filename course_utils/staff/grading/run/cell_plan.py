"""Which cells the checker runs itself, and which names it takes from the student.

The checker trusts the source notebook. A name that a test cell uses is the student's where a
*solution* cell of the source defines it, and comes from a *given* cell (locked, or plain in the
source) where that one does; of two, the one that stands later counts. A name that no cell of the
source defines is the student's, too: nobody else can have meant it. Given cells are run only where
a test needs them.
"""

import ast
import builtins
import functools
import re
import symtable
from typing import NamedTuple

from IPython.core.inputtransformer2 import TransformerManager


class PlannedCell(NamedTuple):
    """A code cell of the source: "solution", "given" or "test"; its names, as frozen sets.

    ``binds`` are those of the names it ``defines`` that it makes anew, and not only changes, nor
    takes away for a while;
    ``imports`` are those of these that an import makes.
    """

    grade_id: str
    role: str
    source: str
    defines: frozenset
    uses: frozenset
    binds: frozenset
    imports: frozenset


@functools.lru_cache(maxsize=16)
def plan(cells):
    """Return the ``Plan`` for a tuple of (grade_id, role, source), in the notebook's order."""
    return Plan([PlannedCell(name, role, source, *_names(source)) for name, role, source in cells])


def names_of(source):
    """Return the names that a cell defines at its top level, and the global names it uses.

    A cell that is no Python, after IPython's magics have been translated, has neither.
    """
    return _names(source)[:2]


@functools.lru_cache(maxsize=4096)
def _names(source):
    try:
        tree = ast.parse(TransformerManager().transform_cell(source))
        tree = _WithoutInlining().visit(tree)
        top = symtable.symtable(ast.unparse(tree), "cell", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return (frozenset(),) * 4
    defines, uses = set(), set()
    imports = frozenset(s.get_name() for s in top.get_symbols() if s.is_imported())
    for symbol in top.get_symbols():
        if symbol.is_assigned() or symbol.is_imported():
            defines.add(symbol.get_name())
        if symbol.is_referenced():
            uses.add(symbol.get_name())
    for table in _inner(top):
        for symbol in table.get_symbols():
            if symbol.is_global():
                (defines if symbol.is_assigned() else uses).add(symbol.get_name())
    deleted = defines & {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del)
    }
    binds = frozenset(defines - deleted)
    uses |= deleted
    changes = _Changes()
    changes.visit(tree)
    return frozenset(defines | changes.names), frozenset(uses | changes.names), binds, imports


def is_open(source):
    """Tell whether a cell may define names that cannot be read off its text."""
    used = names_of(source)[1]
    return bool(used & _DEFINERS) or bool(_STAR.search(source))


_STAR = re.compile(r"import\s*\*")
_DEFINERS = {"exec", "get_ipython", "globals", "locals", "setattr", "vars"}


class _WithoutInlining(ast.NodeTransformer):
    """Makes comprehensions generators: from Python 3.12 on, only those keep their own variables."""

    def visit(self, node):
        """Return the node, or what stands for it."""
        node = self.generic_visit(node)
        if isinstance(node, (ast.ListComp, ast.SetComp)):
            return ast.GeneratorExp(node.elt, node.generators)
        if isinstance(node, ast.DictComp):
            pair = ast.Tuple([node.key, node.value], ast.Load())
            return ast.GeneratorExp(pair, node.generators)
        return node


# What changes the object it is called on (torch's methods that do so end in one underline), and
# what changes its first argument.
_CHANGING_METHOD = re.compile(
    "add|append(left)?|clear|difference_update|discard|extend(left)?|fill|insert|partition|put|"
    "intersection_update|pop(item|left)?|remove|resize|reverse|rotate|setdefault|setflags|sort|"
    "symmetric_difference_update|update|.*[^_]_"
)
_CHANGING_FUNCTION = re.compile(
    "copyto|delattr|fill_diagonal|heap(ify|pop|push|replace)|insort(_left|_right)?|place|put|"
    "putmask|setattr|shuffle"
)


class _Changes(ast.NodeVisitor):
    """Collects the cell's variables whose objects it changes in place.

    A variable of a function or class is not the cell's, whatever its name.
    """

    def __init__(self):
        self.names = set()
        self._own = []  # the variables of the functions and classes around a node

    def _visit_scope(self, node):
        self._own.append(_own_variables(node))
        self.generic_visit(node)
        self._own.pop()

    visit_FunctionDef = visit_AsyncFunctionDef = visit_Lambda = visit_ClassDef = _visit_scope

    def _visit_place(self, node):
        if not isinstance(node.ctx, ast.Load):  # x[0] = …, del x.y
            self._note(node.value)
        self.generic_visit(node)

    visit_Subscript = visit_Attribute = _visit_place

    def visit_Call(self, node):  # noqa: N802
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if isinstance(node.func, ast.Attribute) and _CHANGING_METHOD.fullmatch(name):
            self._note(node.func.value)
        if node.args and _CHANGING_FUNCTION.fullmatch(name):
            self._note(node.args[0])
        self.generic_visit(node)

    def _note(self, owner):
        while isinstance(owner, (ast.Subscript, ast.Attribute)):
            owner = owner.value
        if isinstance(owner, ast.Name) and not any(owner.id in own for own in self._own):
            self.names.add(owner.id)


def _own_variables(scope):
    """The names that a function or class assigns, its parameters included."""
    assigned, of_others = set(), set()
    for node in ast.walk(scope):
        if isinstance(node, ast.arg):
            assigned.add(node.arg)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            assigned.add(node.id)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            assigned |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            of_others |= set(node.names)
    return assigned - of_others


def _inner(table):
    for child in table.get_children():
        yield child
        yield from _inner(child)


def _without_changes_of_modules(cells):
    """Let no solution define a module that another cell imports: ``plt.rcParams["x"] = 1``."""
    modules, adjusted = frozenset(), []
    for cell in cells:
        if cell.role == "solution":
            cell = cell._replace(defines=cell.binds | (cell.defines - modules))
        adjusted.append(cell)
        modules = (modules - cell.binds) | cell.imports
    return adjusted


class Plan:
    """What the checker does before it runs a test; the answers are remembered.

    Parameters
    ----------
    cells : list of PlannedCell
    """

    def __init__(self, cells):
        self.cells = cells = _without_changes_of_modules(cells)
        self.positions = {cell.grade_id: position for position, cell in enumerate(cells)}
        self._defined = frozenset().union(*(cell.defines for cell in cells))
        self._needed, self._students, self._given, self._undefined = {}, {}, {}, {}
        for position, cell in enumerate(cells):
            if cell.role == "test":  # now, for all who are forked from this process
                self.students_names(position)
                for used in (position, *self.needed(position)):
                    self.students_names(used)
                    self.unknown_names(used)

    def needed(self, position):
        """Return the positions of the given cells that the test at ``position`` needs, in order."""
        if position not in self._needed:
            self._needed[position] = self._find_needed(position)
        return self._needed[position]

    def _find_needed(self, position):
        cells = self.cells
        found, wanted, seen = set(), [(position, cells[position].uses)], set()
        if self.unknown_names(position):
            for earlier, cell in enumerate(cells[:position]):
                if cell.role == "given" and is_open(cell.source):
                    found.add(earlier)
                    wanted.append((earlier, cell.uses))
        while wanted:
            before, names = wanted.pop()
            for name in names:
                if (before, name) in seen:
                    continue
                seen.add((before, name))
                # every given cell since the last solution that defines it: a later one may
                # change it
                for earlier in range(before - 1, -1, -1):
                    cell = cells[earlier]
                    if name not in cell.defines:
                        continue
                    if cell.role == "solution":
                        break
                    if cell.role == "given" and earlier not in found:
                        found.add(earlier)
                        wanted.append((earlier, cell.uses))
        return sorted(found)

    def making(self, names, before):
        """Return the positions of the cells that make names, answers among them, in order.

        Parameters
        ----------
        names : iterable of str
        before : int
            The position of the first cell that is too late.
        """
        found, seen = set(), set()
        wanted = [(before, name) for name in names]
        while wanted:
            before, name = place = wanted.pop()
            if place in seen:
                continue
            seen.add(place)
            for earlier in range(before - 1, -1, -1):
                cell = self.cells[earlier]
                if cell.role == "test" or name not in cell.defines:
                    continue
                found.add(earlier)
                wanted += [(earlier, used) for used in cell.uses]
                if name in cell.binds:
                    break
        return sorted(found)

    def students_names(self, position):
        """Return the names that belong to the student when the test at ``position`` runs."""
        if position not in self._students:
            names = set()
            for cell in self.cells[:position]:
                if cell.role == "solution":
                    names |= cell.defines
                else:
                    names -= cell.binds  # what it only changes stays the student's
            self._students[position] = frozenset(names)
        return self._students[position]

    def given_names(self, position):
        """Return the names that given cells define before the test at ``position`` runs."""
        if position not in self._given:
            given = (cell for cell in self.cells[:position] if cell.role == "given")
            self._given[position] = frozenset().union(*(cell.defines for cell in given))
        return self._given[position]

    def unknown_names(self, position):
        """Return the names that a cell uses and that no cell of the source defines.

        They are the student's as far as no `is_open` cell has defined them. Given cells may have
        added to the built-in names since the last time.
        """
        if position not in self._undefined:
            self._undefined[position] = self.cells[position].uses - self._defined
        return {name for name in self._undefined[position] if not hasattr(builtins, name)}
