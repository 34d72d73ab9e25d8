"""What grading noted about a submission, kept in the graded notebook's metadata.

``nb.metadata.course`` is ``{"seed": int, "events": [{"kind", "cell"}, …]}``; each event is one of
``EVENTS``. Students can write metadata too, so `start` throws away whatever came with the file.
"""

import re
from typing import NamedTuple

from course_utils.staff.names import show_name

KEY = "course"
SHOWN = 3  # cells named in a sentence that several events share
WORDS = 40  # characters of a cell that has no name of its own
_GRADE_ID = re.compile(r"[A-Za-z0-9_\-]+")  # nbgrader's own rule


class Event(NamedTuple):
    """What one kind of event is called.

    Attributes
    ----------
    label : str
        A few words for the TA's table.
    sentence : str
        For the student; {cell} is the cell's name (see `names_of`) or, where ``of_file``, what is
        told of the file: a name, an encoding, a format.
    several : str
        One sentence for several cells, {cells}; empty where each has a sentence of its own.
    of_file : bool
        It happened to the file as a whole.
    """

    label: str
    sentence: str
    several: str = ""
    of_file: bool = False


# the gravest first, as the TA's table lists them
EVENTS = {
    # while it ran
    "died": Event(
        "Python died",
        "Python stopped in the cell `{cell}` (a crash, an exit or too much memory), "
        "so the cells after it were not run.",
    ),
    "stuck": Event(
        "could not be interrupted",
        "The cell `{cell}` ran too long and could not be interrupted, "
        "so the cells after it were not run.",
    ),
    "unreadable": Event(
        "no readable answer",
        "What the cell `{cell}` sent back to the tests could not be read, "
        "so the cells after it were not run.",
    ),
    "out-of-time": Event(
        "whole notebook too slow",
        "The notebook as a whole ran too long: from the cell `{cell}` on, nothing was run.",
    ),
    "timeout": Event(
        "timed out",
        "The cell `{cell}` ran too long and was interrupted.",
        "The cells {cells} ran too long and were interrupted.",
    ),
    "not-plain": Event(
        "no plain data",
        "The test `{cell}` met an object of yours that it cannot look at while grading. Return "
        "numbers, texts, lists, arrays and the like.",
        "The tests {cells} met objects of yours that they cannot look at while grading. Return "
        "numbers, texts, lists, arrays and the like.",
    ),
    # the files
    "newer-not-read": Event(
        "newer submission cannot be graded",
        "A newer submission could not be graded. {cell} Until then the one before it counts.",
        of_file=True,
    ),
    "missing-notebook": Event(
        "notebook missing",
        "The notebook `{cell}` is missing, so that it has 0 points.",
        of_file=True,
    ),
    "not-read": Event(
        "one notebook cannot be graded", "{cell} Until then it has 0 points.", of_file=True
    ),
    "no-time": Event(
        "unreadable timestamp",
        "The time of your submission is recorded as `{cell}`, which cannot be read: nobody knows "
        "whether it was late. Please tell your teachers.",
        of_file=True,
    ),
    "renamed": Event(
        "notebook renamed",
        "The notebook was handed in as `{cell}` and has been graded under the assignment's name.",
        of_file=True,
    ),
    "other-notebook": Event(
        "another notebook beside it",
        "`{cell}` was not graded, only the assignment's notebook.",
        of_file=True,
    ),
    "old-format": Event(
        "old notebook format",
        "The notebook was saved in the old format {cell} and has been converted.",
        of_file=True,
    ),
    "no-format": Event(
        "format not stated",
        "The notebook does not state its format; it has been read as {cell}.",
        of_file=True,
    ),
    "encoding": Event(
        "wrong encoding",
        "The notebook's text was saved as {cell} and not as plain UTF-8. It has been read all the "
        "same; letters with accents may have changed.",
        of_file=True,
    ),
    "language": Event(
        "made for another language",
        "The notebook says that it is written in {cell}; it has been run as Python.",
        of_file=True,
    ),
    "odd-file": Event(
        "odd file left out",
        "`{cell}` is a link, no ordinary file or not readable, and was left out.",
        of_file=True,
    ),
    "shadowing-file": Event(
        "file named like a package",
        "`{cell}` was left out: Python would use it instead of the package of that name.",
        of_file=True,
    ),
    "large-file": Event(
        "large file left out",
        "`{cell}` was left out, because the files beside the notebook are too large.",
        of_file=True,
    ),
    "many-files": Event(
        "too many files",
        "More than {cell} files were handed in; what goes beyond has not been looked at.",
        of_file=True,
    ),
    # the cells
    "broken": Event(
        "broken cell left out",
        "The cell `{cell}` was broken and has been left out.",
        "The cells {cells} were broken and have been left out.",
    ),
    "no-text": Event(
        "cell without text",
        "The text of the cell `{cell}` could not be read, so that it counts as empty.",
        "The texts of the cells {cells} could not be read, so that they count as empty.",
    ),
    "too-long": Event(
        "cell too long",
        "The text of the cell `{cell}` is too long to be graded, so that it counts as empty.",
        "The texts of the cells {cells} are too long to be graded, so that they count as empty.",
    ),
    "odd-type": Event(
        "unknown type of cell",
        "The cell `{cell}` was neither code nor text and has been taken for text.",
        "The cells {cells} were neither code nor text and have been taken for text.",
    ),
    "odd-characters": Event(
        "odd characters",
        "The cell `{cell}` held characters that cannot stand in a text; they have been replaced.",
        "The cells {cells} held characters that cannot stand in a text; they have been replaced.",
    ),
    "answer-missing": Event(
        "answer cell missing",
        "The answer cell `{cell}` is missing.",
        "The answer cells {cells} are missing.",
    ),
    "elsewhere": Event(
        "answer outside its cell",
        "The answer cell `{cell}` was left as it was given. What you wrote for it elsewhere, or "
        "may have written for it, has been put into it.",
        "The answer cells {cells} were left as they were given. What you wrote for them "
        "elsewhere, or may have written for them, has been put into them.",
    ),
    "locked-text": Event(
        "written into a locked cell",
        "The text of the locked cell `{cell}` had been changed and has been put back; what you "
        "had written into it is kept below it, or in the answer.",
        "The texts of the locked cells {cells} had been changed and have been put back; what you "
        "had written into them is kept below them, or in the answers.",
    ),
    "merged": Event(
        "cells merged",
        "The cell `{cell}` was in one cell with other text and has been cut out of it.",
        "The cells {cells} were in one cell with other text and have been cut out of it.",
    ),
    "by-place": Event(
        "answer known by its place only",
        "The answer cell `{cell}` had lost its grading data; a cell in its place has been taken "
        "for it.",
        "The answer cells {cells} had lost their grading data; cells in their places have been "
        "taken for them.",
    ),
    "unmarked": Event(
        "grading data lost",
        "The cell `{cell}` had lost its grading data and has got them back.",
        "The cells {cells} had lost their grading data and have got them back.",
    ),
    "course-added": Event(
        "cell new since the release",
        "The course has added the cell `{cell}` since this notebook was handed out.",
        "The course has added the cells {cells} since this notebook was handed out.",
    ),
    "course-changed": Event(
        "cell changed since the release",
        "The course has changed the cell `{cell}` since this notebook was handed out; it is "
        "graded as it is now.",
        "The course has changed the cells {cells} since this notebook was handed out; they are "
        "graded as they are now.",
    ),
    "more-than-all": Event(
        "more points than there are",
        "A person gave the cell `{cell}` more points than it is worth by now.",
        "A person gave the cells {cells} more points than they are worth by now.",
    ),
    "deleted": Event(
        "deleted cell put back",
        "The cell `{cell}` was missing and has been put back.",
        "The cells {cells} were missing and have been put back.",
    ),
    "split": Event(
        "answer in several cells",
        "The answer `{cell}` stands in several cells; all of them count, in their order.",
        "The answers {cells} stand in several cells each; all of them count, in their order.",
    ),
    "duplicated": Event(
        "cell twice",
        "The cell `{cell}` is there more than once; of an answer, the copy counts that was "
        "worked on.",
        "The cells {cells} are there more than once; of an answer, the copy counts that was "
        "worked on.",
    ),
    "renamed-cell": Event(
        "cell renamed",
        "The cell `{cell}` had another name and has got its own back.",
        "The cells {cells} had other names and have got their own back.",
    ),
    "retyped": Event(
        "type of cell changed",
        "The cell `{cell}` had been changed from code to text or from text to code, and has been "
        "changed back.",
        "The cells {cells} had been changed from code to text or from text to code, and have been "
        "changed back.",
    ),
    "settings": Event(
        "grading settings changed",
        "The grading settings of the cell `{cell}` were not the assignment's and have been put "
        "right.",
        "The grading settings of the cells {cells} were not the assignment's and have been put "
        "right.",
    ),
    "moved": Event(
        "cells moved",
        "The cell `{cell}` stood in the wrong place and has been put back into its own.",
        "The cells {cells} stood in the wrong places and have been put back into their own.",
    ),
}


