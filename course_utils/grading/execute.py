"""nbgrader's seam: in the place of its ``Execute`` stands the run room.

Named in ``nbgrader_config.py``, so that ``nbgrader autograde``, the formgrader's button and
``course autograde`` go the same way. Only outputs and execution counts are taken from the run,
never a cell's source or metadata.
"""

import contextlib
import itertools
import os
import stat
import sys
import tempfile
from pathlib import Path

import nbformat
from nbgrader import utils
from traitlets import Enum, Integer

from course_utils.grading import job as jobs
from course_utils.grading import record, run, seeds
from course_utils.grading.kernel_execute import ExecuteInKernel
from course_utils.sandbox.isolation import LEVELS

RESULT = "course_run"  # where a finished RunResult may wait in `resources`
LARGEST_FILE = 32 * 2**20  # bytes; of files beside the notebook, larger ones stay outside


class ExecuteSubmission(ExecuteInKernel):
    """Runs a submission's notebook in the run room (see ``docs/engine.md``)."""

    memory = Integer(2048, help="MiB that a notebook may use beyond what the libraries take.").tag(
        config=True
    )

    require_isolation = Enum(
        LEVELS,
        "none",
        help="Grade only where student code is isolated at least this much.",
    ).tag(config=True)

    room = Enum(
        ("sandbox", "kernel"),
        "sandbox" if sys.platform == "linux" else "kernel",
        help="Where notebooks run: the sandbox, or an ordinary kernel that isolates nothing.",
    ).tag(config=True)

    def __call__(self, nb, resources):
        """Run the notebook.

        Raises
        ------
        ValueError
            It is not to be run: there would be nothing to grade, because the outputs that a
            student's file brings along are not kept, and a test without an error is passed.
        """
        if not self.enabled:
            raise ValueError(
                "Execute.enabled is False (--no-execute), but grades come from running the "
                "notebook alone; expected True"
            )
        return super().__call__(nb, resources)

    def preprocess(self, nb, resources=None, km=None):
        """Run every cell of ``nb``, note seed, isolation and events in its metadata."""
        if self.room == "kernel" or not _is_python(nb):
            nb, resources = super().preprocess(nb, resources, km)
            nb.metadata[record.KEY]["isolation"] = "none"
            return nb, resources
        result = resources.pop(RESULT, None) or run.run_notebook(self.job_for(nb, resources))
        self._merge(nb, result, resources)
        return nb, resources

    def job_for(self, nb, resources):
        """Return the ``Job`` that runs a notebook which the prepare room has restored."""
        names = resources["nbgrader"]
        cells = tuple(
            jobs.Cell(index, record.name_of(cell, index), _role(cell), cell.source)
            for index, cell in enumerate(nb.cells)
            if cell.cell_type == "code"
        )
        return jobs.Job(
            cells,
            self._trusted(nb, names),
            seeds.student_seed(names["assignment"], names["student"]),
            jobs.Limits(
                self.timeout or 0,
                self.notebook_timeout,
                self.later_timeout or max(1, (self.timeout or 0) // 5),
                self.memory,
            ),
            _files_in(_folder(resources)),
            _files_in(self._source_folder(names)),
            require=self.require_isolation,
        )

    def _trusted(self, nb, names):
        """The source's code cells; what nbgrader keeps of a cell goes before the source's text.

        The gradebook's version of locked and test cells is the one that students got.
        """
        restored = {
            cell.metadata.nbgrader.grade_id: cell.source
            for cell in nb.cells
            if cell.cell_type == "code" and utils.is_locked(cell)
        }
        source = self._source_notebook(names)
        if source is None:  # the solutions' names are then those that the student defines
            source = nb
        return trusted_cells(source, restored, with_plain=source is not nb)

    def _source_notebook(self, names):
        folder = self._source_folder(names)
        return folder and _read(folder / f"{names['notebook']}.ipynb")

    def _source_folder(self, names):
        coursedir = getattr(getattr(self.parent, "parent", None), "coursedir", None)
        if coursedir is None:
            return None
        return Path(coursedir.format_path(coursedir.source_directory, ".", names["assignment"]))

    def _merge(self, nb, result, resources):
        names = resources["nbgrader"]
        note = nb.metadata.setdefault(record.KEY, {"events": []})
        note["seed"] = seeds.student_seed(names["assignment"], names["student"])
        note["isolation"] = result.isolation
        for kind, cell in result.events:
            record.add_event(nb, kind, cell)
        self.nb = nb
        self.reset_execution_trackers()
        for index, cell in enumerate(nb.cells):
            if cell.cell_type != "code":
                continue
            cell.outputs = []
            cell.execution_count = result.counts.get(index)
            self.clear_before_next_output = False
            for kind, content in _joined(result.messages.get(index, [])):
                if kind == "execute_result":
                    content = content | {"execution_count": cell.execution_count}
                message = {"msg_type": kind, "content": content, "parent_header": {}}
                message["header"] = {"msg_type": kind}
                self.process_message(message, cell, index)
        nb.metadata["language_info"] = _LANGUAGE
        _write_files(_folder(resources), result.files)


def trusted_cells(source, restored=None, with_plain=True):
    """Return a notebook's code cells as ``Job.trusted`` holds them.

    Parameters
    ----------
    source : NotebookNode
    restored : dict of str to str, optional
        Text that goes before the source's own, by grade_id.
    with_plain : bool
        Whether cells that are neither locked nor answers can be trusted as well.
    """
    trusted = []
    for index, cell in enumerate(source.cells):
        role = _role(cell) if cell.cell_type == "code" else None
        if role is None or (role == jobs.OTHER and not with_plain):
            continue
        name = record.name_of(cell, index)
        role = jobs.GIVEN if role == jobs.OTHER else role
        trusted.append((name, role, (restored or {}).get(name, cell.source)))
    return tuple(trusted)


def _role(cell):
    """What a code cell is in the run room: see ``job.ROLES``."""
    if utils.is_solution(cell):
        return jobs.SOLUTION
    if utils.is_grade(cell):
        return jobs.TEST
    return jobs.GIVEN if utils.is_locked(cell) else jobs.OTHER


def _is_python(nb):
    language = nb.metadata.get("kernelspec", {}).get("language", "python")
    return str(language).lower() in ("python", "")


def _joined(messages):
    """Pieces of one printed text as one message."""

    def stream(message):
        kind, content = message
        return content["name"] if kind == "stream" else None

    for name, group in itertools.groupby(messages, stream):
        if name is None:
            yield from group
        else:
            text = "".join(content["text"] for _, content in group)
            yield "stream", {"name": name, "text": text}


_LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
    "version": ".".join(map(str, sys.version_info[:3])),
}
_SOURCES = {}


