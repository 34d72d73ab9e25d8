"""Notebooks of a few cells for the run room."""

import textwrap

from course_utils.staff.grading import job as jobs
from course_utils.staff.grading.run import run_room

GIVEN = "import warnings\n\nimport numpy as np\n\nfrom course_utils import check"
SEED = 7
LIMITS = jobs.NotebookLimits(20, 120, 10)


def cells_of(*sources, given=GIVEN):
    """Cells (name, role, source): one that is given, then a student's and a test cell by turns."""
    cells = [("given", jobs.GIVEN, given)]
    for place, source in enumerate(sources, 1):
        kind = jobs.SOLUTION if place % 2 else jobs.TEST
        cells.append((f"{kind}_{place}", kind, textwrap.dedent(source).strip()))
    return cells


def grade(*sources, limits=LIMITS, files=None, given=GIVEN):
    """Run such cells in the run room; return the ``RunResult``, whose places count from 1."""
    cells = cells_of(*sources, given=given)
    numbered = tuple(jobs.Cell(place, *cell) for place, cell in enumerate(cells))
    return run_room.run_notebook(jobs.Job(numbered, tuple(cells), SEED, limits, files or {}))


def hidden(source):
    """The source of a hidden test."""
    return f"### BEGIN HIDDEN TESTS\n{textwrap.dedent(source).strip()}\n### END HIDDEN TESTS"


def seen(messages):
    """What a cell has shown, as text lines: printed text, results and cards, errors."""
    lines = []
    for kind, content in messages:
        if kind == "error":
            lines.append(f"{content['ename']}: {content['evalue']}")
        elif kind == "stream":
            lines.append(content["text"].rstrip("\n"))
        else:
            lines.append(content["data"].get("text/plain", kind))
    return "\n".join(lines)


def errors(messages):
    """The names of the exceptions that a cell ended with."""
    return [content["ename"] for kind, content in messages if kind == "error"]
