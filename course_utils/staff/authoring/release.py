"""Make the student release from the source notebooks, and refuse to give anything away."""

import contextlib
import filecmp
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbgrader.utils import find_all_files

from course_utils.staff.authoring import hint_tables, leaks
from course_utils.staff.authoring.leaks import Leak
from course_utils.staff.course import CourseError, generate, read_notebook, scratch_folder
from course_utils.staff.files import write_atomically
from course_utils.staff.grading.prepare import release_stamp
from course_utils.staff.names import show_name

# Nobody can see at a glance what such a file holds, so nobody can check it.
OPAQUE_SUFFIXES = {".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".pkl", ".pickle", ".pyc"}


@dataclass
class Release:
    """What making one assignment's release came to."""

    assignment: str
    leaks: list[Leak] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)  # files that differ from a fresh release

    @property
    def is_good(self):
        """Whether the release was complete and up to date."""
        return not self.leaks and not self.stale


def make_release(course, assignment):
    """Generate an assignment's release, and put it in ``release/`` unless it leaks.

    Returns
    -------
    Release
        ``stale`` lists the files that were new or have changed.

    Raises
    ------
    CourseError
        nbgrader could not generate it, or a source notebook cannot be read.
    """
    released = course.folder("release", assignment=assignment)
    with _fresh(course, assignment) as (folder, release):
        if release.leaks:
            return release
        tables = _hint_tables(course, assignment)
        release.stale = _differences(folder, released) + _stale_tables(course, tables)
        if release.stale:
            for path, text in tables.items():
                write_atomically(path, text)
            _replace(folder, released)
    return release


def check_release(course, assignment):
    """Compare ``release/`` with a fresh release and search it for leaks; write nothing."""
    released = course.folder("release", assignment=assignment)
    with _fresh(course, assignment) as (folder, release):
        if release.leaks:
            return release
        tables = _hint_tables(course, assignment)
        release.stale = _differences(folder, released) + _stale_tables(course, tables)
        if released.is_dir():  # someone may have edited what students get
            release.leaks = _leaks(course, assignment, released)
    return release


@contextlib.contextmanager
def _fresh(course, assignment):
    """Yield the folder of a fresh release and a `Release` with its leaks."""
    release = Release(assignment)
    for path in course.notebooks(assignment):
        release.leaks += leaks.misplaced_markers(read_notebook(path))
    with scratch_folder(course, "release") as scratch:
        folder = scratch / assignment
        if release.leaks:  # nbgrader would refuse, without saying where
            yield folder, release
            return
        problem = generate(course, assignment, scratch)
        if problem:
            raise CourseError(f"{show_name(assignment)}: nbgrader cannot make a release: {problem}")
        for path in course.notebooks(assignment):
            _stamp(folder / path.name)
        release.leaks = _leaks(course, assignment, folder)
        yield folder, release


def _stamp(path):
    """Write into a notebook how it is handed out, see `release_stamp`."""
    nb = read_notebook(path)
    nb.metadata.pop("widgets", None)  # of sliders of a kernel that is gone
    nb.metadata[release_stamp.KEY] = release_stamp.make_stamp(nb)
    nbformat.write(nb, path)


def _leaks(course, assignment, folder):
    secrets, found = [], []
    for source in course.notebooks(assignment):
        private = leaks.Private.of(read_notebook(source))
        secrets += private.secrets
        if (folder / source.name).is_file():
            released = read_notebook(folder / source.name)
            found += leaks.leaks_in_notebook(released, private)
    notebooks = {source.name for source in course.notebooks(assignment)}
    for path in sorted(Path(file) for file in find_all_files(str(folder))):
        name = str(path.relative_to(folder))
        if name in notebooks:
            continue
        if path.suffix.lower() in OPAQUE_SUFFIXES:
            why = f"a {path.suffix} file cannot be searched: put its content there unpacked"
            found.append(Leak(f"file {name}", why))
        text = path.read_bytes().decode("utf-8", errors="replace")
        found += [Leak(f"file {name}", why) for why in leaks.leaks_in_text(text, secrets)]
    return found


def _hint_tables(course, assignment):
    """Return path and content of the hint table that belongs to each notebook."""
    if not (course.root / "course_utils").is_dir():
        return {}  # a course without the package of its own, such as a test's
    folder = course.root / "course_utils" / "hints"
    tables = {}
    for path in course.notebooks(assignment):
        try:
            table = hint_tables.build_table(path)
        except ValueError as error:
            raise CourseError(f"no table of hints: {error}") from None
        text = json.dumps(table, indent=1, ensure_ascii=False)
        tables[folder / f"{path.stem}.json"] = text + "\n"
    return tables


def _stale_tables(course, tables):
    return [
        str(path.relative_to(course.root))
        for path, text in tables.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]


def _differences(fresh, released):
    """Return the names of files that only one of two folders has, or that differ."""
    names = set()
    for folder in (fresh, released):
        files = find_all_files(str(folder), [".ipynb_checkpoints"])
        names |= {str(Path(file).relative_to(folder)) for file in files}
    return sorted(
        name
        for name in names
        if not (fresh / name).is_file()
        or not (released / name).is_file()
        or not filecmp.cmp(fresh / name, released / name, shallow=False)
    )


def _replace(fresh, released):
    """Put the folder ``fresh`` in the place of ``released``."""
    released.parent.mkdir(parents=True, exist_ok=True)
    old = fresh.with_name(f"{fresh.name}-old")
    if released.exists():
        released.rename(old)
    try:
        fresh.rename(released)
    except OSError:
        if old.exists():
            old.rename(released)
        raise
    shutil.rmtree(old, ignore_errors=True)
