"""How long a tutorial takes: an estimate, from one formula.

Words to read, at ``WORDS_A_MINUTE``, and ``A_CELL`` minutes for every cell to run and look at;
``A_TASK`` minutes for every function to write (or other answer of a code cell) and every text.
Mark schemes, hidden checks and what stands behind the summary do not count.
"""

import re
import textwrap
from dataclasses import dataclass

import nbformat

from course_utils.staff.course import read_notebook
from course_utils.staff.markers import HIDDEN_TESTS

WORDS_A_MINUTE, A_CELL, A_TASK = 150, 0.5, 6
WIDTH = 78  # characters of a line in a source notebook
STOP = "stop"  # the tag of the cell that ends a sitting
_OPTIONAL = "(optional)"  # ends the heading of a section in which nothing is graded
_LAST = "## On your own"
_MARK_SCHEME = re.compile(r"=== BEGIN MARK SCHEME ===.*?=== END MARK SCHEME ===", re.S)
_FUNCTION = re.compile(r"^def ", re.M)
_LINE = re.compile(r"\*\*Time\*\*: about (\d+) minutes[^.]*\.")


@dataclass(frozen=True)
class Times:
    """Minutes of each sitting without what is optional, in tens, and of that, in fives."""

    sittings: tuple[int, ...]
    optional: int

    @property
    def core(self):
        """The minutes of all sittings."""
        return sum(self.sittings)

    def sentence(self):
        """As it stands in a notebook."""
        text = f"**Time**: about {self.core} minutes, an estimate"
        if len(self.sittings) > 1:
            number = ("", "", "two", "three", "four")[len(self.sittings)]
            *first, last = map(str, self.sittings)
            text += f", in {number} sittings of {', '.join(first)} and {last}"
        if self.optional:
            text += f"; {self.optional} more for what is optional"
        return f"{text}."


def estimate(cells):
    """Return the ``Times`` of a source notebook's cells."""
    sittings, optional, is_optional = [0.0], 0.0, False
    for cell in cells:
        if cell.cell_type == "markdown" and cell.source.startswith("#"):
            heading = cell.source.partition("\n")[0]
            is_optional = heading.endswith(_OPTIONAL)
            if heading == _LAST:
                break
        if is_optional:
            optional += minutes(cell)
        else:
            sittings[-1] += minutes(cell)
        if STOP in cell.metadata.get("tags", []):
            sittings.append(0.0)
    return Times(tuple(10 * round(some / 10) for some in sittings), 5 * round(optional / 5))


def minutes(cell):
    """The minutes of one cell."""
    grader = cell.metadata.get("nbgrader", {})
    if cell.cell_type == "markdown":
        is_answer = grader.get("solution")
        return A_TASK if is_answer else len(_words(cell.source)) / WORDS_A_MINUTE
    if grader.get("solution"):
        return A_TASK * max(1, len(_FUNCTION.findall(cell.source)))
    return 0.0 if HIDDEN_TESTS.begin in cell.source else A_CELL


def printed(text):
    """The minutes that a notebook's text tells, or None."""
    found = _LINE.search(_one_line(text))
    return int(found[1]) if found else None


def put_times(path):
    """Return the text of a notebook's file with its estimate in the paragraph "**Time**: …"."""
    nb = read_notebook(path)
    times, is_stale = estimate(nb.cells), False
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            paragraphs = cell.source.split("\n\n")
            timed = "\n\n".join(_with_times(paragraph, times) for paragraph in paragraphs)
            is_stale |= timed != cell.source
            cell.source = timed
    return nbformat.writes(nb) + "\n" if is_stale else path.read_text(encoding="utf-8")


def _with_times(paragraph, times):
    line = _one_line(paragraph)
    if not _LINE.match(line):
        return paragraph
    return textwrap.fill(_LINE.sub(times.sentence(), line, count=1), WIDTH)


def _words(text):
    return _MARK_SCHEME.sub("", text).split()


def _one_line(text):
    return " ".join(text.split())
