"""Does a notebook keep what it tells students about its checks?

The openings say how many points depend on a package, the calls of ``check.needs`` repeat it for
each function, and every opening says that a hidden check looks at three rules for every function:
that is ``check.keeps_contract``. Where a function has none, for example because it takes single
numbers only, a comment in one of its hidden cells says so::

    # no contract for precision: numbers in, a number out
"""

import ast
import re

import nbformat

from course_utils.staff.authoring.source_notebook import SourceNotebook

_OPENING = re.compile(r"(\d+) of the (\d+) points that checks decide")
_SECTION = re.compile(r"(\d+) points, hidden ones included")
_NO_CONTRACT = re.compile(r"^# no contract for (\w+): \w", re.M)


def broken(path):
    """Return what the notebook at ``path`` says wrongly, a sentence for each.

    Raises
    ------
    ValueError
        The file is not a notebook.
    """
    notebook = SourceNotebook(path)
    return [*_wrong_points(notebook), *_wrong_contracts(notebook)]


def _wrong_points(notebook):
    needed = 0
    for cell in notebook.tests():
        for call in _calls(cell, "needs"):
            subject, points = _subject_and_points(call)
            worth = sum(test.points for test in notebook.tests_of({subject}))
            needed += worth
            if points != worth:
                yield f"{cell.grade_id}: {ast.unparse(call)}: its checks are worth {worth:g}"
    cells = nbformat.read(notebook.path, as_version=4).cells
    texts = [" ".join(cell.source.split()) for cell in cells if cell.cell_type == "markdown"]
    right = f"{needed:g}", f"{sum(cell.points for cell in notebook.tests()):g}"
    told = [found for text in texts for found in _OPENING.findall(text)]
    if needed and not told:
        yield f"nothing says '{right[0]} of the {right[1]} points that checks decide'"
    for found in told:
        if found != right:
            yield f"{' of '.join(found)} points are told, where it is {' of '.join(right)}"
    for points in (found for text in texts for found in _SECTION.findall(text)):
        if points != right[0]:
            yield f"{points} points, hidden ones included, are told, where it is {right[0]}"


def _subject_and_points(call):
    given = dict(zip(("package", "subject", "points"), call.args, strict=False))
    given |= {keyword.arg: keyword.value for keyword in call.keywords}
    return ast.literal_eval(given["subject"]), ast.literal_eval(given["points"])


def _wrong_contracts(notebook):
    hidden = notebook.tests("hidden")
    kept = {
        node.id
        for cell in hidden
        for call in _calls(cell, "keeps_contract")
        for node in ast.walk(call.args[0])
        if isinstance(node, ast.Name)
    }
    excused = {name for cell in hidden for name in _NO_CONTRACT.findall(cell.source)}
    for name in _graded_functions(notebook):
        if name not in kept | excused:
            yield f"{name} has no hidden check of its contract, and no comment says why"
        if name in kept & excused:
            yield f"{name} has a hidden check of its contract, and a comment says that it has none"


def _graded_functions(notebook):
    """The functions with parameters that answer cells define and hidden cells use, in order."""
    used = set().union(*(cell.names_used for cell in notebook.tests("hidden")))
    return [
        statement.name
        for cell in notebook.solutions()
        for statement in ast.parse(cell.source).body
        if isinstance(statement, ast.FunctionDef)
        and statement.name in used
        and ast.unparse(statement.args)
    ]


def _calls(cell, name):
    return [
        node
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == f"check.{name}"
    ]
