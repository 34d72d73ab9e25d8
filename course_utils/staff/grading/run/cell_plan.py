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

    ``binds`` are those of the names it ``defines`` that it makes anew, and not only changes.
    """

    grade_id: str
    role: str
    source: str
    defines: frozenset
    uses: frozenset
    binds: frozenset


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
        return frozenset(), frozenset(), frozenset()
    defines, uses = set(), set()
    for symbol in top.get_symbols():
        if symbol.is_assigned() or symbol.is_imported():
            defines.add(symbol.get_name())
        if symbol.is_referenced():
            uses.add(symbol.get_name())
    for table in _inner(top):
        for symbol in table.get_symbols():
            if symbol.is_global():
                (defines if symbol.is_assigned() else uses).add(symbol.get_name())
    binds = frozenset(defines)
    # x[0] = … and x.y = … change a variable that exists
    for node in ast.walk(tree):
        if isinstance(node, (ast.Subscript, ast.Attribute)) and isinstance(node.ctx, ast.Store):
            owner = node.value
            while isinstance(owner, (ast.Subscript, ast.Attribute)):
                owner = owner.value
            if isinstance(owner, ast.Name):
                defines.add(owner.id)
                uses.add(owner.id)
    return frozenset(defines), frozenset(uses), binds


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


def _inner(table):
    for child in table.get_children():
        yield child
        yield from _inner(child)


class Plan:
    """What the checker does before it runs a test; the answers are remembered.

    Parameters
    ----------
    cells : list of PlannedCell
    """

    def __init__(self, cells):
        self.cells = cells
        self.positions = {cell.grade_id: position for position, cell in enumerate(cells)}
        self._defined = frozenset().union(*(cell.defines for cell in cells))
        self._needed, self._students, self._undefined = {}, {}, {}
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

    def unknown_names(self, position):
        """Return the names that a cell uses and that no cell of the source defines.

        They are the student's as far as no `is_open` cell has defined them. Given cells may have
        added to the built-in names since the last time.
        """
        if position not in self._undefined:
            self._undefined[position] = self.cells[position].uses - self._defined
        return {name for name in self._undefined[position] if not hasattr(builtins, name)}
