"""Make a feedback page for every submission, whatever became of it."""

import html
import shutil

from course_utils.staff.course import CourseError, failed
from course_utils.staff.files import write_atomically
from course_utils.staff.grading.outcomes import UNGRADABLE
from course_utils.staff.grading.results import NOT_GRADED, outcome_of
from course_utils.staff.names import show_name

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
<p>Score: 0 of {points:g}, until there is a submission that can be graded.</p>
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
        _write_page(course, assignment, student, outcome.student)
        return False
    if outcome == NOT_GRADED:
        raise CourseError(
            f"{show_name(student)} has not been autograded: run `course autograde` first"
        )
    error = failed(course.nbgrader().generate_feedback(assignment, student, force=True))
    if error:
        raise CourseError(f"{show_name(student)}: nbgrader cannot make feedback: {error}")
    return True


def _write_page(course, assignment, student, sentence):
    folder = course.folder("feedback", student, assignment)
    shutil.rmtree(folder, ignore_errors=True)
    with course.gradebook() as gradebook:
        for notebook in gradebook.find_assignment(assignment).notebooks:
            page = PAGE.format(
                title=html.escape(notebook.name.replace("_", " ")),
                sentence=html.escape(sentence),
                points=notebook.max_score,
            )
            write_atomically(folder / f"{notebook.name}.html", page)
