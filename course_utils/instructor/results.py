"""What became of a submission: from the graded notebooks, or from the file of outcomes."""

from course_utils.grading import record
from course_utils.grading.outcomes import GRADED, Outcome, read_outcomes
from course_utils.instructor.release import read_notebook

# What a TA sees in the table for each kind of event, before the exercises where it happened.
LABELS = {
    "died": "Python died",
    "stuck": "could not be interrupted",
    "out-of-time": "whole notebook too slow",
    "timeout": "timed out",
    "deleted": "deleted cell put back",
    "answer-missing": "answer cell missing",
    "duplicated": "cell twice",
}
NOT_GRADED = Outcome("not graded", "not autograded yet")


def exercise_of(grade_id):
    """Return the exercise a cell belongs to: "C1" for "C1_correlate2d_hidden_stride"."""
    return grade_id.partition("_")[0]


def graded_notebooks(course, assignment, student):
    """Return the paths of a student's graded notebooks, sorted."""
    return sorted(course.folder("autograded", student, assignment).glob("*.ipynb"))


def outcome_of(course, assignment, student):
    """Return the ``Outcome`` of one submission, whoever had it graded.

    Graded notebooks speak for themselves: nbgrader's own command or the formgrader may have made
    them after ours gave up. ``NOT_GRADED`` where there is nothing.
    """
    notebooks = graded_notebooks(course, assignment, student)
    if not notebooks:
        return read_outcomes(course.outcomes_file).get(assignment, {}).get(student, NOT_GRADED)
    events = [event for path in notebooks for event in record.events(read_notebook(path))]
    labels = []
    for kind, label in LABELS.items():
        exercises = [exercise_of(event["cell"]) for event in events if event["kind"] == kind]
        if exercises:
            labels.append(f"{label} ({', '.join(dict.fromkeys(exercises))})")
    return Outcome(GRADED, "; ".join(labels), " ".join(record.sentences(events)))