def _read(path):
    """The notebook in a file, read once; None where there is none."""
    try:
        stamp = path.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    if _SOURCES.get(path, (None, None))[0] != stamp:
        _SOURCES[path] = stamp, nbformat.read(path, as_version=4)
    return _SOURCES[path][1]


# --- the files beside a notebook ----------------------------------------------------------------


def _folder(resources):
    path = resources.get("metadata", {}).get("path")
    return Path(path) if path else None


def _files_in(folder):
    """Name and content of the regular files beside a notebook, notebooks themselves left out."""
    files = {}
    for path in sorted(folder.rglob("*")) if folder and folder.is_dir() else []:
        info = path.lstat()
        is_wanted = stat.S_ISREG(info.st_mode) and path.suffix != ".ipynb"
        if is_wanted and sum(map(len, files.values())) + info.st_size <= LARGEST_FILE:
            files[path.relative_to(folder).as_posix()] = path.read_bytes()
    return files


def _write_files(folder, files):
    """Write what a notebook has written; nothing outside of ``folder``, no notebook."""
    for name, content in files.items():
        place = Path(name)
        if folder is None or place.is_absolute() or ".." in place.parts:
            continue
        if place.suffix == ".ipynb" or not name.isprintable():
            continue
        with contextlib.suppress(OSError):  # a name that this disk does not take, or a folder's
            _write_file(folder, place, content)


def _write_file(folder, place, content):
    parent = folder
    for part in place.parts[:-1]:
        parent = parent / part
        if parent.is_symlink():
            return
        parent.mkdir(exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(temporary, 0o644)
        os.replace(temporary, parent / place.name)
    except OSError:
        os.unlink(temporary)
        raise
