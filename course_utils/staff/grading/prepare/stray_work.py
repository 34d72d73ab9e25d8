"""Find work that stands outside its cell, and bring it to where it is graded.

An answer cell may be as it was given while the answer stands in a new cell beside it, in a locked
cell, or at the end of the notebook. That is doubtful, and nothing doubtful is a 0: code is run in
the answer's place, and written work goes to a person.
"""

import re

from nbformat.v4 import new_markdown_cell
from nbgrader import utils

from course_utils.staff.grading import event_log
from course_utils.staff.grading.as_given import is_as_given
from course_utils.staff.grading.prepare.handed_out import definitions
from course_utils.staff.grading.prepare.release_stamp import plain

LONGEST = 100_000  # characters that are brought to an answer
ELSEWHERE = "(This cell was left as it was given. What was written elsewhere in the notebook:)"
MISSING = "(This answer cell was missing. Please see whether the answer stands elsewhere.)"
IN_LOCKED = "(What was written into the locked cell above:)"
IN_CODE = "# This cell was left as it was given. Other code in the notebook defines what it should:"


def more_than(text, given):
    """Return what a text holds beyond another; empty where nothing was added."""
    text, given = plain(text), plain(given)
    if given and given in text:
        before, _, after = text.partition(given)
        return "\n\n".join(part for part in (before.strip("\n"), after.strip("\n")) if part)
    known = {line.strip() for line in given.splitlines()} | {""}
    return "\n".join(line for line in text.splitlines() if line.strip() not in known)


class StrayWork:
    """Brings stray work in a notebook to the answers that are blank.

    Parameters
    ----------
    nb : NotebookNode
        In the assignment's shape; changed in place.
    known : dict of str to HandedOut
        By the ids of those cells that are the assignment's.
    added : dict of str to str
        What was written into cells that are not the student's to write, by the cells' ids.
    is_given : callable
        Tells of a text whether a cell was handed out with it.
    """

    def __init__(self, nb, known, added, is_given):
        self._nb, self._known, self._added, self._is_given = nb, known, added, is_given
        self._shown = set()  # ids of the cells whose stray work stands in an answer by now

    def bring_code(self):
        """Put into blank answers in code what other code of the student's defines for them."""
        defined = self._definitions()
        for answer in self._nb.cells:
            if not utils.is_solution(answer) or utils.is_grade(answer):
                continue
            given = self._known[answer["id"]]
            if plain(answer.source) not in ("", plain(given.text)):
                continue
            found = [
                cell for cell in self._nb.cells if defined.get(cell["id"], set()) & given.names
            ]
            if found:
                texts = [self._added.get(cell["id"], cell.source) for cell in found]
                if sum(map(len, texts)) > LONGEST:
                    continue
                answer.source = "\n\n".join([IN_CODE, *texts])
                self._shown |= {cell["id"] for cell in found}
                event_log.add_event(self._nb, "elsewhere", given.grade_id)

    def bring_texts(self, missing):
        """Put what was written elsewhere into blank written answers, which a person then grades.

        Parameters
        ----------
        missing : set of str
            The ids of answers that were not there and have been put back.
        """
        blank = [
            place
            for place, cell in enumerate(self._nb.cells)
            if utils.is_grade(cell) and utils.is_solution(cell) and is_as_given(cell)
        ]
        texts = {
            place: text for place, cell in enumerate(self._nb.cells) if (text := self._text(cell))
        }
        near = {
            place: [other for other in self._around(place) if other in texts] for place in blank
        }
        # what is near none of them may be about any of those that have nothing near
        taken = {other for places in near.values() for other in places}
        far = [
            other
            for other in texts
            if other not in taken and self._nb.cells[other].cell_type != "code"
        ]
        for place in blank:
            answer = self._nb.cells[place]
            sources = near[place] or far
            if sources:
                self._write(answer, [ELSEWHERE, *(texts[other] for other in sources)])
                for other in sources:
                    self._shown.add(self._nb.cells[other]["id"])
                    self._take_pictures(answer, self._nb.cells[other])
                event_log.add_event(self._nb, "elsewhere", answer.metadata.nbgrader.grade_id)
            elif answer["id"] in missing:
                self._write(answer, [MISSING])

    def show_the_rest(self):
        """Keep in sight what was written into locked cells and stands in no answer."""
        cells = []
        for cell in self._nb.cells:
            cells.append(cell)
            if utils.is_locked(cell) and cell["id"] in self._added.keys() - self._shown:
                cells.append(new_markdown_cell(f"{IN_LOCKED}\n\n{self._text(cell)}"))
        self._nb.cells = cells

    def _definitions(self):
        """Map the ids of cells to what the student's own code in them defines."""
        result = {}
        for cell in self._nb.cells:
            given = self._known.get(cell["id"])
            if given is not None and (utils.is_locked(cell) or cell.cell_type != "code"):
                names = definitions(self._added.get(cell["id"], ""))
            else:  # also code in a cell for text
                names = definitions(cell.source)
            if given is not None:  # also those that another answer is to define
                names -= given.names | definitions(given.text)
            result[cell["id"]] = names
        return result

    def _text(self, cell):
        """What a cell holds of the student's that is no answer, in Markdown; may be empty."""
        if cell["id"] in self._known:
            text = self._added.get(cell["id"], "")
        else:
            text = "" if self._is_given(cell.source) else cell.source
        return _fenced(text) if text and cell.cell_type == "code" else text

    def _around(self, place):
        """Yield the places from the last answer or test to the next cell of the assignment."""
        cells = self._nb.cells
        first = place
        while first > 0 and not (
            utils.is_solution(cells[first - 1]) or utils.is_grade(cells[first - 1])
        ):
            first -= 1
        last = place + 1
        while last < len(cells) and not _is_graded_or_locked(cells[last]):
            last += 1
        return (other for other in range(first, min(last + 1, len(cells))) if other != place)

    def _write(self, answer, parts):
        text = "\n\n".join(parts)
        if len(text) > LONGEST:  # the rest still stands where it was written
            text = f"{text[:LONGEST]}…"
        if answer.cell_type == "code":
            text = "\n".join(f"# {line}" for line in text.splitlines())
        answer.source = text

    def _take_pictures(self, answer, cell):
        pictures = cell.get("attachments", {})
        if pictures and answer.cell_type == "markdown":
            answer["attachments"] = {**pictures, **answer.get("attachments", {})}


def _is_graded_or_locked(cell):
    return utils.is_solution(cell) or utils.is_locked(cell) or utils.is_task(cell)


def _fenced(text):
    """Code as Markdown shows it."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}python\n{text}\n{fence}"
