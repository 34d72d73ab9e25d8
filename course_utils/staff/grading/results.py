"""What became of a submission: from the graded notebooks, or from the saved outcomes."""

from dataclasses import replace

from nbgrader.api import MissingEntry

from course_utils.sandbox.isolation import LEVELS
from course_utils.staff.course import read_notebook
from course_utils.staff.grading import event_log
from course_utils.staff.grading.outcomes import GRADED, Outcome, read_outcomes, saved_name

NOT_GRADED = Outcome("not graded", "not autograded yet")


def graded_notebooks(course, assignment, student):
    """Return the paths of a student's graded notebooks, sorted."""
    return sorted(course.folder("autograded", student, assignment).glob("*.ipynb"))


def outcome_from(notebooks, **details):
    """Return the ``Outcome`` of a submission that has been graded.

    Parameters
    ----------
    notebooks : list of NotebookNode
        As graded.
    **details
        More fields of the ``Outcome``.
    """
    events = [event for nb in notebooks for event in event_log.events(nb)]
    labels = event_log.labels(events)
    sentences = " ".join(event_log.sentences(events))
    levels = {nb.metadata.get(event_log.KEY, {}).get("isolation", "none") for nb in notebooks}
    lowest = min(levels, key=LEVELS.index)
    return Outcome(GRADED, "; ".join(labels), sentences, isolation=lowest, **details)


def outcome_of(course, assignment, student):
    """Return the ``Outcome`` of one submission, whoever had it graded; or ``NOT_GRADED``."""
    outcomes = read_outcomes(course.gradebook_file).get(assignment, {})
    paths = graded_notebooks(course, assignment, student)
    with course.gradebook() as gradebook:
        try:
            gradebook.find_submission(assignment, saved_name(student))
        except MissingEntry:
            is_entered = False
        else:
            is_entered = True
    notebooks = [read_notebook(path) for path in paths]
    return outcome_as_seen(outcomes, student, notebooks, is_entered)


def outcome_as_seen(outcomes, student, notebooks, is_entered):
    """Return the ``Outcome`` that was saved, corrected by the graded notebooks that are there.

    They speak for themselves: nbgrader's own command or the formgrader may have made them since.
    Nothing outlives the grades: of a submission that is not in the gradebook (any more), nothing
    is known. Only a name that is no text never gets there.

    Parameters
    ----------
    outcomes : dict of str to Outcome
        The assignment's, as `read_outcomes` has them.
    is_entered : bool
        Whether the gradebook has the submission.
    """
    name = saved_name(student)
    if not is_entered and name == student:
        return NOT_GRADED
    saved = outcomes.get(name, NOT_GRADED)
    if not notebooks:
        return saved
    seen = outcome_from(notebooks)
    return (
        replace(saved, label=seen.label, student=seen.student) if saved.status == GRADED else seen
    )
