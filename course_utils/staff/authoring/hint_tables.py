"""Make the table from which visible cells give hints, without giving students the mistakes.

It also holds what rests on what, of which these cells tell what to mend first.
"""

from course_utils.check import hints, visible
from course_utils.staff.authoring.rests_on_table import rests_on_table
from course_utils.staff.authoring.source_notebook import (
    SourceNotebook,
    grading_environment,
    run_each,
)
from course_utils.staff.mistakes.bank import banks

MOST_MISTAKES_PER_RESULT = 2


def build_table(path):
    """Run every known mistake through the visible cells of a source notebook.

    Parameters
    ----------
    path : path of a source notebook

    Returns
    -------
    dict
        ``{"hints": {"correlate2d/kernel-flipped": hint, …}, "digests": {digest: [name, …]},
        "rests_on": …}``, sorted, ready for JSON; the last is what `rests_on_table` gives. A wrong
        result that more than two mistakes share is left out: a hint that guesses does harm. Of
        two, the likelier comes first: the one in the function that was written last, then the one
        that fails fewer checks, and so is about just these arguments, then the one that comes
        first in its bank.
    """
    notebook = SourceNotebook(path)
    found, texts, ranks = {}, {}, {}
    places = {
        name: place
        for place, cell in enumerate(notebook.solutions())
        for name in cell.names_defined
    }
    for name, bank in banks(notebook.mistakes).items():
        for mistake in bank:
            label = f"{name}/{mistake.name}"
            failures = [
                digest
                for cell in notebook.tests_of([name], "visible")
                for digest in _wrong_results(notebook, cell, {name: mistake.function})
            ]
            ranks[label] = -places.get(name, 0), len(failures), len(ranks)
            for digest in set(failures) - {None}:
                found.setdefault(digest, []).append(label)
                texts[label] = mistake.hint
    digests = {
        digest: sorted(labels, key=ranks.get)
        for digest, labels in sorted(found.items())
        if len(labels) <= MOST_MISTAKES_PER_RESULT
    }
    used = {label for labels in digests.values() for label in labels}
    return {
        "hints": {label: texts[label] for label in sorted(used)},
        "digests": digests,
        "rests_on": rests_on_table(notebook),
    }


def _wrong_results(notebook, cell, changes):
    """Digests of the failed checks of a cell, ``None`` for those that tell nothing.

    One failure does not hide the next.
    """
    namespace = notebook.namespace() | changes
    visible.recorder = []
    try:
        with grading_environment():
            run_each(cell.source, cell.grade_id, namespace)
        return [hints.digest(*failure) for failure in visible.recorder]
    finally:
        visible.recorder = None
