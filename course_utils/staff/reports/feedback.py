"""Make a feedback page for every submission, whatever became of it."""

import contextlib
import html
import secrets
import shutil

from nbgrader.api import MissingEntry

from course_utils.staff.course import CourseError, failed
from course_utils.staff.files import write_atomically
from course_utils.staff.grading.outcomes import UNGRADABLE, saved_name
from course_utils.staff.grading.prepare.submitted_files import (
    TIMESTAMP,
    is_real_folder,
    open_file,
)
from course_utils.staff.grading.results import NOT_GRADED, graded_notebooks, outcome_of
from course_utils.staff.names import show_name

SUBMISSION_SECRET = "submission_secret.txt"  # by which a student finds the page in the exchange
LONGEST = 1_000  # bytes of the secret and the time

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 17px/1.5 sans-serif; color: #1a1a1a; background: #fff; max-width: 40em;
       margin: 2em auto; padding: 0 1em; }}
.what {{ border-left: 5px solid #d55e00; background: #fdf1ea; padding: .6em 1em; }}
</style>
</head>
<body>
<h1>{title}</h1>
<p class="what">{sentence}</p>
<p>Score: {score:g} of {points:g}, until there is a submission that can be graded.</p>
</body>
</html>
"""


def make_feedback(course, assignment, student):
    """Write the feedback of one submission into ``feedback/<student>/<assignment>``.

    Returns
    -------
    bool
        Whether it shows a graded notebook; otherwise it says why there is none.

    Raises
    ------
    CourseError
        The submission has not been autograded yet, or nbgrader cannot make its feedback.
    """
    outcome = outcome_of(course, assignment, student)
    if outcome.status == UNGRADABLE:
        shutil.rmtree(course.folder("feedback", student, assignment), ignore_errors=True)
        _write_pages(course, assignment, student, outcome.student)
        _put_beside(course, assignment, student)
        return False
    if outcome == NOT_GRADED:
        raise CourseError(
            f"{show_name(student)} has not been autograded: run `course autograde` first"
        )
    error = failed(course.nbgrader().generate_feedback(assignment, student, force=True))
    if error:
        raise CourseError(f"{show_name(student)}: nbgrader cannot make feedback: {error}")
    _write_pages(course, assignment, student, outcome.student)
    _put_beside(course, assignment, student)
    return True


def make_releasable(course, assignment):
    """Have `nbgrader release_feedback` find what it stops for beside every page that is there.

    Also beside pages of nbgrader's own command, and of students who have handed in nothing since.
    """
    for student in course.students("feedback", assignment):
        folder = course.folder("feedback", student, assignment)
        if not all(_read(folder / name) is not None for name in (TIMESTAMP, SUBMISSION_SECRET)):
            _put_beside(course, assignment, student)


def _put_beside(course, assignment, student):
    """Put beside a page the two texts without which `nbgrader release_feedback` stops.

    It stops for the whole class. Where the submission has no secret, the page is released under a
    name that nobody knows.
    """
    submitted = course.folder("submitted", student, assignment)
    folder = course.folder("feedback", student, assignment)
    for name, instead in ((TIMESTAMP, ""), (SUBMISSION_SECRET, secrets.token_hex(64))):
        _put(folder / name, _read(submitted / name) or instead)


def _read(path):
    """The short text in an ordinary file, or None; nothing is read through a link."""
    try:
        if is_real_folder(path.parent):
            with open_file(path) as file:
                return file.read(LONGEST).decode()
    except (OSError, ValueError):
        pass
    return None


def _write_pages(course, assignment, student, sentences):
    """Write a page for each of the assignment's notebooks that was not graded."""
    folder = course.folder("feedback", student, assignment)
    graded = {path.stem for path in graded_notebooks(course, assignment, student)}
    with course.gradebook() as gradebook:
        for notebook in gradebook.find_assignment(assignment).notebooks:
            if notebook.name in graded:
                continue
            score = 0
            with contextlib.suppress(MissingEntry):  # of a name that is no text
                submitted = gradebook.find_submission_notebook(
                    notebook.name, assignment, saved_name(student)
                )
                score = submitted.score - (submitted.late_submission_penalty or 0)
            page = PAGE.format(
                title=html.escape(notebook.name.replace("_", " ")),
                sentence=html.escape(sentences),
                score=score,
                points=notebook.max_score,
            )
            _put(folder / f"{notebook.name}.html", page)


def _put(path, text):
    """Write a file, also where the student has handed in a folder of this name."""
    if path.is_dir():
        shutil.rmtree(path)
    write_atomically(path, text)
