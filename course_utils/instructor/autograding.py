"""Grade a class, one submission at a time, through nbgrader's own API."""

import contextlib
import hashlib
import shutil
from dataclasses import replace

from nbgrader.api import MissingEntry
from nbgrader.utils import parse_utc
from traitlets.config import Config

from course_utils.grading.intake import problem_with_files
from course_utils.grading.outcomes import (
    UNGRADABLE,
    Outcome,
    read_outcomes,
    write_outcome,
)
from course_utils.instructor.course import CourseError, failed
from course_utils.instructor.release import generate, read_notebook, scratch_folder
from course_utils.instructor.results import outcome_of


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
        gradebook.db.commit()
        for assignment in gradebook.assignments:
            for submission in assignment.submissions:
                for notebook in submission.notebooks:
                    # the score as it is now: manual grades have come in since autograding
                    penalty = settings.late.penalty(notebook.score, submission.total_seconds_late)
                    notebook.late_submission_penalty = penalty or None
        gradebook.db.commit()


def misnamed_folders(course):
    """Return the folders ``submitted/<student>/<name>`` whose name is no assignment's."""
    known = set(course.assignments())
    folders = sorted(path for path in course.folder("submitted").glob("*/*/"))
    return [path.relative_to(course.root) for path in folders if path.name not in known]


def choose_students(course, assignment, students=()):
    """Return who of the class is to be graded: ``students``, or everyone who submitted."""
    submitted = course.students("submitted", assignment)
    for student in students:
        if student not in submitted:
            raise CourseError(
                f"no submission of {student!r} for {assignment}; "
                f"there are {', '.join(submitted) or 'none at all'}"
            )
    return list(students) or submitted


def autograde(course, assignment, students, timeout=None, again=False):
    """Grade submissions and note what became of each.

    Parameters
    ----------
    course : Course
    assignment : str
    students : iterable of str
    timeout : int, optional
        Seconds per cell; otherwise what ``nbgrader_config.py`` says.
    again : bool
        Also grade what has not changed since it was last graded.

    Yields
    ------
    tuple
        Student and ``Outcome``; the outcome is ``None`` where nothing had changed.
    """
    overrides = Config()
    if timeout:
        overrides.Execute.timeout = timeout
    nbgrader = course.nbgrader(overrides)
    if again:  # forgotten at once, so that an interrupted run can be taken up without `again`
        for student in students:
            known = read_outcomes(course.outcomes_file).get(assignment, {}).get(student)
            if known is not None:
                write_outcome(course.outcomes_file, assignment, student, replace(known, digest=""))
    for student in students:
        digest = _digest(course, assignment, student)
        if _is_up_to_date(course, assignment, student, digest):
            yield student, None
            continue
        outcome = _grade(course, nbgrader, assignment, student, digest)
        write_outcome(course.outcomes_file, assignment, student, outcome)
        yield student, outcome


def _grade(course, nbgrader, assignment, student, digest):
    problem = problem_with_files(
        course.root,
        course.folder("submitted", student, assignment),
        [path.name for path in course.notebooks(assignment)],
    )
    if problem is None:
        error = failed(nbgrader.autograde(assignment, student, force=True, create=True))
        if error is None:
            return replace(outcome_of(course, assignment, student), digest=digest)
        problem = (
            "nbgrader failed",
            "Your submission could not be graded. Please ask your teachers.",
            f"nbgrader says: {error}",
        )
    _score_zero(course, nbgrader, assignment, student)
    return Outcome(UNGRADABLE, *problem, digest)


def _score_zero(course, nbgrader, assignment, student):
    """Give no automatic points; a grader's own points stay."""
    folder = course.folder("submitted", student, assignment)
    shutil.rmtree(course.folder("autograded", student, assignment), ignore_errors=True)
    stamp = {}
    with contextlib.suppress(AttributeError):  # how nbgrader fails on a time it cannot read
        stamp = {"timestamp": nbgrader.coursedir.get_existing_timestamp(str(folder))}
    with course.gradebook() as gradebook:
        gradebook.update_or_create_student(student)
        submission = gradebook.update_or_create_submission(assignment, student, **stamp)
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                grade.auto_score = 0
                grade.needs_manual_grade = False
        gradebook.db.commit()


def _is_up_to_date(course, assignment, student, digest):
    outcome = read_outcomes(course.outcomes_file).get(assignment, {}).get(student)
    if outcome is None or outcome.digest != digest:
        return False
    graded = course.folder("autograded", student, assignment).is_dir()
    return graded or outcome.status == UNGRADABLE


def _digest(course, assignment, student):
    """Hash everything that a grade depends on, apart from the installed packages."""
    total = hashlib.sha256()
    folders = (
        course.folder("submitted", student, assignment),
        course.folder("source", assignment=assignment),
    )
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            total.update(f"{path.relative_to(folder)}\0{path.stat().st_size}\0".encode())
            total.update(path.read_bytes())
    return total.hexdigest()


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
        "`course autograde --again`: automatic grades are made anew, manual ones are lost"
    )
