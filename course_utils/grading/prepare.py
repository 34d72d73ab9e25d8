"""Bring a submission back into the assignment's shape before nbgrader looks at it."""

from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from course_utils.grading import record


class PrepareSubmission(NbGraderPreprocessor):
    """Note duplicated cells, put back deleted ones, drop tags that would stop a cell from running.

    Stock nbgrader scores a deleted test 0 (its own ``add_missing_cells`` fails where a locked cell
    stands before the deleted one) and gives full marks for a test tagged ``skip-execution``.
    A deleted *answer* is not put back: its placeholder could redefine what the student wrote in a
    cell that lost its metadata.
    """

    def preprocess(self, nb, resources):
        """Return the notebook with every locked, test and written-answer cell in place."""
        record.start(nb)
        _keep_last_copies(nb)
        for cell in nb.cells:
            if utils.is_grade(cell) or utils.is_solution(cell) or utils.is_locked(cell):
                cell.metadata.pop("tags", None)
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            notebook = gradebook.find_notebook(names["notebook"], names["assignment"])
            _put_back(nb, notebook)
        return nb, resources


def _grade_id(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _keep_last_copies(nb):
    # nbgrader's own DeduplicateIds keeps the last copy too, but leaves `nbgrader: {}` on the
    # others, which its next step refuses
    seen = set()
    for cell in reversed(nb.cells):
        grade_id = _grade_id(cell)
        if grade_id and grade_id in seen:
            record.add_event(nb, "duplicated", grade_id)
            del cell.metadata["nbgrader"]
        seen.add(grade_id)


def _put_back(nb, notebook):
    points = {cell.name: cell.max_score for cell in notebook.grade_cells + notebook.task_cells}
    tests = {cell.name for cell in notebook.grade_cells}
    tasks = {cell.name for cell in notebook.task_cells}
    answers = {cell.name for cell in notebook.solution_cells}
    place = 0  # just behind the last of the assignment's cells that is there
    for source_cell in notebook.source_cells:  # in the notebook's order
        name = source_cell.name
        found = [index for index, cell in enumerate(nb.cells) if _grade_id(cell) == name]
        if found:
            place = found[-1] + 1
            continue
        if name in answers and name not in tests:
            record.add_event(nb, "answer-missing", name)
            continue
        record.add_event(nb, "deleted", name)
        new_cell = new_code_cell if source_cell.cell_type == "code" else new_markdown_cell
        cell = new_cell(source_cell.source)
        cell.metadata["nbgrader"] = {
            "grade_id": name,
            "grade": name in tests,
            "solution": name in answers,
            "task": name in tasks,
            "locked": source_cell.locked,
            "checksum": source_cell.checksum,
            "cell_type": source_cell.cell_type,
            "schema_version": 3,
        }
        if name in points:
            cell.metadata["nbgrader"]["points"] = points[name]
        assert utils.compute_checksum(cell) == source_cell.checksum, name
        nb.cells.insert(place, cell)
        place += 1
