"""What a piece of Python imports and which names it uses, read off its syntax tree."""

import ast
from typing import NamedTuple


class Import(NamedTuple):
    """One imported name.

    Attributes
    ----------
    bound : str
        The variable that the import sets.
    target : str
        The dotted name of what the variable then holds.
    dotted : str
        The dotted name of all that is imported: ``import a.b`` sets ``a``, and imports ``a.b``.
    """

    bound: str
    target: str
    dotted: str


def imports_in(tree):
    """Return every ``Import`` below a node, in the order of `ast.walk`; relative ones left out."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                target = alias.name if alias.asname else first
                found.append(Import(alias.asname or first, target, alias.name))
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                dotted = f"{node.module}.{alias.name}"
                found.append(Import(alias.asname or alias.name, dotted, dotted))
    return found


def chains_in(tree):
    """Return the names used below a node with the attributes behind them, each once, in order.

    ``np.fft.fft2(x)`` gives ``("np", "fft", "fft2")``, what it begins with (``("np", "fft")``,
    ``("np",)``) and ``("x",)``; an attribute of a call's result gives nothing, and neither does a
    name that is only assigned or deleted.
    """
    chains = {}
    for node in ast.walk(tree):
        attributes = []
        while isinstance(node, ast.Attribute):
            attributes.append(node.attr)
            node = node.value
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            chains[node.id, *reversed(attributes)] = None
    return tuple(chains)


def used_imports_in(tree):
    """Return the dotted names of what is imported and used below a node, each once.

    ``import numpy as np`` and ``np.fft.fft2(x)`` give ``numpy.fft.fft2``, and what it begins with;
    an import alone gives nothing, except into a global variable: others can use that.
    """
    imports = imports_in(tree)
    if not imports:
        return ()
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.Global)]
    shared = {name for statement in statements for name in statement.names}
    used = [found.dotted for found in imports if found.bound in shared]
    for root, *attributes in chains_in(tree):
        used += [".".join([found.target, *attributes]) for found in imports if found.bound == root]
    return tuple(dict.fromkeys(used))
