"""Make the table from which visible cells give hints, without giving students the mistakes."""

from course_utils.check import hints, visible
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
        ``{"hints": {"correlate2d/kernel-flipped": hint, …}, "digests": {digest: [name, …]}}``,
        sorted, ready for JSON. A wrong result that more than two mistakes share is left out: a
        hint that guesses does harm.
    """
    notebook = SourceNotebook(path)
    found, texts = {}, {}
    for name, bank in banks(notebook.mistakes).items():
        for mistake in bank:
            for cell in notebook.tests_of([name], "visible"):
                for digest in _wrong_results(notebook, cell, {name: mistake.function}):
                    label = f"{name}/{mistake.name}"
                    found.setdefault(digest, []).append(label)
                    texts[label] = mistake.hint
    digests = {
        digest: sorted(set(labels), key=labels.index)
        for digest, labels in sorted(found.items())
        if len(set(labels)) <= MOST_MISTAKES_PER_RESULT
    }
    used = {label for labels in digests.values() for label in labels}
    return {"hints": {label: texts[label] for label in sorted(used)}, "digests": digests}


def _wrong_results(notebook, cell, changes):
    """Digests of the failed checks of a cell; one failure does not hide the next."""
    namespace = notebook.namespace() | changes
    visible.recorder = []
    try:
        with grading_environment():
            run_each(cell.source, cell.grade_id, namespace)
        digests = [hints.digest(*failure) for failure in visible.recorder]
    finally:
        visible.recorder = None
    return [digest for digest in digests if digest is not None]
