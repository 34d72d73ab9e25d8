"""Keep the gradebook in step with ``source/`` and ``course.toml``."""

from nbgrader.api import Grade, MissingEntry, SubmittedAssignment, SubmittedNotebook
from nbgrader.utils import parse_utc
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from course_utils.instructor.course import CourseError
from course_utils.instructor.release import generate, read_notebook, scratch_folder


def register(course, assignment):
    """Enter an assignment's cells, points and due date in the gradebook, keeping all grades.

    Raises
    ------
    CourseError
        The source has other cells than the gradebook and someone has been graded already.
    """
    with scratch_folder(course, "register") as scratch:
        problem = generate(course, assignment, scratch, register=True)
    if problem and "Cannot add or remove cells" in problem:
        raise CourseError(_changed_cells(course, assignment))
    if problem:
        raise CourseError(f"{assignment}: nbgrader cannot enter it in the gradebook: {problem}")
    apply_settings(course)


def apply_settings(course):
    """Copy due dates and late penalties from ``course.toml`` into the gradebook."""
    settings = course.settings()
    with course.gradebook() as gradebook:
        for assignment in gradebook.assignments:
            due = settings.due.get(assignment.name)
            assignment.duedate = parse_utc(due) if due else None
        # the scores as they are now: manual grades have come in since autograding
        sums = select(Grade.notebook_id, func.sum(Grade.score)).group_by(Grade.notebook_id)
        scores = dict(map(tuple, gradebook.db.execute(sums)))
        with_assignments = joinedload(SubmittedNotebook.assignment).joinedload(
            SubmittedAssignment.assignment
        )
        for notebook in gradebook.db.scalars(select(SubmittedNotebook).options(with_assignments)):
            late = notebook.assignment.total_seconds_late
            penalty = settings.late.penalty(scores.get(notebook.id, 0.0), late)
            notebook.late_submission_penalty = penalty or None
        gradebook.db.commit()


def _changed_cells(course, assignment):
    now, before = set(), set()
    for path in course.notebooks(assignment):
        for cell in read_notebook(path).cells:
            meta = cell.metadata.get("nbgrader", {})
            if any(meta.get(key) for key in ("grade", "solution", "locked", "task")):
                now.add(meta["grade_id"])
        with course.gradebook() as gradebook:
            try:
                notebook = gradebook.find_notebook(path.stem, assignment)
            except MissingEntry:
                continue
            before |= {cell.name for cell in notebook.source_cells}
    changes = [f"{name} is new" for name in sorted(now - before)]
    changes += [f"{name} is gone" for name in sorted(before - now)]
    return (
        f"the cells of {assignment} have changed since submissions were graded "
        f"({', '.join(changes)}), which nbgrader refuses. Either undo that change in source/, or "
        "keep the old grades as gradebook.db under another name, remove gradebook.db and run "
        "`course autograde` again: automatic grades are made anew, manual ones are lost"
    )
