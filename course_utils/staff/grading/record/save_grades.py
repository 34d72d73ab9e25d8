"""Save the grades of a notebook all together."""

from nbgrader import utils
from nbgrader.preprocessors import SaveAutoGrades

from course_utils.staff.grading import event_log
from course_utils.staff.patches import without_commits


class SaveGradesTogether(SaveAutoGrades):
    """nbgrader's ``SaveAutoGrades`` in one transaction.

    Stock writes each cell's grade to the disk and waits for it, seconds for a long notebook; and
    a notebook whose grading breaks off half-way is left with grades old and new.
    """

    def preprocess(self, nb, resources):
        """Save automatic grades and comments; the notebook's cells stay as they are."""
        self._nb = nb
        self._last = len(nb.cells) - 1
        self._waiting = nb.metadata.get(event_log.KEY, {}).get("waits", {})
        return super().preprocess(nb, resources)

    def preprocess_cell(self, cell, resources, cell_index):
        """Save what belongs to one cell, on the disk with the last one."""
        session = self.gradebook.db
        with without_commits(session):
            result = super().preprocess_cell(cell, resources, cell_index)
            if utils.is_grade(cell) or utils.is_task(cell):
                self._note_surplus(cell)
        if cell_index == self._last:
            session.commit()
        return result

    def _add_score(self, cell, resources):
        """Give no score where a person is to decide, as nbgrader does for written answers."""
        super()._add_score(cell, resources)
        name = cell.metadata.nbgrader.grade_id
        if name in self._waiting:
            names = self.notebook_id, self.assignment_id, self.student_id
            grade = self.gradebook.find_grade(name, *names)
            grade.auto_score, grade.needs_manual_grade = None, True

    def _note_surplus(self, cell):
        """Have a person look at a mark from before the course made the cell worth less."""
        name = cell.metadata.nbgrader.grade_id
        names = self.notebook_id, self.assignment_id, self.student_id
        grade = self.gradebook.find_grade(name, *names)
        if (grade.manual_score or 0) > cell.metadata.nbgrader.points:
            grade.needs_manual_grade = True
            event_log.add_event(self._nb, "more-than-all", name)
