"""Read the student's cells for forbidden libraries, without running them.

The trusted half of ``check.forbids``: it finds what is written plainly, an import or a library's
name in the function or in the student's functions that it uses, and never finds more than the
eyes in the student's own Jupyter do.
"""

import ast
import contextlib
import functools
import re
from typing import NamedTuple

from IPython.core.inputtransformer2 import TransformerManager

from course_utils.check.forbidden import words_of


def find(function_name, sources, names):
    """Return the first of the forbidden ``names`` that a function uses, or None.

    Parameters
    ----------
    function_name : str
        Of a function that is defined at the top level of a cell.
    sources : iterable of str
        The student's code cells, in order.
    names : iterable of str
        Dotted names of modules or of functions; ``__main__.f`` is the student's own ``f``.
    """
    functions, imported = _definitions(sources)
    if not _may_use(function_name, functions, imported, names):
        return None
    waiting, seen = [function_name], set()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in functions:
            continue
        seen.add(name)
        own, within, chains = _uses(functions[name].tree)
        # an import inside of the function is forbidden as such, used or not
        for target in within.values():
            if _banned(target, names):
                return _banned(target, names)
        known = {key: value for key, value in imported.items() if key not in own} | within
        for root, attributes in chains:
            if root in known:
                found = _banned(".".join([known[root], *attributes]), names)
                if found:
                    return found
            if root in functions and root not in own:
                if f"__main__.{root}" in names and root != function_name:
                    return f"__main__.{root}"
                waiting.append(root)
    return None


def _may_use(function_name, functions, imported, names):
    """Whether reading could find anything; much quicker, by all the words of the functions."""
    waiting, words = [function_name], {"__main__"}
    while waiting:
        function = functions.get(waiting.pop())
        if function is not None:
            new = function.words - words
            words |= new
            waiting += new
    for word in words & imported.keys():
        words.update(imported[word].split("."))
    return any(words.issuperset(name.split(".")) for name in names)


class _Function(NamedTuple):
    """A function's syntax tree, and every word of its text."""

    tree: ast.AST
    words: set


def _definitions(sources):
    functions, imported = {}, {}
    for source in sources:
        for name, definition in definitions_in(source):
            is_import = isinstance(definition, str)
            (imported if is_import else functions)[name] = definition
            (functions if is_import else imported).pop(name, None)
    return functions, imported


@functools.lru_cache(maxsize=1024)  # the checker asks again and again, with one more cell
def definitions_in(source):
    """Return what the statements of a cell define, in order.

    Returns
    -------
    list of tuple
        Name, and a ``_Function`` or the dotted name of what is imported.
    """
    found = []
    statements, lines = _statements(source)
    for statement in statements:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = min(node.lineno for node in (statement, *statement.decorator_list))
            words = words_of("\n".join(lines[first - 1 : statement.end_lineno]))
            found.append((statement.name, _Function(statement, words)))
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            found += _imports(statement).items()
    return found


def _statements(source):
    """The statements of a cell, and its lines as they are when magics are translated."""
    for read in (str, _without_magics):
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            text = read(source)
            return ast.parse(text).body, re.split("\r\n|\r|\n", text)  # as Python counts them
    return [], []


def _without_magics(source):
    return TransformerManager().transform_cell(source)


def _imports(tree):
    """Names that the imports in a tree bind, and the dotted names behind them."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                bound = alias.asname or alias.name.partition(".")[0]
                found[bound] = alias.name if alias.asname else bound
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return found


@functools.lru_cache(maxsize=1024)
def _uses(function):
    """What a function's tree holds: names of its own, its imports, and chains of attributes.

    A chain is the name it begins with and the attributes behind it; a name alone has none.
    """
    own, chains = set(), set()
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            own.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            own.add(node.id)
        attributes = []
        while isinstance(node, ast.Attribute):
            attributes.append(node.attr)
            node = node.value
        if isinstance(node, ast.Name):
            chains.add((node.id, tuple(reversed(attributes))))
    return own, _imports(function), sorted(chains)


def _banned(dotted, names):
    return next((n for n in names if dotted == n or dotted.startswith(f"{n}.")), None)
