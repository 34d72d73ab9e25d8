"""Read answer files: a student's answers as one small Python file.

The percent format, in which ``# %%`` or ``# %% [markdown]`` and a grade_id begin a cell, after an
optional YAML header between two ``# ---`` lines::

    # ---
    # like: correct-loops        # another file here: its answers, where this file has none
    # submitted: 2 days late     # or "10 minutes early"; without it, a day before the due date
    # damage: truncated          # what happened to the notebook on its way, see `damage`
    # ---
    # %% C1_correlate2d
    def correlate2d(x, w, stride=1, padding=0):
        ...
"""

import datetime as dt
import re
from dataclasses import dataclass, field
from pathlib import Path

import jupytext
import yaml

HEADER_KEYS = ("like", "submitted", "damage")
_OFFSET = re.compile(r"(\d+)\s+(minute|hour|day|week)s?\s+(late|early)")
_ON_TIME = dt.timedelta(days=-1)


class AnswerFileError(ValueError):
    """An answer file says something that cannot be used; the text names the file."""


@dataclass(frozen=True)
class Answer:
    """The text of one cell; ``cell_type`` is "code" or "markdown"."""

    cell_type: str
    source: str


@dataclass(frozen=True)
class AnswerFile:
    """One student's answers.

    Attributes
    ----------
    student : str
        The file's name without its ending.
    answers : dict
        grade_id to `Answer`; those of the files it is ``like`` included.
    submitted : timedelta
        When it was handed in, counted from the due date; negative is early.
    damage : tuple of str
        See the ``damage`` module.
    """

    student: str
    answers: dict[str, Answer] = field(default_factory=dict)
    submitted: dt.timedelta = _ON_TIME
    damage: tuple[str, ...] = ()


def read_answer_file(path):
    """Read an answer file and the ones it is ``like``.

    Raises
    ------
    AnswerFileError
        The file does not exist, is not in the format, names an unknown header key, a wrong time or
        a file that does not exist, or goes round in a circle of ``like``.
    """
    return _read(Path(path), ())


def _read(path, followed):
    if path.stem in followed:
        circle = " -> ".join([*followed[followed.index(path.stem) :], path.stem])
        raise AnswerFileError(f"{path}: `like` goes round in a circle: {circle}")
    try:
        notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")
    except FileNotFoundError:
        origin = f" (`like` in {followed[-1]}{path.suffix})" if followed else ""
        raise AnswerFileError(f"{path} does not exist{origin}") from None
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise AnswerFileError(f"{path} cannot be read: {error}") from None
    cells = notebook.cells
    header = {}
    if cells and cells[0].cell_type == "raw" and "title" not in cells[0].metadata:
        header = _header(path, cells.pop(0).source)
    own = _answers(path, cells)
    inherited = {}
    if "like" in header:
        other = path.with_name(f"{header['like']}{path.suffix}")
        inherited = _read(other, (*followed, path.stem)).answers
    return AnswerFile(
        path.stem,
        inherited | own,
        _offset(path, header["submitted"]) if "submitted" in header else _ON_TIME,
        _damage(path, header.get("damage", [])),
    )


def _header(path, text):
    try:
        header = yaml.safe_load(text.strip().strip("-")) or {}
    except yaml.YAMLError as error:
        raise AnswerFileError(f"{path}: the header is not YAML: {error}") from None
    if not isinstance(header, dict):
        raise AnswerFileError(f"{path}: the header is {header!r}; expected lines `key: value`")
    for key in header:
        if key not in HEADER_KEYS:
            expected = ", ".join(HEADER_KEYS)
            raise AnswerFileError(f"{path}: unknown header key {key!r}; expected {expected}")
    return header


def _answers(path, cells):
    answers = {}
    for number, cell in enumerate(cells, 1):
        name = cell.metadata.get("title", "").strip()
        if not name:
            raise AnswerFileError(
                f"{path}: cell number {number} has no name; expected `# %% <grade_id>` before "
                f"{cell.source.splitlines()[0] if cell.source else 'it'!r}"
            )
        if name in answers:
            raise AnswerFileError(f"{path}: {name} is there twice")
        answers[name] = Answer(cell.cell_type, cell.source)
    return answers


def _offset(path, text):
    match = _OFFSET.fullmatch(str(text).strip())
    if not match:
        raise AnswerFileError(
            f"{path}: submitted is {text!r}; expected for example '2 days late' or "
            "'30 minutes early'"
        )
    offset = dt.timedelta(**{f"{match[2]}s": int(match[1])})
    return offset if match[3] == "late" else -offset


def _damage(path, value):
    kinds = value if isinstance(value, list) else [value]
    if not all(isinstance(kind, str) for kind in kinds):
        raise AnswerFileError(
            f"{path}: damage is {value!r}; expected a kind, or a list of them, such as "
            "'truncated' or 'deleted-cell C1_correlate2d_visible'"
        )
    return tuple(kinds)
