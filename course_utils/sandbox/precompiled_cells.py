"""Cells that are known beforehand, read and compiled once for every process forked later.

Every student's notebook holds the same given cells, and the checker runs the same tests for
everyone; reading and compiling them takes IPython longer than most of them take to run.
"""

import ast
import inspect

from IPython.core.compilerop import CachingCompiler


class PrecompiledCells(CachingCompiler):
    """IPython's compiler, which remembers what it is told to."""

    def __init__(self):
        super().__init__()
        self._trees = {}  # text -> (tree, the compiler's flags)
        self._codes = {}  # what `__call__` is given -> code

    def __contains__(self, text):
        """Whether a cell, as Python, has been remembered."""
        return text in self._trees

    def get_code_name(self, raw_code, transformed_code, number):
        """Return a name for the cell's file that does not depend on the cell's number."""
        return super().get_code_name(raw_code, transformed_code, 0)

    def remember(self, text):
        """Read and compile a cell now, where that is possible without running it.

        What does not compile, awaits something or changes how later cells are compiled
        (``from __future__ import``) stays unknown.
        """
        if text in self._trees:
            return
        name, flags = self.get_code_name(text, text, 0), self.flags
        try:
            tree = super().ast_parse(text, name)
            codes = {}
            for node in tree.body:
                is_shown = node is tree.body[-1] and isinstance(node, ast.Expr)
                mode = "single" if is_shown else "exec"
                body = ast.Interactive([node]) if is_shown else ast.Module([node], [])
                with self.extra_flags(ast.PyCF_ALLOW_TOP_LEVEL_AWAIT):
                    code = super().__call__(body, name, mode)
                    codes[id(node), name, mode, self.flags] = code
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return
        finally:
            changes, self.flags = self.flags != flags, flags
        awaits = any(code.co_flags & inspect.CO_COROUTINE for code in codes.values())
        if not (awaits or changes):
            self._trees[text] = tree, flags
            self._codes |= codes

    def ast_parse(self, source, filename="<unknown>", symbol="exec"):
        """Return a cell's syntax tree; that of a known cell is not to be changed."""
        tree, flags = self._trees.get(source, (None, None))
        if tree is not None and flags == self.flags:  # which `from __future__ import` changes
            return tree
        return super().ast_parse(source, filename, symbol)

    def __call__(self, source, filename, symbol):
        """Compile anything; one statement of a known cell has been compiled already."""
        body = getattr(source, "body", None)  # text has none, and an expression's is no list
        if isinstance(body, list) and len(body) == 1:
            code = self._codes.get((id(body[0]), filename, symbol, self.flags))
            if code is not None:
                return code
        return super().__call__(source, filename, symbol)
