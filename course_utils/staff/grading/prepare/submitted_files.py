"""The files of a submission, looked at without trusting any of them.

Nothing here follows a link, waits for a pipe, or leaves the submission's folder.
"""

import contextlib
import functools
import hashlib
import importlib.machinery
import importlib.util
import itertools
import os
import stat
from pathlib import Path

from course_utils.staff import faults
from course_utils.staff.grading import event_log
from course_utils.staff.names import show_name

LARGEST_EXTRAS = 50_000_000  # bytes, of all files beside the notebook together
MOST_FILES = 1_000
TIMESTAMP = "timestamp.txt"
UNREADABLE = "timestamp.txt.unreadable"  # where one goes that holds no time


def is_real_folder(folder):
    """Tell whether neither a submission's folder nor the student's is a link to another place."""
    return all(stat.S_ISDIR(path.lstat().st_mode) for path in (folder.parent, folder))


def list_files(folder, limit=None):
    """Return ``{name relative to the folder: os.stat_result}`` of everything that is no folder.

    Notebooks come first, then other files, then those in folders, and hidden folders last. A
    folder named ``….ipynb`` is listed, not entered.

    Parameters
    ----------
    folder : Path
    limit : int, optional
        Look at no more than so many.

    Raises
    ------
    OSError
        A folder that cannot be read.
    """
    return {name: status for name, _, status in itertools.islice(_walk(folder), limit)}


def open_file(path):
    """Return a binary file object of an ordinary file.

    Raises
    ------
    OSError
        It is a link, pipe, device, socket or folder, or cannot be read.
    """
    if not stat.S_ISREG(os.lstat(path).st_mode):  # opening a device may already do something
        raise OSError(f"{path} is no ordinary file")
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW
    return os.fdopen(os.open(path, flags), "rb")


def hash_of_submission(folder):
    """Return a hash of everything in a submission's folder.

    Links and special files count by what they are, and files too large to be taken in by size
    and time of change: none of them is read. Files beyond ``MOST_FILES`` do not count: nobody
    looks at them.
    """
    total = hashlib.sha256()
    folder = Path(folder)
    with contextlib.suppress(OSError):
        if not is_real_folder(folder):
            return total.hexdigest()
        for name, path, status in itertools.islice(_walk(folder), MOST_FILES):
            total.update(f"{os.fsencode(name)!r} {stat.S_IFMT(status.st_mode)} ".encode())
            total.update(f"{status.st_size} ".encode())
            if stat.S_ISLNK(status.st_mode):
                total.update(os.fsencode(os.readlink(path)))
            elif stat.S_ISREG(status.st_mode) and status.st_size <= LARGEST_EXTRAS:
                with contextlib.suppress(OSError), open_file(path) as file:
                    total.update(hashlib.file_digest(file, "sha256").digest())
            else:
                total.update(f"{status.st_mtime_ns}".encode())
    return total.hexdigest()


def choose_extras(folder, files, base):
    """Return which files may lie beside the notebook.

    Left out are links and other things that are no ordinary files or cannot be read, what would
    take the place of an installed package, and what goes beyond ``LARGEST_EXTRAS``; and, without a
    word, other notebooks and the by-products of editors.

    Parameters
    ----------
    folder : Path
    files : dict
        As `list_files` returns it.
    base : str
        Where in the folder the notebook is; only what is there or below can be beside it.

    Returns
    -------
    tuple
        ``{name relative to the notebook: Path}`` and a list of events.
    """
    extras, events = {}, {}
    room = LARGEST_EXTRAS
    for name, status in files.items():
        inside = os.path.relpath(name, base or ".")
        if inside.startswith("..") or {name, inside} & {TIMESTAMP, UNREADABLE}:
            continue
        if name.lower().endswith(".ipynb") or is_by_product(name):
            continue
        first = Path(inside).parts[0]
        if not name.isprintable() or not _can_be_read(folder / name):
            kind = "odd-file"
        elif _hides_a_module(first, os.path.join(base, first), files):
            kind, name = "shadowing-file", first
        elif status.st_size > room:
            kind = "large-file"
        else:
            room -= status.st_size
            extras[inside] = folder / name
            continue
        events[kind, name] = event_log.event(kind, show_name(name))
    return extras, list(events.values())


def _can_be_read(path):
    try:
        open_file(path).close()
    except OSError as error:
        if faults.is_of_machine(error):
            raise
        return False
    return True


def is_by_product(name):
    """Tell whether a file is hidden or left by a program, such as JupyterLab's check points."""
    return any(part.startswith((".", "__MACOSX", "__pycache__")) for part in Path(name).parts)


def _walk(folder):
    """Yield name, path and status of everything below a folder that is no folder, sorted.

    And of folders that cannot be read.
    """
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as found:
                entries = sorted(found, key=_rank)
        except OSError:
            if here == folder:
                raise
            yield os.path.relpath(here, folder), here, here.lstat()
            continue
        for entry in entries:
            status = entry.stat(follow_symlinks=False)
            path = here / entry.name
            if stat.S_ISDIR(status.st_mode) and not entry.name.lower().endswith(".ipynb"):
                # what is taken next stands at the end
                waiting.insert(0 if is_by_product(entry.name) else len(waiting), path)
            else:
                yield os.path.relpath(path, folder), path, status


def _rank(entry):
    return not entry.name.lower().endswith(".ipynb"), os.fsencode(entry.name)


def _hides_a_module(first, path, files):
    """Tell whether ``import`` would find this file or folder instead of what is installed."""
    suffixes = importlib.machinery.all_suffixes()
    if path in files:
        return first.endswith(tuple(suffixes)) and _is_module(first.partition(".")[0])
    is_package = any(os.path.join(path, f"__init__{suffix}") in files for suffix in suffixes)
    return is_package and _is_module(first)


@functools.cache
def _is_module(name):
    try:
        return name.isidentifier() and importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):  # __main__ has no spec
        return True
