"""The ``course`` command."""

import contextlib
import gc
import importlib.util
import os
import signal
import sys
from pathlib import Path


@contextlib.contextmanager
def _without(package):
    """Have a package that others can do without look as if it were not installed.

    With this one, jsonschema checks internationalised web addresses, of which there are none
    here; loading its grammar takes longer than loading nbgrader.
    """
    sys.modules.setdefault(package, None)
    try:
        yield
    finally:
        if sys.modules[package] is None:
            del sys.modules[package]


@contextlib.contextmanager
def _without_collecting():
    """Look for no garbage while modules are loaded: there is none, and it takes a tenth of it."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def load_commands():
    """Return the application, loaded while the run room loads what it will probably need."""
    from course_utils.instructor import head_start

    head_start.begin(sys.argv[1:])
    with _without("rfc3987_syntax"), _without_collecting():
        from course_utils.instructor.commands import app
    return app


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
    app = load_commands()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends in order, as Ctrl-C does
    app()
