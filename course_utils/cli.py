"""The ``course`` command's door: staff's commands lie behind it, students get a sign."""

import importlib
import importlib.util
import os
import signal
import sys

from course_utils import STAFF

STOPPED = "stopped; what was finished is kept. Run the command again to go on."


def main():
    """Run the staff's commands, or say where they are."""
    # by name: what students have imports nothing of the staff's
    if importlib.util.find_spec(f"course_utils.{STAFF}") is None:
        sys.exit(
            "`course` belongs to the staff's install (the course repository); "
            "students do not need it."
        )
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # not started to ignore it
        signal.signal(signal.SIGINT, end_at_once)
    importlib.import_module(f"course_utils.{STAFF}.commands.app").main()


def end_at_once(*_):
    """End where nothing has to be put in order: while libraries are loaded, and at the end.

    An exception there might be caught by a library, or shown as a traceback.
    """
    os.write(2, f"\n{STOPPED}\n".encode())
    os._exit(130)
