"""What can happen to a notebook between the student and the grader.

Used in the ``damage`` line of an answer file, as the kind alone or the kind and a grade_id:
``truncated``, ``deleted-cell C1_correlate2d_visible``.
"""

from copy import deepcopy

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell

# kind -> whether it needs a grade_id, and what it does
KINDS = {
    "truncated": (False, "the second half of the file is missing: no longer a notebook"),
    "empty": (False, "the file holds nothing"),
    "renamed": (False, "the notebook is called '<name> (1).ipynb', as browsers do"),
    "byte-order-mark": (False, "the file begins with a byte-order mark, as Windows editors do"),
    "old-format": (False, "the file is in the notebook format of 2014, nbformat 3"),
    "other-language": (False, "the notebook says that it is written in R"),
    "stripped": (False, "all cells lost their metadata"),
    "deleted-cell": (True, "the student deleted this cell"),
    "duplicated-cell": (True, "the cell is there twice, an older copy first"),
    "untitled-cell": (True, "the cell lost its metadata, as copy and paste does"),
    "skipped-cell": (True, "the cell is tagged skip-execution"),
    "emptied-cell": (True, "the cell is there, without its text"),
    "renamed-cell": (True, "the student gave the cell another grade_id"),
    "retyped-cell": (True, "the student made text of code, or code of text"),
    "moved-cell": (True, "the cell stands at the end"),
    "regraded-cell": (True, "the student set the cell's points to 100"),
}


class DamageError(ValueError):
    """A ``damage`` line that means nothing; the text says what would."""


def damage(files, orders):
    """Apply damage to the files of a submission.

    Parameters
    ----------
    files : dict
        File name to notebook.
    orders : sequence of str
        In the order in which they happened.

    Returns
    -------
    dict
        File name to text.

    Raises
    ------
    DamageError
        Unknown kind, a grade_id too many or too few, or a cell that is in no notebook.
    """
    orders = [_parse(order) for order in orders]
    for kind, grade_id in orders:
        if grade_id:
            _change_cell(files, kind, grade_id)
        for nb in files.values():
            _change_notebook(nb, kind)
    version = 3 if ("old-format", "") in orders else nbformat.NO_CONVERT
    texts = {name: nbformat.writes(nb, version) + "\n" for name, nb in files.items()}
    for kind, _ in orders:
        if kind == "truncated":
            texts = {name: text[: len(text) // 2] for name, text in texts.items()}
        elif kind == "empty":
            texts = dict.fromkeys(texts, "")
        elif kind == "renamed":
            texts = {name.replace(".ipynb", " (1).ipynb"): text for name, text in texts.items()}
        elif kind == "byte-order-mark":
            texts = {name: f"\ufeff{text}" for name, text in texts.items()}
    return texts


def _parse(order):
    kind, _, grade_id = order.partition(" ")
    grade_id = grade_id.strip()
    if kind not in KINDS:
        raise DamageError(f"unknown damage {kind!r}; expected one of {', '.join(KINDS)}")
    needs_cell, _ = KINDS[kind]
    if needs_cell and not grade_id:
        raise DamageError(f"damage {kind!r} needs a grade_id: '{kind} C1_something'")
    if grade_id and not needs_cell:
        raise DamageError(f"damage {kind!r} happens to the whole file, not to {grade_id!r}")
    return kind, grade_id


def _change_notebook(nb, kind):
    if kind == "other-language":
        nb.metadata["kernelspec"] = {"name": "ir", "display_name": "R", "language": "R"}
    elif kind == "stripped":
        for cell in nb.cells:
            cell["metadata"] = {}


def _change_cell(files, kind, grade_id):
    for nb in files.values():
        for index, cell in enumerate(nb.cells):
            if cell.metadata.get("nbgrader", {}).get("grade_id") != grade_id:
                continue
            if kind == "deleted-cell":
                del nb.cells[index]
            elif kind == "duplicated-cell":
                copy = deepcopy(cell)
                copy["id"] = f"{cell['id'][:60]}-2"
                nb.cells.insert(index, copy)
            elif kind == "untitled-cell":
                del cell.metadata["nbgrader"]
            elif kind == "skipped-cell":
                cell.metadata["tags"] = ["skip-execution"]
            elif kind == "emptied-cell":
                cell.source = ""
            elif kind == "renamed-cell":
                cell.metadata.nbgrader.grade_id = f"{grade_id}_of_mine"
            elif kind == "retyped-cell":
                nb.cells[index] = _retyped(cell)
            elif kind == "moved-cell":
                nb.cells.append(nb.cells.pop(index))
            elif kind == "regraded-cell":
                cell.metadata.nbgrader.points = 100
            return
    raise DamageError(f"damage {kind!r}: no cell {grade_id!r} in {', '.join(files)}")


def _retyped(cell):
    new_cell = new_markdown_cell if cell.cell_type == "code" else new_code_cell
    return new_cell(cell.source, id=cell["id"], metadata=cell.metadata)
