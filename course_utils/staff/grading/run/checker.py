"""Check one notebook: the processes of the student's code, the source's files, and the walk.

This runs in a process of its own, forked for the notebook and trusted.
"""

import contextlib
import sys
import tempfile
from pathlib import Path

from course_utils.sandbox.local_modules import forget_namesakes
from course_utils.staff.grading.run import proxies
from course_utils.staff.grading.run.by_hand import ByHand
from course_utils.staff.grading.run.second_try import SecondTry
from course_utils.staff.grading.run.student_process import StudentProcess
from course_utils.staff.grading.run.walk import Walk


def check_notebook(work, student, by_hand, shell, order):
    """Run all cells of a ``Job`` and return the ``RunResult``.

    Parameters
    ----------
    work : Job
    student : tuple of socket.socket, int or None
        To the student's process, and its pidfd.
    by_hand : list of such tuples
        The process without libraries, if any.
    shell : CapturingShell
    order : dict
        The level of ``isolation``, and what the other process is ``without``.
    """
    process = StudentProcess(*student, proxies.proxy)
    for stream, pidfd in by_hand:
        other = StudentProcess(stream, pidfd, proxies.proxy)
        process.by_hand = ByHand(other, order["without"], work.limits.cell_seconds)
    with _folder_with(work.trusted_files):
        walk = SecondTry if work.failed else Walk
        return walk(work, process, shell, order["isolation"]).result()


@contextlib.contextmanager
def _folder_with(files):
    """Work in a folder with the source's files, from which tests may also import."""
    if not files:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="course-check-") as folder:
        for name, content in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        sys.path.insert(0, folder)
        forget_namesakes(files)
        with contextlib.chdir(folder):
            yield
