"""What a mark by hand was given for: the table ``course_answers`` in the gradebook.

A person marks what was graded last. When the notebook is graded again, the mark stands as long as
what it was given for is the same; otherwise it waits for a person, who sees the old mark.
"""

import hashlib
import json

from nbgrader import utils
from sqlalchemy import text

from course_utils.staff.grading.as_given import is_as_given

_TABLE = text(
    "CREATE TABLE IF NOT EXISTS course_answers (assignment TEXT NOT NULL, student TEXT NOT NULL, "
    "notebook TEXT NOT NULL, answers TEXT NOT NULL, PRIMARY KEY (assignment, student, notebook))"
)
_READ = text(
    "SELECT answers FROM course_answers "
    "WHERE assignment = :assignment AND student = :student AND notebook = :notebook"
)
_WRITE = text("REPLACE INTO course_answers VALUES (:assignment, :student, :notebook, :answers)")


def answers_of(nb):
    """Return a hash of what the mark of each graded cell is given for, by grade_id.

    That is a written answer's own text; of a test the student's code; and where the answer may
    stand anywhere (a task, an answer left as it was given) all that is the student's to write.
    """
    own = [cell for cell in nb.cells if not utils.is_locked(cell)]
    everything = _hash(own)
    code = _hash([cell for cell in own if cell.cell_type == "code"])
    answers = {}
    for cell in nb.cells:
        if utils.is_task(cell):
            answer = everything
        elif utils.is_grade(cell) and utils.is_solution(cell):
            answer = everything if is_as_given(cell) else _hash([cell])
        elif utils.is_grade(cell):
            answer = code
        else:
            continue
        answers[cell.metadata.nbgrader.grade_id] = answer
    return answers


def read_answers(session, names):
    """Return what `save_answers` saved of a notebook, or nothing.

    Parameters
    ----------
    names : dict
        ``assignment``, ``student`` and ``notebook``.
    """
    session.execute(_TABLE)
    return json.loads(session.scalar(_READ, names) or "{}")


def save_answers(session, names, answers):
    """Set what the marks of a notebook are given for, as a part of the session's transaction."""
    session.execute(_WRITE, names | {"answers": json.dumps(answers)})


def _hash(cells):
    content = [[cell.source, cell.get("attachments", {})] for cell in cells]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]
