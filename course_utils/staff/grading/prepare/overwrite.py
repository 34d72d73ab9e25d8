"""nbgrader's step that puts locked cells back, without its warnings."""

import logging

from nbgrader.preprocessors import OverwriteCells

_SILENT = logging.getLogger(__name__)
_SILENT.addHandler(logging.NullHandler())
_SILENT.propagate = False


class OverwriteSilently(OverwriteCells):
    """nbgrader's ``OverwriteCells``, which says nothing.

    It warns of every test and task whose hidden part the release leaves out, and of every cell that
    is not graded: some 60 lines for honest work. What a student has changed is noted, in words, by
    `RestoreSubmission`.
    """

    def __init__(self, **options):
        super().__init__(**options)
        self.log = _SILENT
