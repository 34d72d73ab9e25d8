"""Who scored what, and what went wrong."""

from dataclasses import dataclass, field

from nbgrader.api import MissingEntry

from course_utils.staff.course import CourseError, read_notebook
from course_utils.staff.grading import event_log
from course_utils.staff.grading.event_log import exercise_of
from course_utils.staff.grading.follow_through import carried_points
from course_utils.staff.grading.outcomes import Outcome, read_outcomes
from course_utils.staff.grading.results import (
    NOT_GRADED,
    graded_notebooks,
    outcome_as_seen,
)
from course_utils.staff.names import show_name
from course_utils.staff.reports.what_went_wrong import what_went_wrong

OLDER_POINTS = "graded with other points"  # a label, as those of `what_went_wrong`


@dataclass
class Score:
    """Points of one exercise; ``waits`` while a part of it needs manual grading.

    ``carried`` are those of its points that are carried forward.
    """

    points: float = 0
    out_of: float = 0
    waits: bool = False
    carried: float = 0


@dataclass
class Line:
    """One student's line of the report; ``exercises`` maps an exercise to its `Score`.

    ``waits``, ``stock_trust`` and ``failing`` are what `undecided.LeaveUndecided` noted.
    """

    student: str
    exercises: dict[str, Score]
    penalty: float = 0
    wrong: list[str] = field(default_factory=list)
    outcome: Outcome = NOT_GRADED
    waits: dict[str, str] = field(default_factory=dict)
    stock_trust: list[str] = field(default_factory=list)
    failing: list[str] = field(default_factory=list)

    @property
    def total(self):
        """Points in all, the late penalty taken off."""
        return self.earned + self.carried - self.penalty

    @property
    def earned(self):
        """Points of what is right as it stands, and of marks that people gave."""
        return sum(score.points - score.carried for score in self.exercises.values())

    @property
    def carried(self):
        """Points carried forward: of what is right but for a mistake in an earlier exercise."""
        return sum(score.carried for score in self.exercises.values())


@dataclass
class Report:
    """The report on one assignment; ``exercises`` maps each exercise to its points.

    ``is_stale`` where the source has other cells or points by now than the gradebook, whose scores
    and points these are.
    """

    assignment: str
    exercises: dict[str, float]
    lines: list[Line]
    is_stale: bool = False

    @property
    def out_of(self):
        """Points of the whole assignment."""
        return sum(self.exercises.values())


def make_report(course, assignment):
    """Read the gradebook, the graded notebooks and the outcomes of one assignment.

    Returns
    -------
    Report
        A line for everyone who submitted, graded or not.
    """
    name = show_name(assignment)
    saved = read_outcomes(course.gradebook_file).get(assignment, {})
    lines = []
    with course.gradebook() as gradebook:
        try:
            found = gradebook.find_assignment(assignment)
        except MissingEntry:
            raise CourseError(
                f"{name} is not in the gradebook: run `course autograde {name}`"
            ) from None
        points, in_source = _points_in_gradebook(found), _points_in_source(course, assignment)
        exercises = _by_exercise(points, in_source)
        submissions = {submission.student.id: submission for submission in found.submissions}
        for student in sorted(set(course.students("submitted", assignment)) | set(submissions)):
            scores = {name: Score(out_of=points) for name, points in exercises.items()}
            is_entered = student in submissions
            paths = graded_notebooks(course, assignment, student) if is_entered else []
            notebooks = [read_notebook(path) for path in paths]
            by_name = {path.stem: nb for path, nb in zip(paths, notebooks, strict=True)}
            outcome = outcome_as_seen(saved, student, notebooks, is_entered)
            line = Line(student, scores, outcome=outcome)
            if is_entered:
                _read_grades(line, submissions[student], by_name)
            for path, nb in zip(paths, notebooks, strict=True):
                if _points_of(path.stem, nb) != _of_notebook(path.stem, points):
                    line.wrong.append(OLDER_POINTS)
                line.wrong += what_went_wrong(nb)
                note = nb.metadata.get(event_log.KEY, {})
                line.waits |= note.get("waits", {})
                line.stock_trust += note.get("stock_trust", [])
                line.failing += note.get("failing", [])
            lines.append(line)
    return Report(assignment, exercises, lines, is_stale=points != in_source)


def _points_in_gradebook(assignment):
    """Return ``{(notebook, cell): points}`` of the cells that earn any."""
    return {
        (notebook.name, cell.name): cell.max_score
        for notebook in assignment.notebooks
        for cell in (*notebook.grade_cells, *notebook.task_cells)
        if cell.max_score
    }


def _points_in_source(course, assignment):
    points = {}
    for path in course.notebooks(assignment):
        points |= _points_of(path.stem, read_notebook(path))
    return points


def _points_of(notebook, nb):
    found = [cell.metadata.get("nbgrader", {}) for cell in nb.cells]
    return {
        (notebook, meta["grade_id"]): meta["points"]
        for meta in found
        if (meta.get("grade") or meta.get("task")) and meta.get("points")
    }


def _of_notebook(notebook, points):
    return {key: value for key, value in points.items() if key[0] == notebook}


def _by_exercise(points, in_source):
    """Return the points of each exercise, in the source's order as far as it has them."""
    exercises = {}
    for key in [*(key for key in in_source if key in points), *sorted(points)]:
        exercises.setdefault(exercise_of(key[1]), {})[key] = points[key]
    return {name: sum(of_cells.values()) for name, of_cells in exercises.items()}


def _read_grades(line, submission, graded):
    for notebook in submission.notebooks:
        line.penalty += notebook.late_submission_penalty or 0
        for grade in notebook.grades:
            score = line.exercises.get(exercise_of(grade.name))
            if score is not None:
                score.points += grade.score
                score.waits |= grade.needs_manual_grade
                if notebook.name in graded:
                    score.carried += carried_points(graded[notebook.name], grade)
