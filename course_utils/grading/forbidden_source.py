"""Read the student's cells for forbidden libraries, without running them.

The trusted half of ``check.forbids``: it finds what is written plainly, an import or a library's
name in the function or in the student's functions that it uses, and never finds more than the
eyes in the student's own Jupyter do.
"""

import ast
import contextlib
import functools

from IPython.core.inputtransformer2 import TransformerManager


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
    waiting, seen = [function_name], set()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in functions:
            continue
        seen.add(name)
        tree = functions[name]
        own = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
        own |= {
            n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        }
        # an import inside of the function is forbidden as such, used or not
        within = _imports(tree)
        for target in within.values():
            if _banned(target, names):
                return _banned(target, names)
        known = {key: value for key, value in imported.items() if key not in own} | within
        for node in ast.walk(tree):
            dotted = _dotted(node, known)
            if dotted and _banned(dotted, names):
                return _banned(dotted, names)
            if isinstance(node, ast.Name) and node.id in functions and node.id not in own:
                if f"__main__.{node.id}" in names and node.id != function_name:
                    return f"__main__.{node.id}"
                waiting.append(node.id)
    return None


def _definitions(sources):
    functions, imported = {}, {}
    for source in sources:
        for statement in _statements(source):
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                functions[statement.name] = statement
                imported.pop(statement.name, None)
            elif isinstance(statement, (ast.Import, ast.ImportFrom)):
                for name, target in _imports(statement).items():
                    imported[name] = target
                    functions.pop(name, None)
    return functions, imported


@functools.lru_cache(maxsize=1024)  # the checker asks again and again, with one more cell
def _statements(source):
    for read in (str, TransformerManager().transform_cell):  # which translates IPython's magics
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            return ast.parse(read(source)).body
    return []


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


def _dotted(node, known):
    """The dotted name that a name or a chain of attributes stands for, or None."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or node.id not in known:
        return None
    return ".".join([known[node.id], *reversed(parts)])


def _banned(dotted, names):
    return next((n for n in names if dotted == n or dotted.startswith(f"{n}.")), None)
