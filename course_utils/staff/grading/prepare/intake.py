"""Take in a submission: read it once, repair what can be repaired, say what is wrong with it.

A submission comes from outside. Whatever is in its folder, the answer is an `Intake`, never an
exception, and no other submission is touched.
"""

import contextlib
import functools
import json
import os
import re
import shutil
import stat
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from nbformat import NotebookNode
from nbgrader.utils import parse_utc

from course_utils.staff.files import write_atomically
from course_utils.staff.grading import event_log
from course_utils.staff.grading.prepare.handed_out import holds_texts
from course_utils.staff.grading.prepare.rebuild import NoNotebookError, rebuild
from course_utils.staff.grading.prepare.submitted_files import (
    MOST_FILES,
    TIMESTAMP,
    UNREADABLE,
    choose_extras,
    is_by_product,
    is_real_folder,
    list_files,
    open_file,
)
from course_utils.staff.names import show_name, show_path

LARGEST_NOTEBOOK = 25_000_000  # bytes
LARGEST_TIMESTAMP = 200  # bytes; no more are read

# What people hand in under a notebook's name, by the first bytes of the file.
_KINDS = {
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a zip archive or an Office document",
    b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "a picture",
    b"<": "a web page",
}
# as nbgrader writes it; the zone's name is looked up among files, so nothing like a path
_STAMP = re.compile(
    r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}[ T][0-9:.]{4,20}(?: ?[+-][0-9:]{2,6}|Z)?"
    r"(?: [A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*)?"
)
# nbgrader takes a student's name for a pattern of file names
_PATTERN_CHARACTERS = "*?[]"


class Problem(NamedTuple):
    """Why a submission cannot be graded: for the table, the student and the staff."""

    label: str
    student: str
    staff: str


@dataclass(frozen=True)
class Intake:
    """A submission as it was read.

    Attributes
    ----------
    problem : Problem or None
        Where there is one, only the timestamp may still be known.
    notebooks : dict of str to NotebookNode
        By the file names that the assignment gives them, whatever the student's were.
    events : list of dict
        What was repaired, see ``record``.
    extras : dict of str to Path
        Other files that may lie beside the notebook: relative to it, and where they are.
    timestamp : datetime or None
        When it was handed in, UTC, without a time zone as nbgrader has it.
    """

    problem: Problem | None = None
    notebooks: dict[str, NotebookNode] = field(default_factory=dict)
    events: list[dict] = field(default_factory=list)
    extras: dict[str, Path] = field(default_factory=dict)
    timestamp: datetime | None = None


class _RefusedError(Exception):
    """Raised with the three texts of a `Problem`."""


def read_submission(folder, wanted, root=None):
    """Read one submission.

    Parameters
    ----------
    folder : Path
        ``submitted/<student>/<assignment>``.
    wanted : mapping of str to collection of str
        File name of each of the assignment's notebooks to the grade_ids of its cells and the
        `texts_of_course` in them.
    root : Path, optional
        The course's folder, from which paths are named to the staff.

    Returns
    -------
    Intake
    """
    folder = Path(folder)
    shown = functools.partial(_shown, root)
    try:
        return _read(folder, wanted, shown)
    except _RefusedError as error:
        problem = error.args
    except OSError as error:
        problem = _unreadable(folder, error, shown).args
    return Intake(Problem(*problem), timestamp=_timestamp_or_none(folder))


def put_timestamp_right(folder):
    """See to it that nbgrader can read ``timestamp.txt``, where the student's folder has one.

    The formgrader reads it there, and shows nobody's submission of an assignment where it cannot
    read one. An empty file is removed: it says as little as none. One that holds no time is moved
    aside, and the submission is refused until there is a time.
    """
    folder = Path(folder)
    path, aside = folder / TIMESTAMP, folder / UNREADABLE
    with contextlib.suppress(OSError):
        if not is_real_folder(folder) or not os.path.lexists(path):
            return
        try:
            time = _timestamp(path, str)
        except _RefusedError:
            if not os.path.lexists(aside):
                path.rename(aside)
            elif is_real_folder(path):
                shutil.rmtree(path)
            else:
                path.unlink()
            return
        if time is None:
            path.unlink()
        elif not _nbgrader_reads(path, time):
            write_atomically(path, _stamp(time))


def stage(intake, folder):
    """Write what was taken in into a new ``folder``, as nbgrader expects a submission to be.

    That a notebook is there is all that nbgrader has to see: its content is handed on in memory.
    """
    folder = Path(folder)
    folder.mkdir(parents=True)
    for name in intake.notebooks:
        (folder / name).touch()
    if intake.timestamp is not None:
        (folder / TIMESTAMP).write_text(_stamp(intake.timestamp))
    copy_extras(intake, folder)


