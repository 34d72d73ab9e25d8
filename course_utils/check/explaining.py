"""Explain errors that end a visible cell before its check sees a result."""

from course_utils.check import calls
from course_utils.check.agreement import last_line, raised, text_of
from course_utils.check.checked import Checked
from course_utils.check.slips import CHANGED_ARGUMENT, NOTHING_RETURNED
from course_utils.check.verdict import CheckFailed


class explaining:
    """Show a card in place of two errors whose texts say little to whoever meets them first.

    Of a function that writes into one of the read-only arrays of the visible checks, and of a cell
    that unpacks or indexes the ``None`` of a function without ``return``. Any other error
    is shown as ever, with the lines that lead to it, unless something earlier is to be mended
    first.
    """

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        """Raise ``CheckFailed`` in place of an error that can be explained."""
        if kind is None or issubclass(kind, CheckFailed) or not issubclass(kind, Exception):
            return
        text = text_of(error)
        source = " ".join(calls.source_of(traceback.tb_frame.f_code, traceback.tb_lasti).split())
        checked = Checked(traceback.tb_frame, source or calls.UNKNOWN)
        checked.look_below()
        if issubclass(kind, ValueError) and "read-only" in text:
            head = f"{source or 'your function'} writes into an array that is read-only"
            checked.failed(head, raised(error).describe(), CHANGED_ARGUMENT)
        # of the cell's own line: in a student's function there are other ways to come to None
        if issubclass(kind, TypeError) and "NoneType" in text and traceback.tb_next is None:
            told = f"in the line `{last_line(error)}`"
            checked.failed("None is found where a result should be", told, NOTHING_RETURNED)
