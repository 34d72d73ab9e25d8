"""The gradebook, opened once for a whole class instead of once per step and cell.

nbgrader's steps open the gradebook anew each and ask it for every cell and every grade by itself:
on a notebook with fifty tests that is most of what they cost. While a class is graded, what they
open is one of two objects with nbgrader's own methods:

- `AssignmentView` before the student's code runs: an assignment's cells, held in memory;
- `Ledger` after it: nbgrader's `Gradebook`, which loads the grades of a submission together and
  saves everything about it in one transaction.
"""

import contextlib
from types import SimpleNamespace

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    MissingEntry,
    Notebook,
    SolutionCell,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session, scoped_session, sessionmaker
from sqlalchemy.orm.attributes import set_committed_value

from course_utils.staff.grading import outcomes

# Milliseconds to wait while the formgrader writes to the gradebook.
PATIENCE = 60_000


class AssignmentView:
    """What the gradebook knows of one assignment, in memory and for reading only.

    Where nbgrader's steps would enter a student or a submission here, nothing happens: that is
    for the `Ledger`, when there are grades to enter.
    """

    def __init__(self, ledger, assignment):
        with Session(ledger.engine, expire_on_commit=False) as session:
            found = session.scalars(select(Assignment).where(Assignment.name == assignment))
            self._assignment = found.one_or_none()
            if self._assignment is None:
                raise MissingEntry(f"No such assignment: {assignment}")
            self._notebooks = {book.name: book for book in self._assignment.notebooks}
            self._sources, self._graded = {}, {}
            for name, book in self._notebooks.items():
                self._sources[name] = {cell.name: cell for cell in book.source_cells}
                graded = book.task_cells + book.grade_cells  # of both kinds: the grade cell
                self._graded[name] = {
                    cell.name: cell for cell in graded if cell.max_score is not None
                }
        self.db = SimpleNamespace(commit=_nothing)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def find_assignment(self, name):
        """Return the assignment."""
        return _known(self._assignment if name == self._assignment.name else None, name)

    def find_notebook(self, name, assignment):
        """Return one of its notebooks."""
        return _known(self._notebooks.get(name), assignment, name)

    def find_source_cell(self, name, notebook, assignment):
        """Return a source cell."""
        return _known(self._sources[notebook].get(name), assignment, notebook, name)

    def find_graded_cell(self, name, notebook, assignment):
        """Return a grade cell or a task cell."""
        return _known(self._graded[notebook].get(name), assignment, notebook, name)

    def update_or_create_student(self, student_id, **_):
        """Leave it to the `Ledger`."""

    def update_or_create_submission(self, assignment, student, **_):
        """Leave it to the `Ledger`; nobody is late yet."""
        return SimpleNamespace(total_seconds_late=0)

    def find_submission_notebook(self, notebook, assignment, student):
        """Return a notebook without grades."""
        return SimpleNamespace(grades=[])