def copy_extras(intake, folder):
    """Copy the files beside the notebook into ``folder``, without overwriting anything."""
    for name, path in intake.extras.items():
        target = Path(folder) / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with open_file(path) as source, open(target, "xb") as copy:
            shutil.copyfileobj(source, copy)


def unusable_name(student):
    """Return why nobody can be graded under this name, or None where it can be.

    The name is that of a folder. Its characters must be such that the gradebook can store them,
    and nbgrader must not take them for a pattern that fits other students.
    """
    if not student.isprintable() or student != student.strip():
        return "contains characters that cannot be seen"
    if student.startswith("."):
        return "begins with a dot, as hidden folders do"
    for character in _PATTERN_CHARACTERS:
        if character in student:
            return f"contains {character}, which nbgrader takes for a pattern"
    return None


def _read(folder, wanted, shown):
    reason = unusable_name(folder.parent.name)
    if reason:
        raise _RefusedError(
            "unusable folder name",
            "The name under which your submission is stored cannot be used. Please ask your "
            "teachers.",
            f"the name of {shown(folder.parent)} {reason}; rename the folder",
        )
    if not is_real_folder(folder):
        raise _no_file(folder, shown)
    timestamp = _timestamp(folder / TIMESTAMP, shown)
    files = list_files(folder, MOST_FILES + 1)
    is_cut_off = len(files) > MOST_FILES
    paths, base, others = _find_notebooks(files, wanted)
    is_called_otherwise = len(others) == 1 and len(paths) == len(wanted) - 1
    if is_called_otherwise:
        [name] = set(wanted) - set(paths)
        paths[name] = others.pop()
    if not paths:
        raise _no_wanted_notebook(others, files, wanted, folder, shown)
    notebooks, events = {}, []
    for name, path in paths.items():
        nb, repairs = _notebook(folder, path, files, shown)
        _check_assignment(nb, name, path, wanted, folder, shown)
        notebooks[name] = nb
        if path != name:
            events.append(event_log.event("renamed", show_name(path)))
        events += repairs
    events += [event_log.event("other-notebook", show_name(path)) for path in others]
    extras, left_out = choose_extras(folder, files, base)
    if is_cut_off:
        left_out.append(event_log.event("many-files", f"{MOST_FILES}"))
    return Intake(None, notebooks, events + left_out, extras, timestamp)


def _find_notebooks(files, wanted):
    """Return ``{wanted name: path}``, the folder of the notebooks, and those of other names.

    The folder is the submission's own, or the one folder that holds notebooks at all, as a zip
    file makes it.
    """
    found = [name for name in files if name.lower().endswith(".ipynb") and not is_by_product(name)]
    folders = {os.path.dirname(name) for name in found}
    base = folders.pop() if len(folders) == 1 else ""
    here = [name for name in found if os.path.dirname(name) == base]
    paths = {name: os.path.join(base, name) for name in wanted if os.path.join(base, name) in here}
    return paths, base, [name for name in here if name not in paths.values()]


def _notebook(folder, name, files, shown):
    """Return the rebuilt notebook and its events."""
    path, status = folder / name, files[name]
    if not stat.S_ISREG(status.st_mode):
        raise _no_file(path, shown)
    if status.st_size > LARGEST_NOTEBOOK:
        size, limit = (value / 1e6 for value in (status.st_size, LARGEST_NOTEBOOK))
        raise _RefusedError(
            "file too large",
            f"The file {show_name(name)} has {size:.0f} MB; at most {limit:.0f} MB can be "
            "graded. Please choose Edit > Clear Outputs of All Cells in JupyterLab, save it and "
            "submit it again.",
            f"{shown(path)} has {size:.0f} MB, more than {limit:.0f} MB; ask for another copy",
        )
    try:
        with open_file(path) as file:
            data = file.read(LARGEST_NOTEBOOK)
    except OSError as error:
        raise _unreadable(path, error, shown) from None
    try:
        text, events = _decode(data)
        nb, repairs = rebuild(json.loads(text, strict=False))
    except NoNotebookError as error:
        raise _no_notebook(path, error.label, str(error), name, shown) from None
    except (ValueError, RecursionError):  # no JSON, or nested too deep
        raise _no_notebook(path, "not a notebook file", _kind(data), name, shown) from None
    return nb, events + repairs


def _decode(data):
    """Return the text of a JSON file, and events where it is not plain UTF-8."""
    encoding = json.detect_encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return data.decode("latin-1"), [event_log.event("encoding", "Latin-1")]
    if encoding == "utf-8":
        return text, []
    name = "UTF-8 with a byte-order mark" if encoding == "utf-8-sig" else encoding.upper()
    return text, [event_log.event("encoding", name)]


