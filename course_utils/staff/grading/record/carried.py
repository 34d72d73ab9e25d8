"""What a test shows that passes once earlier exercises are put right."""

from nbformat.v4 import new_output
from nbgrader import utils

from course_utils.check.verdict import card
from course_utils.check.wording import in_words
from course_utils.staff.grading import event_log
from course_utils.staff.grading.event_log import exercise_of
from course_utils.staff.grading.follow_through import CARRIED


def carry(nb, carried, share, adds):
    """Replace the outputs of carried tests, and note them in the notebook's metadata.

    Parameters
    ----------
    nb : NotebookNode
        Changed in place.
    carried : dict of str to tuple of str
        As in ``RunResult``.
    share : float
        Of a carried test's points, above 0 and at most 1.
    adds : dict of str to str
        As in ``follow_through.Declaration``.
    """
    for cell in nb.cells:
        meta = cell.metadata.get("nbgrader", {})
        if meta.get("grade_id") not in carried or not utils.is_grade(cell):
            continue
        exercise = exercise_of(meta["grade_id"])
        head, details = _told(exercise, carried[meta["grade_id"]], share, adds)
        cell.outputs = [new_output("display_data", card(True, exercise, head, details))]
        if share < 1:  # which nbgrader takes for a part of the points
            number = repr(round(share * meta["points"], 2))
            cell.outputs.append(
                new_output(
                    "execute_result", {"text/plain": number}, execution_count=cell.execution_count
                )
            )
    if carried:
        nb.metadata[event_log.KEY][CARRIED] = {name: list(given) for name, given in carried.items()}


def _told(exercise, given, share, adds):
    earlier = in_words(given)
    costs = "costs its points" if len(given) == 1 else "cost their points"
    head = f"right, given {earlier}; {earlier} {'itself' if len(given) == 1 else 'themselves'} "
    head += f"{costs} there"
    details = []
    if exercise in adds:
        details.append(f"What {exercise} adds is right: {adds[exercise]}.")
    if share < 1:
        details.append(f"The course gives {share:.0%} of the points for this.")
    return head, "\n".join(details)
