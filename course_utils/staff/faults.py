"""Faults of the machine, told in a sentence: the gradebook's file, the disk, the configuration.

None of them is anybody's work, so none of them may become anybody's grade.
"""

import errno
import sqlite3

from sqlalchemy.exc import DatabaseError, OperationalError
from traitlets import TraitError

from course_utils.staff.names import show_name, show_path

# of an OSError that says nothing about the file at hand
_OF_MACHINE = {
    getattr(errno, name, None)
    for name in ("ENOSPC", "EROFS", "EDQUOT", "EMFILE", "ENFILE", "EIO", "ENOMEM", "EFBIG")
}
# what SQLite says, and what to do
_GRADEBOOK = {
    "locked": "another program is writing to it; wait until that is done, or end it",
    "not a database": "put back a copy of it that is whole",
    "malformed": "put back a copy of it that is whole",
    "no such": "another program, or another version of nbgrader, made it: `nbgrader db upgrade`",
    "full": "make room on the disk",
    "readonly": "see to it that it, and its folder, can be written",
    "unable to open": "see to it that it, and its folder, can be read and written",
}


def is_of_machine(error):
    """Tell whether an exception says something of the machine, whatever was at hand."""
    if isinstance(error, OSError):
        return error.errno in _OF_MACHINE
    return _database_error(error) is not None


def sentence_of(error):
    """Return a fault as one sentence; None for an exception that has none."""
    text = _database_error(error)
    if text is not None:
        told = [what for sign, what in _GRADEBOOK.items() if sign in text]
        return f"the gradebook cannot be used: {text}" + "".join(f"; {what}" for what in told[:1])
    if isinstance(error, TraitError):
        return f"nbgrader_config.py: {' '.join(str(error).split())}"
    if isinstance(error, OSError) and error.errno and not isinstance(error, BrokenPipeError):
        where = f"{show_path(error.filename)}: " if isinstance(error.filename, str) else ""
        return f"{where}{error.strerror}"
    return None


def _database_error(error):
    """What SQLite says of a file that it cannot work with; None of all other exceptions."""
    if type(error) in (DatabaseError, OperationalError):
        error = error.orig
    if type(error) in (sqlite3.DatabaseError, sqlite3.OperationalError):
        return show_name(error, longest=200)
    return None