def _kind(data):
    for start, kind in _KINDS.items():
        if data.lstrip().startswith(start):
            return f"is {kind}"
    return "is empty" if not data.strip(b"\0 \r\n\t") else "is damaged or incomplete"


def _check_assignment(nb, name, path, wanted, folder, shown):
    """Refuse a notebook that is not the assignment's, whatever it is called.

    Where all metadata were lost, its texts tell.
    """
    if not wanted[name]:
        return
    own = {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in nb.cells} - {None}
    common = own & set(wanted[name])
    # under another name, most of the cells have to say that it is the assignment
    too_few = 0 if os.path.basename(path) == name else len(own) / 2
    if len(common) <= too_few and (own or not holds_texts(nb, wanted[name])):
        raise _RefusedError(
            "another notebook",
            f"The file {show_name(path)} does not hold the assignment's cells. Please fill in "
            f"and submit the notebook {name} that was handed out.",
            f"the cells of {shown(folder / path)} are not the assignment's; ask for the right "
            "notebook",
        )


def _timestamp(path, shown):
    if not os.path.lexists(path):
        path = path.with_name(UNREADABLE)
        if not os.path.lexists(path):
            return None
        raise _no_time(path, shown)
    try:
        with open_file(path) as file:
            text = file.read(LARGEST_TIMESTAMP).decode("utf-8-sig").strip()
        if text and not _STAMP.fullmatch(text):
            raise ValueError(text)
        # nbgrader takes a difference that stands apart, such as +0200, for seconds
        return parse_utc(re.sub(" (?=[+-])", "", text)) if text else None
    except (ValueError, OverflowError, TypeError, OSError):
        raise _no_time(path, shown) from None


def _no_time(path, shown):
    return _RefusedError(
        "unreadable timestamp",
        "The time of your submission is not recorded properly. Please ask your teachers.",
        f"{shown(path)} holds no time; write one into {TIMESTAMP}, "
        "such as '2027-03-05 12:00:00 UTC'",
    )


def _stamp(time):
    """Return the text of a timestamp's file."""
    return f"{time.isoformat(' ')} UTC\n"


def _nbgrader_reads(path, time):
    """Tell whether nbgrader's own reading of the file gives this time."""
    with open_file(path) as file:
        data = file.read(LARGEST_TIMESTAMP + 1)
    with contextlib.suppress(ValueError, OverflowError, TypeError):
        return len(data) <= LARGEST_TIMESTAMP and parse_utc(data.decode("ascii").strip()) == time
    return False


def _timestamp_or_none(folder):
    """Return when a submission was handed in that cannot be graded, as far as that is known."""
    with contextlib.suppress(_RefusedError, OSError):
        return _timestamp(folder / TIMESTAMP, str) if is_real_folder(folder) else None


def _no_wanted_notebook(others, files, wanted, folder, shown):
    should_be = " and ".join(wanted)
    has = _named(others or [name for name in files if name not in (TIMESTAMP, UNREADABLE)])
    if not others:
        only = f", only {has}" if has else ""
        return _RefusedError(
            "no notebook",
            f"Your submission holds no notebook{only}. Please submit {should_be}.",
            f"{shown(folder)} holds no notebook{only}; ask for it",
        )
    return _RefusedError(
        "no notebook of that name",
        f"Your submission holds {has}, but the assignment is {should_be}. "
        "Please submit it again under its own name.",
        f"rename the file in {shown(folder)}, which holds {has}, and autograde again",
    )


def _no_notebook(path, label, reason, name, shown):
    return _RefusedError(
        label,
        f"The file {show_name(name)} {reason}, so that it cannot be graded as a notebook. "
        "Please open yours in JupyterLab, save it and submit it again.",
        f"{shown(path)} {reason}; repair it or ask for another copy",
    )


def _no_file(path, shown):
    what = "a link" if path.is_symlink() or path.parent.is_symlink() else "no ordinary file"
    return _RefusedError(
        what,
        f"{show_name(path.name)} in your submission is {what}. Please submit the notebook itself.",
        f"{shown(path)} is {what} and was not opened; ask for the notebook itself",
    )


def _unreadable(path, error, shown):
    return _RefusedError(
        "file cannot be read",
        "Your submission cannot be read. Please ask your teachers.",
        f"{shown(path)} cannot be read: {error.strerror or error}",
    )


def _named(names):
    return ", ".join(map(show_name, names[:3])) + (", …" if len(names) > 3 else "")


def _shown(root, path):
    with contextlib.suppress(TypeError, ValueError):
        path = path.relative_to(root)
    return show_path(path)
