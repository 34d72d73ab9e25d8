"""What became of each submission, beside the scores: ``autograded/outcomes.json``.

nbgrader's gradebook has no place for "this file is not a notebook". Here every submission that
was looked at has an entry, whether or not it could be graded.
"""

import contextlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

FILE_NAME = "outcomes.json"
GRADED = "graded"
UNGRADABLE = "ungradable"


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
    digest : str
        Hash of submission and source: the same digest need not be graded again.
    """

    status: str
    label: str = ""
    student: str = ""
    staff: str = ""
    digest: str = ""


def read_outcomes(path):
    """Return ``{assignment: {student: Outcome}}`` from the file, empty where it does not exist."""
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except json.JSONDecodeError as error:
        raise ValueError(
            f"{path} is damaged ({error}): delete it and run `course autograde --again`"
        ) from None
    return {
        assignment: {student: Outcome(**entry) for student, entry in entries.items()}
        for assignment, entries in content.items()
    }


def write_outcome(path, assignment, student, outcome):
    """Set the entry of one submission, leaving the file whole at every moment."""
    outcomes = read_outcomes(path)
    outcomes.setdefault(assignment, {})[student] = outcome
    content = {
        name: {student: asdict(entry) for student, entry in sorted(entries.items())}
        for name, entries in sorted(outcomes.items())
    }
    write_atomically(path, json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def write_atomically(path, text):
    """Write ``text`` to a temporary file beside ``path``, then rename it."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(temporary, 0o644)  # mkstemp makes files that only their owner may read
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise
