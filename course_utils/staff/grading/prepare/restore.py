"""Bring a submission back into the assignment's shape before nbgrader looks at it."""

import stat
from dataclasses import asdict, dataclass
from pathlib import Path

from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from course_utils.staff.grading import event_log
from course_utils.staff.grading.prepare.rebuild import NEW_CELL, rebuild
from course_utils.staff.grading.prepare.submitted_files import is_real_folder, list_files
from course_utils.staff.names import show_name, show_path

# where `preprocess` looks for what was noted when the files were taken in
NOTED = "course_events"


@dataclass(frozen=True)
class AssignmentCell:
    """One of the assignment's cells, as the gradebook knows it.

    Attributes
    ----------
    grade_id, cell_type, source, checksum : str
    grade, solution, locked, task : bool
        nbgrader's flags.
    points : float or None
        None where the cell earns none.
    """

    grade_id: str
    cell_type: str
    source: str
    checksum: str
    grade: bool
    solution: bool
    locked: bool
    task: bool
    points: float | None

    def metadata(self):
        """Return nbgrader's metadata of this cell."""
        result = {key: value for key, value in asdict(self).items() if key != "source"}
        if self.points is None:
            del result["points"]
        return result | {"schema_version": 3}


class RestoreSubmission(NbGraderPreprocessor):
    """Make a submission's cells those of the assignment again, but for the answers in them.

    What a cell is and what it is worth comes from the gradebook alone, so that nothing a student
    edits in the metadata changes points or tests. Every locked, test and written-answer cell is
    there once, of its type, in the assignment's order; other cells follow the one they followed.

    Stock nbgrader scores a deleted test 0 (its own ``add_missing_cells`` fails where a locked cell
    stands before the deleted one), gives full marks for a test tagged ``skip-execution`` or turned
    into text, and stops at cells that are there twice.
    A deleted *answer* in code is not put back: its placeholder could redefine what the student
    wrote in a cell that lost its metadata.
    """

    def preprocess(self, nb, resources):
        """Return the notebook in the assignment's shape; what was repaired is in its record.

        Raises
        ------
        ValueError
            The submission's folder holds links, which nbgrader has followed by now: it removes
            what it made of them when a submission fails. `intake` leaves them out instead.
        """
        _refuse_links(Path(resources["metadata"]["path"]))
        events = resources.get(NOTED)
        if events is None:  # otherwise `intake` has rebuilt it from the file
            nb, events = rebuild(nb)
        event_log.start(nb, events)
        names = resources["nbgrader"]
        source = source_cells(names["db_url"], names["notebook"], names["assignment"])
        _keep_last_copies(nb)
        _find_renamed(nb, source)
        _restore_settings(nb, source)
        _put_back(nb, source)
        _put_in_order(nb, source)
        return nb, resources


def source_cells(db_url, notebook, assignment):
    """Return the assignment's cells, list of `AssignmentCell` in the notebook's order."""
    with Gradebook(db_url) as gradebook:
        found = gradebook.find_notebook(notebook, assignment)
        tests = {cell.name: cell.max_score for cell in found.grade_cells}
        tasks = {cell.name: cell.max_score for cell in found.task_cells}
        answers = {cell.name for cell in found.solution_cells}
        points = tests | tasks
        return [
            AssignmentCell(
                cell.name,
                cell.cell_type,
                cell.source,
                cell.checksum,
                grade=cell.name in tests,
                solution=cell.name in answers,
                locked=cell.locked,
                task=cell.name in tasks,
                points=points.get(cell.name),
            )
            for cell in found.source_cells
        ]


def _refuse_links(folder):
    if not folder.exists():  # `course autograde` has nothing there yet
        return
    odd = [name for name, status in list_files(folder).items() if not stat.S_ISREG(status.st_mode)]
    if odd or not is_real_folder(folder):
        raise ValueError(
            f"{show_path(folder)} holds a link, or something that is no ordinary file "
            f"({', '.join(map(show_name, odd)) or 'itself'}): remove it, or use "
            "`course autograde`, which leaves it out"
        )


