"""The cells of an assignment as students got them: what a submission is compared with."""

import ast
import re
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbgrader.utils import is_solution

from course_utils.staff.grading.follow_through import Declaration, DeclarationError, declared
from course_utils.staff.grading.prepare.release_stamp import plain
from course_utils.staff.markers import OUTSIDE, not_released

SHORTEST = 20  # characters of a text by which a cell is known
# ids that `rebuild` gives to cells that come without one
_MADE_UP = re.compile(r"cell-\d+(-\d+)?")


class HandedOut(NamedTuple):
    """One cell as students got it.

    Attributes
    ----------
    cell_id, grade_id : str
        Empty where it has none, or none is known.
    cell_type, text : str
    is_answer : bool
    names : frozenset of str
        What an answer in code is to define.
    """

    cell_id: str
    grade_id: str
    cell_type: str
    text: str
    is_answer: bool = False
    names: frozenset = frozenset()


def handed_out(graded, source):
    """Return the assignment's cells in order, list of `HandedOut`.

    Parameters
    ----------
    graded : list of AssignmentCell
        What the gradebook knows.
    source : NotebookNode or None
        The source notebook. Without it ids and the cells that are not graded are unknown.
    """
    known = {cell.grade_id: cell for cell in graded}
    result = []
    for cell in source.cells if source else ():
        cell_id = cell.get("id", "")
        cell_id = "" if _MADE_UP.fullmatch(cell_id) else cell_id
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if grade_id in known:
            result.append(_graded(known[grade_id], cell_id, cell.source))
        else:
            result.append(HandedOut(cell_id, grade_id, cell.cell_type, cell.source))
    of_source = {cell.grade_id for cell in result}
    return result + [_graded(cell, "", "") for cell in graded if cell.grade_id not in of_source]


def texts_of_course(source):
    """Return the longer texts of a source notebook that students get and are not to change."""
    texts = {plain(without_regions(cell.source)) for cell in source.cells if not is_solution(cell)}
    return {text for text in texts if len(text) >= SHORTEST}


def holds_texts(nb, known):
    """Tell whether most of a notebook's longer texts are among those that are known."""
    texts = [plain(without_regions(cell.source)) for cell in nb.cells]
    texts = [text for text in texts if len(text) >= SHORTEST]
    return sum(text in known for text in texts) > len(texts) / 2


def source_folder(step, assignment):
    """Return the folder of an assignment's source, or None where a step belongs to no course.

    Parameters
    ----------
    step : NbGraderPreprocessor
    assignment : str
    """
    coursedir = getattr(getattr(step.parent, "parent", None), "coursedir", None)
    if coursedir is None:
        return None
    return Path(coursedir.format_path(coursedir.source_directory, ".", assignment))


def source_notebook(step, names):
    """Return the source notebook that a step's ``resources["nbgrader"]`` names, or None."""
    folder = source_folder(step, names["assignment"])
    return folder and read_source(folder / f"{names['notebook']}.ipynb")


_SOURCES = {}


def read_source(path):
    """Return the notebook in a file of the course's, read once; None where there is none."""
    try:
        stamp = path.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    if _SOURCES.get(path, (None, None))[0] != stamp:
        _SOURCES[path] = stamp, nbformat.read(path, as_version=4)
    return _SOURCES[path][1]


def declared_in(path):
    """Return the ``Declaration`` of a source notebook; an empty one where there is no file.

    Raises
    ------
    DeclarationError
        It declares what cannot be.
    """
    source = path and read_source(path)
    if source is None:
        return Declaration({}, {})
    try:
        return declared(source)
    except DeclarationError as error:
        raise DeclarationError(f"{path}: {error}") from None


def without_regions(source):
    """Return a text without hidden tests and mark schemes, which a release does not have."""
    return "\n".join(line for line, where in not_released(source) if where == OUTSIDE)


def definitions(text):
    """Return the names that code defines at the left margin.

    A student's code is searched, not parsed: the parser is no match for hostile text.
    """
    names = set()
    for function, variables in _DEFINITION.findall(text):
        names |= {function} if function else {name.strip() for name in variables.split(",")}
    return names


_DEFINITION = re.compile(
    r"^(?:(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)"
    r"|((?:\w+[ \t]*,[ \t]*)*\w+)[ \t]*(?::[^=\n]*)?=(?!=))",
    re.MULTILINE,
)


def _graded(cell, cell_id, solution):
    is_code = cell.solution and cell.cell_type == "code"
    # the placeholder of an answer may define nothing yet
    names = _defined(solution) or _defined(cell.source) if is_code else frozenset()
    text = without_regions(cell.source)
    return HandedOut(cell_id, cell.grade_id, cell.cell_type, text, cell.solution, names)


def _defined(source):
    """The names that code of the course's defines at its top level."""
    try:
        statements = ast.parse(source).body
    except SyntaxError:  # IPython's magics
        return frozenset()
    names = set()
    for statement in statements:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(statement.name)
        elif isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
            names |= {
                node.id
                for node in ast.walk(statement)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            }
    return frozenset(names)
