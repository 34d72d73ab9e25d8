"""How nbgrader's own command and the formgrader open a submitted notebook."""

import os
import stat

from nbconvert.exporters import NotebookExporter

from course_utils.staff.grading.prepare.intake import LARGEST_NOTEBOOK
from course_utils.staff.patches import quiet_sqlalchemy


class SubmissionExporter(NotebookExporter):
    """nbconvert's exporter of notebooks that opens regular files of a sensible size only.

    A pipe in the place of the notebook would hold up the class for ever.
    """

    def __init__(self, **options):
        super().__init__(**options)
        quiet_sqlalchemy()  # nbgrader makes its exporter before it opens the gradebook

    def from_filename(self, filename, resources=None, **kwargs):
        """Return the notebook and its resources.

        Raises
        ------
        ValueError
            It is a link, pipe, device or folder, or larger than ``LARGEST_NOTEBOOK``.
        """
        info = os.lstat(filename)
        if not stat.S_ISREG(info.st_mode):
            raise ValueError(f"{filename} is no regular file, so it was not opened")
        if info.st_size > LARGEST_NOTEBOOK:
            raise ValueError(
                f"{filename} has {info.st_size} bytes; notebooks up to {LARGEST_NOTEBOOK} are read"
            )
        return super().from_filename(filename, resources=resources, **kwargs)