def _grade_id(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _keep_last_copies(nb):
    # nbgrader's own DeduplicateIds keeps the last copy too, but leaves `nbgrader: {}` on the
    # others, which its next step refuses
    seen = set()
    for cell in reversed(nb.cells):
        grade_id = _grade_id(cell)
        if grade_id and grade_id in seen:
            event_log.add_event(nb, "duplicated", grade_id)
            del cell.metadata["nbgrader"]
        seen.add(grade_id)


def _find_renamed(nb, source):
    """Give answers their names back.

    A cell that nbgrader marked as an answer, under a name that the assignment does not have, is
    the one missing answer of its type between the same two neighbours, if there is only one of
    each.
    """
    known = {cell.grade_id for cell in source}
    place = {_grade_id(cell): index for index, cell in enumerate(nb.cells)}
    strangers = [
        index
        for index, cell in enumerate(nb.cells)
        if utils.is_solution(cell) and _grade_id(cell) not in known
    ]
    gaps = {}  # (where it begins, where it ends) -> answers that are missing there
    begin, waiting = -1, []
    for cell in [*source, None]:
        here = len(nb.cells) if cell is None else place.get(cell.grade_id)
        if here is None:
            waiting += [cell] if cell.solution else []
            continue
        gaps[begin, here] = waiting
        begin, waiting = here, []
    for (begin, end), missing in gaps.items():
        for cell_type in ("code", "markdown"):
            answers = [cell for cell in missing if cell.cell_type == cell_type]
            found = [
                nb.cells[index]
                for index in strangers
                if begin < index < end and nb.cells[index].cell_type == cell_type
            ]
            if len(answers) == len(found) == 1:
                found[0].metadata["nbgrader"] = answers[0].metadata()
                event_log.add_event(nb, "renamed-cell", answers[0].grade_id)


def _restore_settings(nb, source):
    """Give every cell the type, flags and points that the gradebook knows, and no tags."""
    known = {cell.grade_id: cell for cell in source}
    names = event_log.names_of(nb.cells)
    for index, cell in enumerate(nb.cells):
        grading = cell.metadata.get("nbgrader")
        if grading is None:
            continue
        right = known.get(_grade_id(cell))
        if right is None:  # a cell the assignment does not grade, such as an exploration
            if utils.is_grade(cell) or utils.is_solution(cell) or utils.is_locked(cell):
                event_log.add_event(nb, "settings", names[index])
            flags = dict.fromkeys(("grade", "solution", "locked", "task"), False)
            kept = {"grade_id": grading["grade_id"]} if "grade_id" in grading else {}
            cell.metadata["nbgrader"] = flags | kept | {"schema_version": 3}
            continue
        if cell.cell_type != right.cell_type:
            event_log.add_event(nb, "retyped", right.grade_id)
            nb.cells[index] = cell = _retyped(cell, right.cell_type)
        if _settings(cell) != (right.grade, right.solution, right.locked, right.task, right.points):
            event_log.add_event(nb, "settings", right.grade_id)
        cell.metadata["nbgrader"] = right.metadata()
        cell.metadata.pop("tags", None)


def _settings(cell):
    grading = cell.metadata["nbgrader"]
    points = grading.get("points") if grading["grade"] or grading["task"] else None
    flags = (grading["grade"], grading["solution"], utils.is_locked(cell), grading["task"])
    return (*flags, points)


def _retyped(cell, cell_type):
    result = NEW_CELL[cell_type](cell.source)
    result["id"] = cell["id"]
    result["metadata"] = cell.metadata
    return result


def _put_back(nb, source):
    """Insert what is missing behind the cell that it follows in the assignment."""
    places = {_grade_id(cell): index for index, cell in enumerate(nb.cells)}
    missing = [[] for _ in range(len(nb.cells) + 1)]  # before each place, and at the end
    place = 0  # just behind the last of the assignment's cells that is there
    for right in source:
        if right.grade_id in places:
            place = places[right.grade_id] + 1
            continue
        if right.solution and not right.grade:
            event_log.add_event(nb, "answer-missing", right.grade_id)
            continue
        event_log.add_event(nb, "deleted", right.grade_id)
        cell = NEW_CELL[right.cell_type](right.source)
        cell.metadata["nbgrader"] = right.metadata()
        assert utils.compute_checksum(cell) == right.checksum, right.grade_id
        missing[place].append(cell)
    nb.cells = [
        cell
        for before, here in zip(missing, [*([cell] for cell in nb.cells), []], strict=True)
        for cell in (*before, *here)
    ]


def _put_in_order(nb, source):
    """Bring the assignment's cells into its order, each with the cells that follow it."""
    order = {cell.grade_id: index for index, cell in enumerate(source)}
    blocks = [[]]  # what stands before the first of them, then one block for each
    for cell in nb.cells:
        if _grade_id(cell) in order:
            blocks.append([])
        blocks[-1].append(cell)
    first, *rest = blocks
    ranks = [order[_grade_id(block[0])] for block in rest]
    kept = set(_longest_increasing(ranks))
    for block, rank in zip(rest, ranks, strict=True):
        if rank not in kept:
            event_log.add_event(nb, "moved", _grade_id(block[0]))
    rest.sort(key=lambda block: order[_grade_id(block[0])])
    nb.cells = [cell for block in [first, *rest] for cell in block]


def _longest_increasing(numbers):
    """Return a longest increasing subsequence: what did not move, if as little as possible did."""
    best = []  # for each length: the subsequence that ends lowest
    for number in numbers:
        length = sum(1 for ending in best if ending[-1] < number)
        best[length : length + 1] = [[*(best[length - 1] if length else []), number]]
    return best[-1] if best else []