class Ledger(Gradebook):
    """nbgrader's gradebook for one writer; what it saves, it saves once per submission.

    Parameters
    ----------
    db_url, course_id : str
        As nbgrader's `Gradebook`.
    """

    def __init__(self, db_url, course_id):
        super().__init__(db_url, course_id)
        self.db_url = db_url
        self.check_course()  # nbgrader's steps name no course, which enters its default one
        self.db.remove()
        event.listen(self.engine, "connect", _wait_when_locked)
        self.engine.dispose()  # the connections made before
        self.db = _OneCommit(
            sessionmaker(bind=self.engine, autoflush=True, expire_on_commit=False, future=True)
        )
        self._cells, self._found = {}, {}
        try:
            outcomes.create_table(self.engine)
        except Exception:  # nobody gets this ledger to close it
            self.close()
            raise

    def __exit__(self, *_):
        """Stay open: nbgrader's steps all close the gradebook when they are done."""

    @contextlib.contextmanager
    def transaction(self):
        """Save everything that happens inside, or nothing; memory of it is freed afterwards."""
        try:
            yield
            self.db().commit()
        finally:
            self.db.remove()
            self._found.clear()

    def find_grade(self, grade_cell, notebook, assignment, student):
        """Return a grade, from the notebook's grades loaded together."""
        grades = self.entries(Grade, notebook, assignment, student)
        return grades.get(grade_cell) or super().find_grade(
            grade_cell, notebook, assignment, student
        )

    def find_comment(self, solution_cell, notebook, assignment, student):
        """Return a comment, from the notebook's comments loaded together."""
        comments = self.entries(Comment, notebook, assignment, student)
        return comments.get(solution_cell) or super().find_comment(
            solution_cell, notebook, assignment, student
        )

    def find_submission_notebook(self, notebook, assignment, student):
        """Return a submitted notebook with its score."""
        submitted = super().find_submission_notebook(notebook, assignment, student)
        # left to nbgrader, this sum reads everybody's grades: it looks for them by the notebook,
        # and what the database keeps sorted is the cells
        ids = self._cell_ids(notebook, assignment, Grade)
        score = self.db.scalar(
            select(func.coalesce(func.sum(Grade.score), 0.0)).where(
                Grade.cell_id.in_(ids), Grade.notebook_id == submitted.id
            )
        )
        set_committed_value(submitted, "score", score)
        return submitted

    def students_with_grades(self, assignment):
        """Return who has a grade, be it an empty one, for every graded cell of an assignment."""
        with self.transaction():
            cells = sum(
                len(self._cell_ids(notebook.name, assignment, Grade))
                for notebook in self.find_assignment(assignment).notebooks
            )
            rows = (
                select(SubmittedAssignment.student_id)
                .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
                .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
                .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
                .where(Assignment.name == assignment)
                .group_by(SubmittedAssignment.student_id)
                .having(func.count(Grade.id) >= cells)
            )
            return set(self.db.scalars(rows))

    def entries(self, kind, notebook, assignment, student):
        """Return ``{cell name: entry}`` for all of one submitted notebook's grades or comments.

        Parameters
        ----------
        kind : type
            nbgrader's ``Grade`` or ``Comment``.
        """
        key = (kind, notebook, assignment, student)
        if key not in self._found:
            submitted = super().find_submission_notebook(notebook, assignment, student)
            ids = self._cell_ids(notebook, assignment, kind)
            rows = self.db.scalars(
                select(kind).where(kind.cell_id.in_(ids), kind.notebook_id == submitted.id)
            )
            self._found[key] = {ids[row.cell_id]: row for row in rows}
        return self._found[key]

    def _cell_ids(self, notebook, assignment, kind):
        """Return ``{id: name}`` of the cells that have a grade, or a comment."""
        key = (notebook, assignment, kind)
        if key not in self._cells:
            owners = (GradeCell, TaskCell) if kind is Grade else (SolutionCell, TaskCell)
            types = [owner.__mapper_args__["polymorphic_identity"] for owner in owners]
            rows = self.db.execute(
                select(BaseCell.__table__.c.id, BaseCell.__table__.c.name)
                .join(Notebook, Notebook.id == BaseCell.__table__.c.notebook_id)
                .join(Assignment, Assignment.id == Notebook.assignment_id)
                .where(
                    Notebook.name == notebook,
                    Assignment.name == assignment,
                    BaseCell.__table__.c.type.in_(types),
                )
            )
            self._cells[key] = dict(map(tuple, rows))
        return self._cells[key]


class _OneCommit(scoped_session):
    """A session in which nbgrader's many commits wait for the one at the end."""

    commit = staticmethod(lambda: None)


def _wait_when_locked(connection, _):
    connection.execute(f"PRAGMA busy_timeout = {PATIENCE}")


def _known(entry, *names):
    if entry is None:
        raise MissingEntry(f"No such entry: {'/'.join(names)}")
    return entry


def _nothing():
    """Do nothing."""
