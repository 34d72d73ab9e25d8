"""Rebuild a notebook from whatever its JSON holds.

Nothing is taken over but what grading needs, each part only where it is of the right kind: the
cells' texts, types and pictures, which cell of the assignment each one is, and the release's stamp.
Outputs, foreign
metadata and everything unknown stay behind, and with them most ways in which a file can be wrong.
"""

import math
import re

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from course_utils.staff.grading import event_log
from course_utils.staff.grading.prepare import release_stamp
from course_utils.staff.names import show_name

MOST_CELLS = 2_000
LONGEST_CELL = 1_000_000  # characters
# what stands for characters that no text can hold: lone surrogates and NUL
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

NEW_CELL = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}
_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_GRADE_ID = re.compile(r"[a-zA-Z0-9_-]{1,200}")
_CHECKSUM = re.compile(r"[0-9a-f]{32}")
_KERNELSPEC = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}


class NoNotebookError(ValueError):
    """The content is no notebook that can be graded.

    Attributes
    ----------
    label : str
        What is wrong, in a few words.
    """

    def __init__(self, label, message):
        super().__init__(message)
        self.label = label


def rebuild(content):
    """Return a sound notebook made from parsed JSON, and what had to be repaired.

    Parameters
    ----------
    content : object
        Anything that ``json.loads`` returns.

    Returns
    -------
    tuple
        Notebook (nbformat 4.5, valid, without outputs) and list of events (see ``record``).

    Raises
    ------
    NoNotebookError
        There are no cells to be found, too many, or they are in a format of the future.
    """
    noted = []
    content = _in_format_4(content, noted)
    cells = content.get("cells")
    if not isinstance(cells, list):
        raise NoNotebookError("not a notebook file", "holds no list of cells")
    if len(cells) > MOST_CELLS:
        message = f"holds {len(cells)} cells; at most {MOST_CELLS} can be graded"
        raise NoNotebookError("too many cells", message)
    metadata = content.get("metadata")
    language = _language(metadata)
    if language is not None:
        noted.append(event_log.event("language", language))
    nb = new_notebook(
        metadata={"kernelspec": dict(_KERNELSPEC), "language_info": {"name": "python"}}
    )
    if isinstance(metadata, dict) and release_stamp.KEY in metadata:
        nb.metadata[release_stamp.KEY] = release_stamp.sound_stamp(metadata[release_stamp.KEY])
    taken, names = set(), event_log.names_of(cells)
    for index, cell in enumerate(cells):
        if not isinstance(cell, dict):
            noted.append(event_log.event("broken", names[index]))
            continue
        nb.cells.append(_cell(cell, index, names[index], taken, noted))
    return nb, noted


def _in_format_4(content, noted):
    if not isinstance(content, dict):
        raise NoNotebookError("not a notebook file", f"holds a {type(content).__name__}, no cells")
    version = content.get("nbformat")
    if isinstance(version, str) and version.strip() in ("2", "3", "4"):
        version = int(version)
    if not isinstance(version, int) or isinstance(version, bool):
        noted.append(event_log.event("no-format", "nbformat 4"))
        version = 4
    if version > 4:
        message = f"is in nbformat {version}; at most 4 can be read"
        raise NoNotebookError("unknown notebook format", message)
    if version < 4:
        noted.append(event_log.event("old-format", f"nbformat {version}"))
        try:
            node = nbformat.versions[version].to_notebook_json(
                content, minor=content.get("nbformat_minor", 0)
            )
            content = nbformat.convert(node, 4)
            for cell in content["cells"]:
                cell.pop("id")  # made at random, other ones each time
        except Exception:  # whatever a malformed notebook makes of the conversion
            message = f"is in nbformat {version} and cannot be converted"
            raise NoNotebookError("unknown notebook format", message) from None
    return content


def _language(metadata):
    """Return the programming language that the notebook names, or None where it is Python."""
    for key, entry in (("kernelspec", "language"), ("language_info", "name")):
        part = metadata.get(key) if isinstance(metadata, dict) else None
        name = part.get(entry) if isinstance(part, dict) else None
        if isinstance(name, str) and name and "python" not in name.lower():
            return show_name(name, 40)
    return None


def _cell(cell, index, name, taken, noted):
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    grading = _grading(metadata.get("nbgrader"))
    kind = cell.get("cell_type")
    if not isinstance(kind, str) or kind not in NEW_CELL:
        noted.append(event_log.event("odd-type", name))
        kind = "raw"
    result = NEW_CELL[kind](_text(cell.get("source"), name, noted))
    result["id"] = _id(cell.get("id"), index, taken)
    if grading is not None:
        result.metadata["nbgrader"] = grading
    tags = metadata.get("tags")
    if isinstance(tags, list) and tags and all(isinstance(tag, str) for tag in tags):
        result.metadata["tags"] = [_sound(tag) for tag in tags]
    if kind == "markdown":
        pictures = _pictures(cell.get("attachments"))
        if pictures:
            result["attachments"] = pictures
    return result


def _text(source, name, noted):
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        noted.append(event_log.event("no-text", name))
        return ""
    if len(source) > LONGEST_CELL:
        noted.append(event_log.event("too-long", name))
        return ""
    text = _sound(source)
    if text != source:
        noted.append(event_log.event("odd-characters", name))
    # an untouched answer is known by its text: other line ends would make it an answer
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _sound(text):
    """Return ``text`` such that it can be written as UTF-8 and compiled."""
    if not text.isascii():  # surrogates that stand in pairs are one character each
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\0", REPLACEMENT)


def _id(value, index, taken):
    """Return the cell's own id where it may have it, else one made from its place."""
    result = value if isinstance(value, str) and _CELL_ID.fullmatch(value) else f"cell-{index + 1}"
    while result in taken:
        result = f"cell-{index + 1}-{len(taken)}"
        index += 1
    taken.add(result)
    return result


def _grading(meta):
    """Return what of nbgrader's metadata is well-formed, or None where the cell has none.

    Whether it is *true* is for `prepare` to say, which knows the assignment.
    """
    if not isinstance(meta, dict) or not meta:
        return None
    result = {key: meta.get(key) is True for key in ("grade", "solution", "locked", "task")}
    grade_id = meta.get("grade_id")
    if isinstance(grade_id, str) and _GRADE_ID.fullmatch(grade_id):
        result["grade_id"] = grade_id
    points = meta.get("points")
    if isinstance(points, int | float) and not isinstance(points, bool):
        points = float(points) if abs(points) < 1e9 else math.nan
        if points >= 0:
            result["points"] = points
    checksum = meta.get("checksum")
    if isinstance(checksum, str) and _CHECKSUM.fullmatch(checksum):
        result["checksum"] = checksum
    if meta.get("schema_version") in (1, 2, 3) and meta["schema_version"] is not True:
        result["schema_version"] = int(meta["schema_version"])
    return result


def _pictures(attachments):
    """Return the pictures pasted into a text cell: ``{name: {type: base64}}``."""
    result = {}
    for name, bundle in attachments.items() if isinstance(attachments, dict) else ():
        if isinstance(bundle, dict):
            kept = {
                kind: data
                for kind, data in bundle.items()
                if kind.startswith("image/") and isinstance(data, str) and data.isascii()
            }
            if kept:
                result[_sound(name)] = kept
    return result
