"""What a cell shows that failed without an exception of its own, in sandbox and kernel alike."""

from typing import NamedTuple


class Failure(NamedTuple):
    """The name and the text of the error that such a cell gets."""

    name: str
    message: str

    def as_error(self):
        """Return it as the content of Jupyter's message "error"."""
        line = f"{self.name}: {self.message}"
        return {"ename": self.name, "evalue": self.message, "traceback": [line]}


CANNOT_CROSS = "NotPlainData"
TIMED_OUT = Failure("CellTimeoutError", "it ran too long and was interrupted")
# what ends a notebook, by kinds of `event_log.EVENTS`
ENDS = {
    "died": Failure("DeadKernel", "Python stopped here: a crash, an exit or memory"),
    "stuck": Failure("CellTimeoutError", "ran too long and could not be interrupted"),
    "unreadable": Failure("UnreadableReply", "what came back cannot be read"),
}


def not_run(cell):
    """Return the failure of a cell behind ``cell``, in which the notebook ended."""
    return Failure("NotRun", f"not run, because of what happened in `{cell}`")