def event(kind, cell):
    """Return an event of ``kind`` (see ``EVENTS``) that happened to ``cell``."""
    if kind not in EVENTS:
        raise ValueError(f"unknown event {kind!r}; expected one of {', '.join(EVENTS)}")
    return {"kind": kind, "cell": cell}


def start(nb, noted=()):
    """Begin the record of ``nb`` with the events ``noted`` so far."""
    nb.metadata[KEY] = {"events": list(noted)}


def add_event(nb, kind, cell):
    """Note that an event of ``kind`` (see ``EVENTS``) happened to the cell named ``cell``."""
    nb.metadata.setdefault(KEY, {"events": []})["events"].append(event(kind, cell))


def set_event(nb, kind, cell):
    """Note an event in the place of those of its kind that were noted before."""
    note = nb.metadata.setdefault(KEY, {"events": []})
    others = [noted for noted in note["events"] if noted["kind"] != kind]
    note["events"] = [event(kind, cell), *others]


def events(nb):
    """Return the list of events noted in ``nb``."""
    return list(nb.metadata.get(KEY, {}).get("events", []))


def sentences(noted):
    """Return what happened, a sentence for each kind of event, or for each cell."""
    result = []
    for kind in dict.fromkeys(event["kind"] for event in noted):
        cells = list(dict.fromkeys(event["cell"] for event in noted if event["kind"] == kind))
        if EVENTS[kind].several and len(cells) > 1:
            named = ", ".join(f"`{cell}`" for cell in cells[:SHOWN])
            more = f" and {len(cells) - SHOWN} more" if len(cells) > SHOWN else ""
            result.append(EVENTS[kind].several.format(cells=named + more))
        else:
            result += [EVENTS[kind].sentence.format(cell=cell) for cell in cells]
    return result


