"""Bring a submission back into the assignment's shape before nbgrader looks at it."""

import stat
from dataclasses import asdict, dataclass
from pathlib import Path

from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from course_utils.staff.grading import event_log
from course_utils.staff.grading.as_given import is_as_given
from course_utils.staff.grading.prepare.copies import settle_copies
from course_utils.staff.grading.prepare.handed_out import handed_out, source_notebook
from course_utils.staff.grading.prepare.identify import BY_PLACE, identify, longest_increasing
from course_utils.staff.grading.prepare.rebuild import NEW_CELL, rebuild
from course_utils.staff.grading.prepare.release_stamp import plain, settings_of, take_stamp
from course_utils.staff.grading.prepare.stray_work import StrayWork, more_than
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
        of_course = source_notebook(self, names)
        given = handed_out(source, of_course)
        stamp, unchanged = take_stamp(nb), _unchanged(nb)
        settle_copies(nb, source, stamp)
        known = _find_lost(nb, source, given, stamp)
        added = _restore_texts(nb, source, known, stamp, unchanged)
        _restore_settings(nb, source, stamp, unchanged)
        missing = _put_back(nb, source, given, known, stamp)
        _put_in_order(nb, source)
        texts = {plain(cell.text) for cell in given} | {""}
        # which cells are the student's own can be told only where the course's are known
        is_unknown = of_course is None and not stamp.texts
        work = StrayWork(
            nb,
            known,
            added,
            lambda text: is_unknown or plain(text) in texts or stamp.has_text(text),
        )
        work.bring_code()
        work.bring_texts(missing)
        work.show_the_rest()
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


def _unchanged(nb):
    """Return the ids of the cells that fit the checksum which nbgrader gave them in the release."""
    return {cell["id"] for cell in nb.cells if is_as_given(cell)}


def _find_lost(nb, source, given, stamp):
    """Give cells back what they are, where their metadata do not say it.

    Returns
    -------
    dict of str to HandedOut
        By the ids of the cells that are the assignment's.
    """
    right = {cell.grade_id: cell for cell in source}
    found, merged = identify(nb, given)
    for name in merged:
        event_log.add_event(nb, "merged", name)
    for place, (cell, how) in sorted(found.items()):
        if how is None or cell.grade_id not in right:
            continue
        name = _grade_id(nb.cells[place])
        event_log.add_event(nb, _how_lost(name, how, stamp), cell.grade_id)
        nb.cells[place].metadata["nbgrader"] = right[cell.grade_id].metadata()
    return {nb.cells[place]["id"]: cell for place, (cell, _) in found.items()}


def _how_lost(name, how, stamp):
    if how == BY_PLACE:
        return "by-place"
    if name is None:
        return "unmarked"
    return "course-changed" if name in stamp.settings else "renamed-cell"


def _restore_texts(nb, source, known, stamp, unchanged):
    """Give locked cells their text back.

    Returns
    -------
    dict of str to str
        What was written into them, and into the course's other texts, by the cells' ids.
    """
    right = {cell.grade_id: cell for cell in source}
    added = {}
    for cell in nb.cells:
        given = known.get(cell["id"])
        if given is None:
            continue
        graded = right.get(given.grade_id)
        texts = {plain(given.text), plain(graded.source) if graded else ""}
        is_released = cell["id"] in unchanged or stamp.has_text(cell.source)
        if plain(cell.source) in texts - {""}:
            pass
        elif is_released:
            # hidden parts may be marked in another course's own way: then lines are missing only
            if graded and graded.locked and more_than(cell.source, graded.source):
                event_log.add_event(nb, "course-changed", given.grade_id)
        elif not given.is_answer and (cell.cell_type == "markdown" or (graded and graded.locked)):
            more = more_than(cell.source, given.text)
            if more:
                added[cell["id"]] = more
                if graded:
                    event_log.add_event(nb, "locked-text", given.grade_id)
        if graded and (graded.locked or is_released):  # an answer as it was given, too
            cell.source = graded.source
    return added


def _restore_settings(nb, source, stamp, unchanged):
    """Give every cell the type, flags and points that the gradebook knows, and no tags."""
    known = {cell.grade_id: cell for cell in source}
    names = event_log.names_of(nb.cells)
    for index, cell in enumerate(nb.cells):
        grading = cell.metadata.get("nbgrader")
        if grading is None:
            continue
        name, settings = _grade_id(cell), settings_of(cell)
        # as it was handed out: where it is another one now, the course has changed it
        is_released = cell["id"] in unchanged or stamp.settings.get(name) == settings
        right = known.get(name)
        if right is None:  # a cell the assignment does not grade, such as an exploration
            if utils.is_grade(cell) or utils.is_solution(cell) or utils.is_locked(cell):
                kind = "course-changed" if is_released else "settings"
                event_log.add_event(nb, kind, names[index])
            flags = dict.fromkeys(("grade", "solution", "locked", "task"), False)
            kept = {"grade_id": grading["grade_id"]} if "grade_id" in grading else {}
            cell.metadata["nbgrader"] = flags | kept | {"schema_version": 3}
            continue
        if cell.cell_type != right.cell_type:
            if not is_released:
                event_log.add_event(nb, "retyped", name)
            nb.cells[index] = cell = _retyped(cell, right.cell_type)
        before = settings if is_released else settings_of(cell)
        cell.metadata["nbgrader"] = right.metadata()
        cell.metadata.pop("tags", None)
        if settings_of(cell) != before:
            event_log.add_event(nb, "course-changed" if is_released else "settings", name)


def _retyped(cell, cell_type):
    result = NEW_CELL[cell_type](cell.source)
    result["id"] = cell["id"]
    result["metadata"] = cell.metadata
    return result


def _put_back(nb, source, given, known, stamp):
    """Insert what is missing behind the cell that it follows in the assignment.

    Returns
    -------
    set of str
        The ids of written answers that were missing.
    """
    of_name = {cell.grade_id: cell for cell in given}
    places = {_grade_id(cell): index for index, cell in enumerate(nb.cells)}
    known_places = sorted(places[cell.grade_id] for cell in source if cell.grade_id in places)
    missing = [[] for _ in range(len(nb.cells) + 1)]  # before each place, and at the end
    answers = set()
    place = 0  # just behind the last of the assignment's cells that is there
    for right in source:
        if right.grade_id in places:
            place = places[right.grade_id] + 1
            continue
        is_new = stamp.is_older(right.grade_id)
        kind = "answer-missing" if right.solution else "deleted"
        event_log.add_event(nb, "course-added" if is_new else kind, right.grade_id)
        if right.solution and not right.grade:
            # its tests go behind what stands here, which may be the answer
            later = [known for known in known_places if known >= place]
            place = later[0] if later else len(nb.cells)
            continue
        cell = NEW_CELL[right.cell_type](right.source)
        cell.metadata["nbgrader"] = right.metadata()
        assert utils.compute_checksum(cell) == right.checksum, right.grade_id
        known[cell["id"]] = of_name[right.grade_id]
        answers |= {cell["id"]} if right.solution else set()
        missing[place].append(cell)
    nb.cells = [
        cell
        for before, here in zip(missing, [*([cell] for cell in nb.cells), []], strict=True)
        for cell in (*before, *here)
    ]
    return answers


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
    kept = set(longest_increasing(ranks))
    for block, rank in zip(rest, ranks, strict=True):
        if rank not in kept:
            event_log.add_event(nb, "moved", _grade_id(block[0]))
    rest.sort(key=lambda block: order[_grade_id(block[0])])
    nb.cells = [cell for block in [first, *rest] for cell in block]
