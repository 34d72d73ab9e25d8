"""Save the grades of a notebook all together."""

from nbgrader.preprocessors import SaveAutoGrades

from course_utils.staff.patches import without_commits


class SaveGradesTogether(SaveAutoGrades):
    """nbgrader's ``SaveAutoGrades`` in one transaction.

    Stock writes each cell's grade to the disk and waits for it, seconds for a long notebook; and
    a notebook whose grading breaks off half-way is left with grades old and new.
    """

    def preprocess(self, nb, resources):
        """Save automatic grades and comments; the notebook stays as it is."""
        self._last = len(nb.cells) - 1
        return super().preprocess(nb, resources)

    def preprocess_cell(self, cell, resources, cell_index):
        """Save what belongs to one cell, on the disk with the last one."""
        session = self.gradebook.db
        with without_commits(session):
            result = super().preprocess_cell(cell, resources, cell_index)
        if cell_index == self._last:
            session.commit()
        return result
