"""Save the grades of a notebook all together."""

from nbgrader import utils
from nbgrader.preprocessors import SaveAutoGrades

from course_utils.staff.grading import event_log
from course_utils.staff.grading.record.answers import answers_of, read_answers, save_answers
from course_utils.staff.patches import without_commits


class SaveGradesTogether(SaveAutoGrades):
    """nbgrader's ``SaveAutoGrades`` in one transaction; marks by hand stand while answers do.

    Stock writes each cell's grade to the disk and waits for it, seconds for a long notebook; and
    a notebook whose grading breaks off half-way is left with grades old and new. It also has a
    person look again at every mark that was given by hand, whenever the notebook is graded.
    """

    def preprocess(self, nb, resources):
        """Save automatic grades and comments; the notebook's cells stay as they are."""
        self._nb = nb
        names = resources["nbgrader"]
        self._names = {key: names[key] for key in ("assignment", "student", "notebook")}
        self._last = len(nb.cells) - 1
        self._waiting = nb.metadata.get(event_log.KEY, {}).get("waits", {})
        self._answers, self._marked = answers_of(nb), None
        return super().preprocess(nb, resources)

    def preprocess_cell(self, cell, resources, cell_index):
        """Save what belongs to one cell, on the disk with the last one."""
        session = self.gradebook.db
        with without_commits(session):
            result = super().preprocess_cell(cell, resources, cell_index)
            if utils.is_task(cell):
                grade = self._grade(cell)
                self._leave_done(cell, grade, is_done=not grade.needs_manual_grade)
            if utils.is_grade(cell) or utils.is_task(cell):
                self._note_surplus(cell)
        if cell_index == self._last:
            if self._answers:
                save_answers(session, self._names, self._answers)
            session.commit()
        return result

    def _add_score(self, cell, resources):
        """Give no score where a person is to decide, as nbgrader does for written answers."""
        grade = self._grade(cell)
        is_done = not grade.needs_manual_grade
        super()._add_score(cell, resources)
        if cell.metadata.nbgrader.grade_id in self._waiting:
            grade.auto_score, grade.needs_manual_grade = None, True
        self._leave_done(cell, grade, is_done)

    def _leave_done(self, cell, grade, is_done):
        """Have a person look again at a mark by hand only where the answer is another."""
        if self._marked is None:
            self._marked = read_answers(self.gradebook.db, self._names)
        if grade.manual_score is not None:
            name = cell.metadata.nbgrader.grade_id
            is_same = self._marked.get(name) == self._answers[name]
            grade.needs_manual_grade = not (is_done and is_same)

    def _note_surplus(self, cell):
        """Have a person look at a mark from before the course made the cell worth less."""
        grade = self._grade(cell)
        if (grade.manual_score or 0) > cell.metadata.nbgrader.points:
            grade.needs_manual_grade = True
            event_log.add_event(self._nb, "more-than-all", cell.metadata.nbgrader.grade_id)

    def _grade(self, cell):
        name = cell.metadata.nbgrader.grade_id
        return self.gradebook.find_grade(
            name, self.notebook_id, self.assignment_id, self.student_id
        )
