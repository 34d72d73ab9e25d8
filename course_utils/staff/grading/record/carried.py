"""What a test shows that passes once earlier exercises are put right."""

from nbformat.v4 import new_output
from nbgrader import utils

from course_utils.check.verdict import card
from course_utils.check.wording import in_words
from course_utils.staff.grading import event_log
from course_utils.staff.grading.event_log import exercise_of
from course_utils.staff.grading.follow_through import CARRIED


def carry(nb, result, share, adds):
    """Show what the second try found, and note carried tests in the notebook's metadata.

    Parameters
    ----------
    nb : NotebookNode
        Changed in place.
    result : RunResult
    share : float
        Of a carried test's points, above 0 and at most 1.
    adds : dict of str to str
        As in ``follow_through.Declaration``.
    """
    for cell in nb.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in result.carried and utils.is_grade(cell):
            head, details = _told(exercise_of(name), result.carried[name], share, adds)
            cell.outputs = [_shown(card(True, exercise_of(name), head, details))]
            if share < 1:
                cell.outputs.append(_part(cell, share))
        elif name in result.still_wrong and utils.is_grade(cell):
            text = f"Tried with {in_words(result.still_wrong[name])} put right, too:"
            cell.outputs.insert(0, _shown({"text/plain": text, "text/html": f"<p>{text}</p>"}))
    if result.carried:
        nb.metadata[event_log.KEY][CARRIED] = {
            name: list(given) for name, given in result.carried.items()
        }


def _shown(data):
    return new_output("display_data", data)


def _part(cell, share):
    """What nbgrader takes for a part of the points."""
    points = cell.metadata.nbgrader.points
    number = f"{share * points:g}"
    told = {"text/plain": number, "text/html": f"<p>{number} of {points:g} points</p>"}
    return new_output("execute_result", told, execution_count=cell.execution_count)


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
