"""What became of each submission, beside the scores: the table ``course_outcome``.

nbgrader's gradebook has no place for "this file is not a notebook". Here every submission that
was looked at has a row, whether or not it could be graded. The table is in the gradebook's own
database, which nbgrader does not mind, so that a grade and what is known of its making are saved
together or not at all, and are lost together where the database is put aside.
"""

import contextlib
import json
import sqlite3
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from sqlalchemy import text

from course_utils.staff.names import show_name

GRADED = "graded"
UNGRADABLE = "ungradable"
FAILED = "failed"
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Outcome:
    """What became of one submission.

    Attributes
    ----------
    status : str
        ``GRADED`` or ``UNGRADABLE`` (0 points until someone acts).
    label : str
        A few words for the table, such as "not a notebook file"; empty where nothing is wrong.
    student, staff : str
        What happened and what to do, told to the student and to the TA; may be empty.
    resume_key : str
        Hash of everything the grade depends on: with the same key it need not be graded again.
    isolation : str
        How well the student's code was shut in while it ran: a level of
        `course_utils.sandbox.isolation`; empty where nothing was run.
    seconds : float
        Wall time in which the notebooks ran.
    limits : str
        Time and memory that they were given.
    counts_as_of : str
        When what counts was handed in, where that is not the time in the gradebook: it is that of
        a newer submission, which cannot be graded. ISO 8601, UTC, or ``UNKNOWN``.
    """

    status: str
    label: str = ""
    student: str = ""
    staff: str = ""
    resume_key: str = ""
    isolation: str = ""
    seconds: float = 0.0
    limits: str = ""
    counts_as_of: str = ""


_FIELDS = {field.name for field in fields(Outcome)}


def create_table(engine):
    """Add the table to a gradebook that has none yet."""
    with engine.begin() as connection:
        connection.execute(
            text(
                "CREATE TABLE IF NOT EXISTS course_outcome ("
                "assignment TEXT NOT NULL, student TEXT NOT NULL, outcome TEXT NOT NULL, "
                "times_saved INTEGER NOT NULL DEFAULT 1, PRIMARY KEY (assignment, student))"
            )
        )


def saved_name(student):
    """Return the name that a student has in this table; to the system a folder's name is bytes."""
    try:
        student.encode()
    except UnicodeEncodeError:
        return show_name(student, longest=None)
    return student


def save_outcome(session, assignment, student, outcome):
    """Set the row of one submission, as a part of the session's transaction.

    The column ``times_saved`` counts.
    """
    session.execute(
        text(
            "INSERT INTO course_outcome (assignment, student, outcome) "
            "VALUES (:assignment, :student, :outcome) ON CONFLICT (assignment, student) "
            "DO UPDATE SET outcome = excluded.outcome, times_saved = times_saved + 1"
        ),
        {
            "assignment": assignment,
            "student": saved_name(student),
            "outcome": json.dumps(asdict(outcome), ensure_ascii=False),
        },
    )


def forget_keys(session, assignment, students):
    """Make sure that these submissions are graded again, whoever comes first to it."""
    rows = [{"assignment": assignment, "student": saved_name(student)} for student in students]
    if not rows:  # which SQLAlchemy takes for a statement without values
        return
    session.execute(
        text(
            "UPDATE course_outcome SET outcome = json_set(outcome, '$.resume_key', '') "
            "WHERE assignment = :assignment AND student = :student"
        ),
        rows,
    )


def read_outcomes(database):
    """Return ``{assignment: {saved_name(student): Outcome}}``.

    Parameters
    ----------
    database : Path
        ``gradebook.db``; empty where it does not exist, or nothing was graded yet.
    """
    if not Path(database).exists():
        return {}
    outcomes = {}
    with contextlib.closing(sqlite3.connect(database, timeout=60)) as connection:
        if not connection.execute(
            "SELECT 1 FROM sqlite_master WHERE name = 'course_outcome'"
        ).fetchone():
            return {}
        rows = connection.execute(
            "SELECT assignment, student, outcome FROM course_outcome ORDER BY assignment, student"
        )
        for assignment, student, outcome in rows:
            saved = json.loads(outcome)  # by another version, perhaps, with other fields
            known = {field: saved[field] for field in _FIELDS & saved.keys()}
            outcomes.setdefault(assignment, {})[student] = Outcome(**known)
    return outcomes
