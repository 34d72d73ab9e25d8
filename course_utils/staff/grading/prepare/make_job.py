"""The last step of preparing: from a restored notebook to the ``Job`` that runs it."""

import stat

from nbgrader import utils

from course_utils.staff.grading import event_log
from course_utils.staff.grading import job as jobs
from course_utils.staff.grading.prepare.handed_out import read_source
from course_utils.staff.grading.prepare.submitted_files import TIMESTAMP

LARGEST_FILE = 32 * 2**20  # bytes; of files beside the notebook, larger ones stay outside


def job_for(
    nb,
    *,
    seed_of,
    limits,
    folder,
    source_folder,
    source_name,
    require,
    by_hand,
    rests_on=None,
):
    """Return the ``Job`` that runs a notebook whose cells have been restored.

    Parameters
    ----------
    nb : NotebookNode
    seed_of : callable
        From the student's cells and files to the seed, as the last two parameters of
        `seeds.seed_of`.
    limits : NotebookLimits
    folder, source_folder : Path or None
        Where the submission's files lie, and the source's.
    source_name : str
        File name of the source notebook.
    require : str
        The lowest isolation that will do.
    by_hand : bool
    rests_on : dict, optional
        Both as in ``Job``.
    """
    source = source_folder and read_source(source_folder / source_name)
    cells = tuple(
        jobs.Cell(index, name, role_of(cell), cell.source)
        for index, (cell, name) in enumerate(_named(nb))
        if cell.cell_type == "code"
    )
    files, given = _files_in(folder), _files_in(source_folder)
    own = [cell.source if cell.role in (jobs.SOLUTION, jobs.OTHER) else "" for cell in cells]
    return jobs.Job(
        cells,
        _trusted(nb, source),
        seed_of(own, {name: files[name] for name in files if files[name] != given.get(name)}),
        limits,
        files,
        given,
        require,
        by_hand,
        rests_on=rests_on if rests_on and source else {},
    )


def _trusted(nb, source):
    """The source's code cells; what nbgrader keeps of a cell goes before the source's text.

    The gradebook's version of locked and test cells is the one that students got.
    """
    restored = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in nb.cells
        if cell.cell_type == "code" and utils.is_locked(cell)
    }
    if source is None:  # the solutions' names are then those that the student defines
        source = nb
    return trusted_cells(source, restored, with_plain=source is not nb)


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
    for cell, name in _named(source):
        role = role_of(cell) if cell.cell_type == "code" else None
        if role is None or (role == jobs.OTHER and not with_plain):
            continue
        role = jobs.GIVEN if role == jobs.OTHER else role
        trusted.append((name, role, (restored or {}).get(name, cell.source)))
    return tuple(trusted)


def _named(nb):
    return zip(nb.cells, event_log.names_of(nb.cells), strict=True)


def role_of(cell):
    """Return what a code cell is in the run room: one of ``job.ROLES``."""
    if utils.is_solution(cell):
        return jobs.SOLUTION
    if utils.is_grade(cell):
        return jobs.TEST
    return jobs.GIVEN if utils.is_locked(cell) else jobs.OTHER


def _files_in(folder):
    """Name and content of the regular files beside a notebook.

    Without notebooks, and without the time of handing in: the same work handed in again is the
    same.
    """
    files, room = {}, LARGEST_FILE
    for path in sorted(folder.rglob("*")) if folder and folder.is_dir() else []:
        info = path.lstat()
        is_wanted = (
            stat.S_ISREG(info.st_mode) and path.suffix != ".ipynb" and path != folder / TIMESTAMP
        )
        if is_wanted and info.st_size <= room:
            room -= info.st_size
            files[path.relative_to(folder).as_posix()] = path.read_bytes()
    return files
