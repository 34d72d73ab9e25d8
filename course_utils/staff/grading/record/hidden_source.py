"""Keep hidden tests and mark schemes out of everything a student gets back.

Two ways lead there. IPython's tracebacks quote the test cell, so `HideTestSource` rewrites them
when a submission is graded; and the graded notebook holds the tests themselves, which nbgrader
prints in its feedback, so `HideFromFeedback` takes them out when feedback is made.
"""

import html
import re

from nbconvert.filters import strip_ansi
from nbconvert.preprocessors import Preprocessor
from nbformat.v4 import new_markdown_cell
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool

from course_utils.staff.grading import event_log
from course_utils.staff.markers import INSIDE, MARK, OUTSIDE, not_released

NOT_SHOWN = "# (hidden test, not shown)"
REDACTED = "(a line of a hidden test, not shown)"
_FRAME = re.compile(r"\s*(?:Cell |Input )?In\s*\[(\d{1,9})\]")
_TAG = re.compile(r"<[^<>]*>")  # of many `<` and no `>`, each is looked at once
# Shorter lines, such as `)` or `import numpy as np`, say nothing and turn up everywhere.
_SHORTEST_SECRET = 12


class HideTestSource(NbGraderPreprocessor):
    """Cut from the errors of test cells every frame that is not in the student's own cells."""

    def preprocess(self, nb, resources):
        """Return the notebook with rewritten tracebacks; names and messages of errors stay."""
        own_cells = {
            cell.execution_count
            for cell in nb.cells
            if cell.cell_type == "code" and not utils.is_locked(cell) and cell.execution_count
        }
        for cell in nb.cells:
            if cell.cell_type == "code" and utils.is_locked(cell):
                for output in cell.outputs:
                    if output.output_type == "error":
                        output.traceback = _own_frames(output, own_cells)
        return nb, resources


class HideFromFeedback(Preprocessor):
    """Take hidden tests and mark schemes out of the notebook that becomes a feedback page.

    Outputs are searched for the lines taken out, so that a student's program that prints the test
    that calls it prints nothing of use (as far as text goes: the engine's separate process is what
    makes this certain). What grading noted about the submission goes to the top of the page.
    """

    # an exporter of HTML sets options of nbconvert's own base class, and warns where there are none
    enabled = Bool(True).tag(config=True)

    def preprocess(self, nb, resources):
        """Return the notebook without hidden sources, headed by what grading noted."""
        secrets, shown = set(), set()
        for cell in nb.cells:
            if utils.is_locked(cell) or utils.is_task(cell):
                secrets |= secret_lines(cell.source)
                cell.source = _without_hidden_regions(cell)
                shown |= {line.strip() for line in cell.source.splitlines()}
        secrets -= shown  # no secret: another locked cell has the same line
        for cell in nb.cells:
            for output in cell.get("outputs", []):
                _redact(output, secrets)
        noted = event_log.sentences(event_log.events(nb))
        if noted:
            text = "**About this submission**\n\n" + "\n".join(f"- {line}" for line in noted)
            nb.cells.insert(0, new_markdown_cell(text))
        return nb, resources


def secret_lines(source):
    """Return the telling lines inside the hidden-test and mark-scheme regions of ``source``."""
    inside = (line.strip() for line, where in not_released(source) if where == INSIDE)
    return {line for line in inside if len(line) >= _SHORTEST_SECRET}


def _own_frames(error, own_cells):
    frames = []
    for entry in error.traceback:
        match = _FRAME.match(strip_ansi(entry))
        if match and int(match[1]) in own_cells:
            frames.append(entry.rstrip())
    message = f"{error.ename}: {error.evalue}" if error.evalue else error.ename
    if error.ename == "CheckFailed":  # the card above holds the rest
        message = message.splitlines()[0]
    return [*frames, message]


def _without_hidden_regions(cell):
    shown = {OUTSIDE, MARK} if cell.cell_type == "code" else {OUTSIDE}
    lines = ((line, where) for line, where in not_released(cell.source) if where in shown)
    return "\n".join(NOT_SHOWN if where == MARK else line for line, where in lines)


def _redact(node, secrets):
    """Replace secret lines in every text below ``node``, a dict or list of an output."""
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in items:
        if isinstance(value, str):
            node[key] = _redacted(value, secrets)
        elif isinstance(value, dict | list):
            _redact(value, secrets)


def _redacted(text, secrets):
    lines = text.splitlines()
    for index, line in enumerate(lines):
        plain = strip_ansi(line)
        readings = (plain, html.unescape(plain), html.unescape(_TAG.sub("", plain)))
        if any(secret in reading for secret in secrets for reading in readings):
            lines[index] = REDACTED
    # joined only where something was taken out: an untouched text keeps its last newline
    return "\n".join(lines) if REDACTED in lines else text
