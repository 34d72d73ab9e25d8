"""The ``course`` command's door: staff's commands lie behind it, students get a sign."""

import importlib
import importlib.util
import sys

from course_utils import STAFF


def main():
    """Run the staff's commands, or say where they are."""
    # by name: what students have imports nothing of the staff's
    if importlib.util.find_spec(f"course_utils.{STAFF}") is None:
        sys.exit(
            "`course` belongs to the staff's install (the course repository); "
            "students do not need it."
        )
    importlib.import_module(f"course_utils.{STAFF}.commands.app").main()
