"""Cut apart text cells that were merged, or written into.

JupyterLab's *Merge* and a round trip through a text format join a task with its answer. Code is
left as it is: merged code runs as well.
"""

from course_utils.staff.grading.prepare.handed_out import SHORTEST, without_regions
from course_utils.staff.grading.prepare.rebuild import NEW_CELL
from course_utils.staff.grading.prepare.release_stamp import plain


def cut_apart(nb, found, handed):
    """Make cells of their own of the course's texts that stand within other text cells.

    Parameters
    ----------
    nb : NotebookNode
        Changed in place.
    found : dict of int to int
        By place in ``handed``, the place in the notebook of what is known to be there.
    handed : list of HandedOut

    Returns
    -------
    list of str
        The grade_ids of those of the assignment's cells that were in a cell with something else.
    """
    which_at = {place: which for which, place in found.items()}
    texts = {
        which: text
        for which, cell in enumerate(handed)
        if not cell.is_answer
        and cell.cell_type == "markdown"
        and len(text := plain(cell.text)) >= SHORTEST
    }
    missing = [which for which in texts if which not in found]
    taken = {cell["id"] for cell in nb.cells}
    cells, names = [], []
    for place, cell in enumerate(nb.cells):
        own = which_at.get(place)
        pieces = []
        is_whole = own in texts and plain(without_regions(cell.source)) == texts[own]
        if cell.cell_type != "code" and not is_whole:
            wanted = sorted([*missing, own] if own in texts else missing)
            pieces = _pieces(plain(cell.source), [(which, texts[which]) for which in wanted])
        if len(pieces) < 2:
            cells.append(cell)
            continue
        cells += _cells(cell, pieces, own, taken)
        missing = [which for which in missing if which not in dict(pieces)]
        names += [handed[which].grade_id for which, _ in [*pieces, (own, "")] if which is not None]
    nb.cells = cells
    return [name for name in dict.fromkeys(names) if name]


def _pieces(text, wanted):
    """Cut a text where one of ``wanted`` begins or ends; return (which or None, text) of each."""
    pieces = [(None, text)]
    for which, part in wanted:
        for place, (owner, piece) in enumerate(pieces):
            at = f"\n{piece}\n".find(f"\n{part}\n") if owner is None else -1
            if at >= 0:
                around = (None, piece[:at]), (which, part), (None, piece[at + len(part) :])
                pieces[place : place + 1] = [cut for cut in around if cut[1].strip()]
                break
    return [(owner, piece.strip("\n")) for owner, piece in pieces]


def _cells(cell, pieces, own, taken):
    """Return a cell for each piece; metadata and id are those of the piece that is the cell."""
    owners = [owner for owner, _ in pieces]
    if own not in owners and None not in owners:  # an answer of which nothing is left
        pieces = [(None, ""), *pieces]
        owners = [None, *owners]
    keeper = owners.index(own if own in owners else None if None in owners else owners[0])
    pictures = dict(cell.get("attachments", {}))
    cells = []
    for place, (_, text) in enumerate(pieces):
        part = NEW_CELL[cell.cell_type](text)
        if place == keeper:
            part["id"], part["metadata"] = cell["id"], cell.metadata
        else:
            number = place
            while (cell_id := f"{cell['id'][:50]}-part-{number}") in taken:
                number += 1
            part["id"] = cell_id
            taken.add(cell_id)
        here = [name for name in pictures if f"attachment:{name}" in text]
        if here and cell.cell_type == "markdown":
            part["attachments"] = {name: pictures.pop(name) for name in here}
        cells.append(part)
    return cells