def labels(noted):
    """Return what happened in a few words each, the gravest first.

    Parameters
    ----------
    noted : list of dict

    Returns
    -------
    list of str
        Such as "timed out (C1, C5)" and "notebook renamed".
    """
    result = []
    for kind, (label, _, _, of_file) in EVENTS.items():
        exercises = [exercise_of(event["cell"]) for event in noted if event["kind"] == kind]
        if exercises:
            where = "" if of_file else f" ({', '.join(dict.fromkeys(exercises))})"
            result.append(f"{label}{where}")
    return result


def exercise_of(name):
    """Return the exercise of a cell: "C1" for "C1_correlate2d_hidden_stride", "C1: import os"."""
    return re.split("[_:]", name, maxsplit=1)[0]


def names_of(cells):
    """Return a name for each cell: its ``grade_id``, or where to find it.

    Where it has no grade_id, that is the exercise it stands in and its first words, such as
    "C5: import os".

    Parameters
    ----------
    cells : list
        Of a notebook; of a file that was handed in, they may be anything.
    """
    names, exercise = [], "the beginning"
    for cell in cells:
        cell = cell if isinstance(cell, dict) else {}
        grade_id = cell
        for key in ("metadata", "nbgrader", "grade_id"):
            grade_id = grade_id.get(key) if isinstance(grade_id, dict) else None
        if isinstance(grade_id, str) and _GRADE_ID.fullmatch(grade_id):
            exercise = exercise_of(grade_id)
            names.append(grade_id)
        else:
            names.append(f"{exercise}: {_first_words(cell.get('source'))}")
    return names


def _first_words(source):
    if isinstance(source, list):
        source = next((line for line in source if isinstance(line, str) and line.strip()), "")
    beginning = source.lstrip()[: 3 * WORDS] if isinstance(source, str) else ""
    words = show_name(" ".join(beginning.partition("\n")[0].split()), longest=WORDS)
    return words.replace("`", "'") or "a cell without text"
