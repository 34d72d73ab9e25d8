"""The stamp of a release: what a notebook was like when it was handed out.

`course release` writes it into each notebook's metadata, and it comes back with the submission. So
what the course has changed since can be told from what the student changed. It decides about
sentences only: points, names and tests are always the gradebook's.
"""

import hashlib
import itertools
from typing import NamedTuple

from nbgrader import utils

KEY = "course_release"
MOST_ENTRIES = 2_000
LONGEST_ENTRY = 200  # characters


def make_stamp(nb):
    """Return the stamp of a notebook that is to be handed out: plain data for its metadata."""
    graded = {
        grade_id: settings_of(cell)
        for cell in nb.cells
        if (grade_id := cell.metadata.get("nbgrader", {}).get("grade_id"))
    }
    texts = sorted({_digest(cell.source) for cell in nb.cells})
    return {"texts": " ".join(texts), "settings": graded}


def settings_of(cell):
    """Return type, flags and points of a cell in one text, such as "code grade locked 2"."""
    grading = cell.metadata["nbgrader"]
    words = [cell.cell_type, *(flag for flag in ("grade", "solution", "task") if grading.get(flag))]
    words += ["locked"] if utils.is_locked(cell) else []
    if grading.get("grade") or grading.get("task"):
        points = grading.get("points")
        words.append("no points" if points is None else f"{points:g}")
    return " ".join(words)


def sound_stamp(value):
    """Return what of a stamp in a submission's metadata is well-formed, as plain data."""
    parts = value if isinstance(value, dict) else {}
    texts, settings = parts.get("texts"), parts.get("settings")
    settings = settings.items() if isinstance(settings, dict) else ()
    return {
        "texts": texts if isinstance(texts, str) and texts.isascii() else "",
        "settings": {
            name: entry
            for name, entry in itertools.islice(settings, MOST_ENTRIES)
            if _is_sound(name) and _is_sound(entry)
        },
    }


def take_stamp(nb):
    """Remove the stamp from a submission's metadata and return it."""
    found = nb.metadata.pop(KEY, None) or {"texts": "", "settings": {}}
    return Stamp(frozenset(found["texts"].split()), dict(found["settings"]))


class Stamp(NamedTuple):
    """The stamp of a submission; without entries where it has none.

    Attributes
    ----------
    texts : frozenset of str
        Hashes of the cells' texts.
    settings : dict of str to str
        ``settings_of`` each cell that has a grade_id.
    """

    texts: frozenset
    settings: dict

    def has_text(self, text):
        """Tell whether a cell was handed out with this text."""
        return _digest(text) in self.texts

    def is_older(self, grade_id):
        """Tell whether the notebook was handed out before the course had this cell."""
        return bool(self.settings) and grade_id not in self.settings


def plain(text):
    """Return a text without what editors add and take away: blanks at the ends of lines."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


def _digest(text):
    return hashlib.sha256(plain(text).encode()).hexdigest()[:12]


def _is_sound(entry):
    return isinstance(entry, str) and entry.isascii() and len(entry) <= LONGEST_ENTRY
