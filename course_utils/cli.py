"""The ``course`` command."""

import importlib.util
import os
import signal
import sys
from pathlib import Path


def main():
    """Run the instructors' commands, or say where they are."""
    if importlib.util.find_spec("course_utils.instructor") is None:
        sys.exit(
            "`course` belongs to the instructors' install (the course repository); "
            "students do not need it."
        )
    # nbgrader starts `alembic` by its bare name, which works only in an activated environment
    programs = str(Path(sys.executable).parent)
    os.environ["PATH"] = os.pathsep.join([programs, os.environ.get("PATH", os.defpath)])
    from course_utils.instructor.commands import app

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends in order, as Ctrl-C does
    app()
