"""What a visible check looks at, and whether something that it rests on is to be mended first.

In a student's own Jupyter it is remembered by name what the latest check of a function said. What
rests on what is in the tables of ``course_utils/hints``, as ``course release`` reads it from a
notebook's ``metadata.course.rests_on``. While grading, every check tells all it sees.
"""

import functools

from course_utils.check import calls, hints, verdict
from course_utils.check.wording import in_words
from course_utils.explore import is_grading

# what the latest check of failed -> the values, by name, that it and all it rests on had then
_failing = {}


class Checked:
    """What one visible check looks at.

    Parameters
    ----------
    frame : frame
        In which the cell runs.
    subject : str, optional
        What to call it; the text of the first argument of the check, if not given.
    """

    def __init__(self, frame, subject=None):
        if subject is None:
            subject = calls.expression(frame, calls.UNKNOWN)
        self.subject = subject
        self._namespace = frame.f_globals
        self._table, self._names = {}, set()
        if not is_grading():
            self._table, self._names = _find(set(frame.f_code.co_names))

    def passed(self, remark="is right"):
        """Show that it is right."""
        for name in self._names:
            _failing.pop(name, None)
        verdict.passed(self.subject, remark)

    def failed(self, head, details="", mistake=None):
        """Show what is wrong, or what to mend first, and raise ``CheckFailed``."""
        self.look_below()
        verdict.failed(self.subject, head, details, mistake)

    def look_below(self):
        """Remember that it is not right; raise ``CheckFailed`` where something comes first."""
        if not self._names:
            return
        table = self._table
        below = _below(table, self._names)
        for name in self._names:
            values = [name, *_answers(table, below)]
            _failing[name] = {key: self._namespace.get(key) for key in values}
        wrong = [e for e in below if any(map(self._is_failing, _answers(table, [e])))]
        # of what fails because something below it does, nothing is to be mended
        first = [e for e in wrong if not set(_below(table, _answers(table, [e]))) & set(wrong)]
        if first:
            own = table[min(self._names)]["exercise"]
            earlier, are = in_words(first), "is" if len(first) == 1 else "are"
            verdict.postponed(
                self.subject,
                f"{own} rests on {earlier}, which {are} not right yet. Mend {earlier} first.",
            )

    def _is_failing(self, name):
        """Whether its latest check failed, and nothing has been defined anew since."""
        values = _failing.get(name)
        return values is not None and all(
            self._namespace.get(key) is value for key, value in values.items()
        )


def _below(table, names):
    """The exercises that the answers of these names rest on, in their order."""
    found = {earlier for name in names for earlier in table[name]["rests_on"]}
    exercises = dict.fromkeys(entry["exercise"] for entry in table.values())
    return [exercise for exercise in exercises if exercise in found]


def _answers(table, exercises):
    """The names that answers of these exercises define."""
    return [name for name, entry in table.items() if entry["exercise"] in exercises]


def _find(used):
    """Return the table of a tutorial, and which of the names that a cell uses are checked there.

    Both are empty where that is not certain.
    """
    tables = [table for table in _tables() if used & table.keys()]
    if len(tables) != 1:
        return {}, set()
    [table] = tables
    known = used & table.keys()
    names = known.difference(_answers(table, _below(table, known)))
    is_one = len({table[name]["exercise"] for name in names}) == 1
    return (table, names) if is_one else ({}, set())


@functools.cache
def _tables():
    return [content["rests_on"] for content in hints.read_tables()]
