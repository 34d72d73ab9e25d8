"""Keep the gradebook in step with ``source/`` and ``course.toml``."""

from nbgrader.api import Grade, MissingEntry, SubmittedAssignment, SubmittedNotebook
from nbgrader.utils import parse_utc
from sqlalchemy import func, select, text
from sqlalchemy.orm import joinedload

from course_utils.staff.course import (
    CONFIG_NAME,
    CourseError,
    generate,
    read_notebook,
    scratch_folder,
)
from course_utils.staff.grading import resume_key
from course_utils.staff.grading.outcomes import UNKNOWN, read_outcomes
from course_utils.staff.names import show_name


def register(course, assignment):
    """Enter an assignment's cells, points and due date in the gradebook, keeping all grades.

    nbgrader takes seconds to enter the cells, so they are left as they are where neither they nor
    what they are made of have changed since.

    Raises
    ------
    CourseError
        The source has other cells than the gradebook and someone has been graded already.
    """
    if not _is_registered(course, assignment):
        with scratch_folder(course, "register") as scratch:
            problem = generate(course, assignment, scratch, register=True)
        if problem and "Cannot add or remove cells" in problem:
            raise CourseError(_changed_cells(course, assignment))
        if problem:
            raise CourseError(
                f"{show_name(assignment)}: nbgrader cannot enter it in the gradebook: {problem}"
            )
        _note_registered(course, assignment)
    apply_settings(course)


def apply_settings(course):
    """Copy due dates and late penalties from ``course.toml`` into the gradebook.

    What it does not name stays as it is: a due date can also be set in the formgrader.
    """
    settings = course.settings()
    with course.gradebook() as gradebook:
        for assignment in gradebook.assignments:
            if assignment.name in settings.due:
                assignment.duedate = parse_utc(settings.due[assignment.name])
        if settings.late is not None:
            outcomes = read_outcomes(course.gradebook_file)
            _set_penalties(gradebook, settings.late, outcomes)
        gradebook.db.commit()


def _set_penalties(gradebook, policy, outcomes):
    # the scores as they are now: manual grades have come in since autograding
    sums = select(Grade.notebook_id, func.sum(Grade.score)).group_by(Grade.notebook_id)
    scores = dict(map(tuple, gradebook.db.execute(sums)))
    with_assignments = joinedload(SubmittedNotebook.assignment).joinedload(
        SubmittedAssignment.assignment
    )
    for notebook in gradebook.db.scalars(select(SubmittedNotebook).options(with_assignments)):
        submission, penalty = notebook.assignment, 0
        handed_in = _handed_in(submission, outcomes.get(submission.assignment.name, {}))
        if handed_in and submission.duedate:
            score = scores.get(notebook.id, 0.0)
            penalty = policy.penalty(score, submission.duedate, handed_in)
        notebook.late_submission_penalty = penalty or None


def _handed_in(submission, outcomes):
    """When what counts of a submission was handed in; None where nobody knows."""
    outcome = outcomes.get(submission.student_id)
    if outcome is None or not outcome.counts_as_of:
        return submission.timestamp
    return None if outcome.counts_as_of == UNKNOWN else parse_utc(outcome.counts_as_of)


def _is_registered(course, assignment):
    with course.gradebook() as gradebook:
        gradebook.db.execute(_TABLE)
        noted = gradebook.db.scalar(
            text("SELECT digest FROM course_registered WHERE assignment = :assignment"),
            {"assignment": assignment},
        )
        return noted is not None and noted == _registered_key(course, assignment, gradebook.db)


def _note_registered(course, assignment):
    with course.gradebook() as gradebook:
        now = _registered_key(course, assignment, gradebook.db)
        gradebook.db.execute(
            text("REPLACE INTO course_registered VALUES (:assignment, :digest)"),
            {"assignment": assignment, "digest": now},
        )
        gradebook.db.commit()


def _registered_key(course, assignment, session):
    """Hash what an assignment's cells in the gradebook are made of, and the cells."""
    rows = [
        repr([*map(tuple, session.execute(query, {"assignment": assignment}))]) for query in _CELLS
    ]
    return resume_key.of_parts(
        resume_key.of_environment(),
        resume_key.of_folder(course.folder("source", assignment=assignment)),
        (course.root / CONFIG_NAME).read_text(encoding="utf-8"),
        *rows,
    )


_TABLE = text(
    "CREATE TABLE IF NOT EXISTS course_registered ("
    "assignment TEXT NOT NULL PRIMARY KEY, digest TEXT NOT NULL)"
)
_OF_ASSIGNMENT = (
    "JOIN notebook ON cell.notebook_id = notebook.id "
    "JOIN assignment ON notebook.assignment_id = assignment.id "
    "WHERE assignment.name = :assignment ORDER BY notebook.name, cell.name, cell.id"
)
_CELLS = (
    text(
        "SELECT notebook.name, notebook.kernelspec, cell.name, cell.cell_type, cell.locked, "
        f"cell.source, cell.checksum FROM source_cell AS cell {_OF_ASSIGNMENT}"
    ),
    text(
        "SELECT notebook.name, cell.name, cell.type, test.max_score, test.cell_type, "
        "task.max_score, task.cell_type FROM base_cell AS cell "
        "LEFT JOIN grade_cells AS test ON test.id = cell.id "
        f"LEFT JOIN task_cells AS task ON task.id = cell.id {_OF_ASSIGNMENT}"
    ),
)


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
        f"the cells of {show_name(assignment)} have changed since submissions were graded "
        f"({', '.join(changes)}), which nbgrader refuses. Either undo that change in source/, or "
        "stop `make lab`, keep the old grades as gradebook.db under another name and run `course "
        "autograde` again: automatic grades are made anew, manual ones are lost"
    )
