"""Read the student's cells for forbidden libraries, without running them.

The trusted half of ``check.forbids``: it finds what is written plainly, a library's name in the
function or in the student's functions that it uses, and never finds more than the eyes in the
student's own Jupyter do. An import alone is no use.
"""

import ast
import contextlib
import functools

from IPython.core.inputtransformer2 import TransformerManager

from course_utils.check.syntax import chains_in, imports_in, used_imports_in


def find(function_name, sources, names, leave_out=frozenset()):
    """Return the first of the forbidden ``names`` that a function uses, or None.

    Parameters
    ----------
    function_name : str
        Of a function that is defined at the top level of a cell.
    sources : iterable of str
        The student's code cells, in order.
    names : iterable of str
        Dotted names of modules or of functions; ``__main__.f`` is the student's own ``f``.
    leave_out : set of str
        The student's functions that are not looked into.
    """
    functions, imported = _definitions(sources)
    waiting, seen = [function_name], set(leave_out)
    while waiting:
        name = waiting.pop()
        if name in seen or name not in functions:
            continue
        seen.add(name)
        own, used, chains = _uses(functions[name])
        for dotted in used:
            if _banned(dotted, names):
                return _banned(dotted, names)
        for root, *attributes in chains:
            if root in own:
                continue
            if root in imported:
                found = _banned(".".join([imported[root], *attributes]), names)
                if found:
                    return found
            if root in functions:
                if f"__main__.{root}" in names and root != function_name:
                    return f"__main__.{root}"
                waiting.append(root)
    return None


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
        Name, and a function's syntax tree or the dotted name of what is imported.
    """
    found = []
    for statement in _statements(source):
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found.append((statement.name, statement))
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            found += [(name, target) for name, target, _ in imports_in(statement)]
    return found


def _statements(source):
    """The statements of a cell; none where it is no Python, even with its magics translated."""
    for read in (str, _without_magics):
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            return ast.parse(read(source)).body
    return []


def _without_magics(source):
    return TransformerManager().transform_cell(source)


@functools.lru_cache(maxsize=1024)
def _uses(function):
    """What a function's tree holds: names of its own, imports it uses, and chains of names."""
    own = set()
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            own.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            own.add(node.id)
    own |= {found.bound for found in imports_in(function)}
    return own, used_imports_in(function), chains_in(function)


def _banned(dotted, names):
    return next((n for n in names if dotted == n or dotted.startswith(f"{n}.")), None)
