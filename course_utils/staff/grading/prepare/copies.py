"""Leave one cell of each name, where a notebook has several."""

from course_utils.staff.grading import event_log
from course_utils.staff.grading.prepare.handed_out import without_regions
from course_utils.staff.grading.prepare.rebuild import LONGEST_CELL
from course_utils.staff.grading.prepare.release_stamp import plain


def settle_copies(nb, source, stamp):
    """Leave one cell of each name; of an answer in several cells, all that were worked on count.

    JupyterLab gives both halves of a split cell the same name, as copy and paste does. nbgrader's
    own DeduplicateIds keeps the last one, but leaves `nbgrader: {}` on the others, which its next
    step refuses.

    Parameters
    ----------
    nb : NotebookNode
        Changed in place.
    source : list of AssignmentCell
    stamp : Stamp
    """
    known = {cell.grade_id: cell for cell in source}
    copies = {}
    for cell in nb.cells:
        copies.setdefault(cell.metadata.get("nbgrader", {}).get("grade_id"), []).append(cell)
    gone = set()
    for grade_id, cells in copies.items():
        if grade_id is None or len(cells) == 1:
            continue
        right = known.get(grade_id)
        worked = [cell for cell in cells if not (right and _is_as_given(cell, right, stamp))]
        kept = (worked or cells)[-1]
        counting = {kept["id"], *(cell["id"] for cell in worked)}
        gone |= {cell["id"] for cell in cells} - counting
        if right and right.solution and len(worked) > 1:
            event_log.add_event(nb, "split", grade_id)
            gone |= _join(worked, right)
        else:
            event_log.add_event(nb, "duplicated", grade_id)
        for cell in worked:
            if cell is not kept:
                del cell.metadata["nbgrader"]
    nb.cells = [cell for cell in nb.cells if cell["id"] not in gone]


def _is_as_given(cell, right, stamp):
    """Tell whether a cell holds nothing of the student's."""
    text = plain(cell.source)
    return text in ("", plain(without_regions(right.source))) or stamp.has_text(text)


def _join(parts, right):
    """Make one answer of the parts of a written one; return the ids of what is now in another.

    Code stays in its cells, which run one after the other, but for a part that begins further
    right: there the cell was cut within a function.
    """
    groups = [[]]
    for part in parts:
        goes_on = right.grade or part.source.lstrip("\n")[:1] in (" ", "\t")
        if not goes_on and groups[-1]:
            groups.append([])
        groups[-1].append(part)
    gone = set()
    for *others, kept in groups:
        texts = dict.fromkeys(part.source for part in (*others, kept))
        if not others or sum(map(len, texts)) > LONGEST_CELL:
            continue
        kept.source = ("\n\n" if right.grade else "\n").join(texts)
        pictures = {}
        for part in (*others, kept):
            pictures |= part.get("attachments", {})
        if pictures and kept.cell_type == "markdown":
            kept["attachments"] = pictures
        gone |= {part["id"] for part in others}
    return gone
