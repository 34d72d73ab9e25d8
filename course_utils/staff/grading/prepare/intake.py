"""Take in a submission: read it once, repair what can be repaired, say what is wrong with it.

A submission comes from outside. Whatever is in its folder, the answer is an `Intake`, never an
exception, and no other submission is touched.
"""

import contextlib
import functools
import json
import os
import shutil
import stat
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from nbformat import NotebookNode
from nbgrader.utils import is_solution

from course_utils.staff import faults
from course_utils.staff.grading import event_log
from course_utils.staff.grading.as_given import is_as_given
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
from course_utils.staff.grading.prepare.time_handed_in import stamp, time_handed_in
from course_utils.staff.names import show_name, show_path

LARGEST_NOTEBOOK = 25_000_000  # bytes
FOREIGN = "another notebook"  # the label of what is not the assignment's
MOST_COPIES = 10  # of a notebook that are looked at

# What people hand in under a notebook's name, by the first bytes of the file.
_KINDS = {
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a zip archive or an Office document",
    b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "a picture",
    b"<": "a web page",
}
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


class _MissingError(Exception):
    """A notebook of the assignment is not there."""


def read_submission(folder, wanted, root=None, zone=UTC):
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
    zone : tzinfo, optional
        The course's.

    Returns
    -------
    Intake

    Raises
    ------
    OSError
        Of the machine, such as too many open files: see `faults`.
    """
    folder = Path(folder)
    shown = functools.partial(_shown, root)
    try:
        return _read(folder, wanted, shown, zone)
    except _RefusedError as error:
        problem = error.args
    except OSError as error:
        if faults.is_of_machine(error):
            raise
        problem = _unreadable(folder, error, shown).args
    with contextlib.suppress(OSError):
        if is_real_folder(folder):
            return Intake(Problem(*problem), timestamp=time_handed_in(folder, zone)[0])
    return Intake(Problem(*problem))


def stage(intake, folder):
    """Write what was taken in into a new ``folder``, as nbgrader expects a submission to be.

    That a notebook is there is all that nbgrader has to see: its content is handed on in memory.
    """
    folder = Path(folder)
    folder.mkdir(parents=True)
    for name in intake.notebooks:
        (folder / name).touch()
    if intake.timestamp is not None:
        (folder / TIMESTAMP).write_text(stamp(intake.timestamp))
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


def _read(folder, wanted, shown, zone):
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
    files = list_files(folder, MOST_FILES + 1)
    is_cut_off = len(files) > MOST_FILES
    found = _find_notebooks(files, wanted)

    def read(name, path):
        nb, repairs = _notebook(folder, path, files, shown)
        _check_assignment(nb, name, path, wanted, folder, shown)
        return path, nb, repairs

    is_only = len(wanted) == len(found) == 1
    chosen, events, refusals = {}, [], []
    for name in wanted:
        possible = [path for path in found if os.path.basename(path) not in {*wanted} - {name}]
        try:
            reader = functools.partial(read, name)
            chosen[name] = _choose(name, possible, is_only, reader, folder, shown)
        except _RefusedError as error:
            refusals.append(error)
            events.append(event_log.event("not-read", error.args[1]))
        except _MissingError:
            events.append(event_log.event("missing-notebook", name))
    if not chosen:
        raise refusals[0] if refusals else _no_wanted_notebook(found, files, wanted, folder, shown)
    notebooks = {name: nb for name, (_, nb, _) in chosen.items()}
    for name, (path, _, repairs) in chosen.items():
        if path != name:
            events.append(event_log.event("renamed", show_name(path)))
        events += repairs
    paths = [path for path, _, _ in chosen.values()]
    base = os.path.dirname(paths[0])
    told = {*paths, *(os.path.join(base, name) for name in {*wanted} - {*chosen})}
    events += [
        event_log.event("other-notebook", show_name(path))
        for path in found
        if path not in told and _is_notebook(path) and os.path.dirname(path) == base
    ]
    beside = {path: status for path, status in files.items() if path not in paths}
    extras, left_out = choose_extras(folder, beside, base)
    if is_cut_off:
        left_out.append(event_log.event("many-files", f"{MOST_FILES}"))
    timestamp, unreadable = time_handed_in(folder, zone)
    if unreadable is not None:
        events.append(event_log.event("no-time", show_name(unreadable) or "unreadable bytes"))
    return Intake(None, notebooks, events + left_out, extras, timestamp)


def _find_notebooks(files, wanted):
    """Return the paths of what may be a notebook, the one nearest to the top first.

    Mail programs and browsers put another suffix behind a notebook's, or in its place.
    """
    stems = [name.removesuffix(".ipynb").lower() for name in wanted]
    otherwise = {stem + suffix for stem in stems for suffix in (".json", ".txt")}
    names = {path: os.path.basename(path).lower() for path in files if not is_by_product(path)}
    return [path for path, name in names.items() if ".ipynb" in name or name in otherwise]


def _is_notebook(path):
    return path.lower().endswith(".ipynb")


def _choose(name, possible, is_only, read, folder, shown):
    """Return path, notebook and repairs of what counts as the assignment's notebook ``name``.

    That is the file of this name, unless it cannot be read or was left as it was handed out, and
    another file holds the work.

    Raises
    ------
    _MissingError
        There is none.
    """
    own = next((path for path in possible if os.path.basename(path) == name), None)
    others = [path for path in possible if path != own]
    copies, unread = [], []
    for path in [own, *others[:MOST_COPIES]] if own else others[:MOST_COPIES]:
        try:
            copies.append(read(path))
        except _RefusedError as error:
            is_foreign = error.args[0] == FOREIGN and not (is_only or path == own)
            if ".ipynb" in path.lower() and not is_foreign:
                unread.append(error)
        else:
            if path == own and (not others or _is_worked_on(copies[0][1])):
                return copies[0]
    worked_on = {}  # the same twice counts once
    for copy in copies:
        if _is_worked_on(copy[1]):
            worked_on.setdefault(_sources(copy[1]), copy)
    if len(worked_on) > 1:
        raise _several([path for path, _, _ in worked_on.values()], name, folder, shown)
    if worked_on:
        return worked_on.popitem()[1]
    if unread:  # which may hold the work
        raise unread[0]
    if copies:
        return copies[0]
    raise _MissingError


def _is_worked_on(nb):
    """Tell whether an answer differs from what was handed out, as far as that can be known."""
    answers = [cell for cell in nb.cells if is_solution(cell)]
    return not answers or not all(map(is_as_given, answers))


def _sources(nb):
    return tuple(cell.source for cell in nb.cells)


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
        if faults.is_of_machine(error):
            raise
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
    if len(common) <= len(own) / 2 and (own or not holds_texts(nb, wanted[name])):
        raise _RefusedError(
            FOREIGN,
            f"The file {show_name(path)} does not hold the assignment's cells. Please fill in "
            f"and submit the notebook {name} that was handed out.",
            f"the cells of {shown(folder / path)} are not the assignment's; ask for the right "
            "notebook",
        )


def _no_wanted_notebook(others, files, wanted, folder, shown):
    should_be = " and ".join(wanted)
    others = [path for path in others if _is_notebook(path)]
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


def _several(paths, name, folder, shown):
    has = _named(paths)
    return _RefusedError(
        "several notebooks",
        f"Your submission holds {has}, each with other answers. Please submit one of them, as "
        f"{name}.",
        f"{shown(folder)} holds {has}, each with other answers; rename the one that counts to "
        f"{name}, remove the others and autograde again",
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
