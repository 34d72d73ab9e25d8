"""Who scored what, and what went wrong."""

import csv
import io
from dataclasses import dataclass, field

from nbgrader import utils
from nbgrader.api import MissingEntry
from rich.table import Table
from rich.text import Text

from course_utils.check.verdict import CARD_MIME
from course_utils.sandbox.isolation import LEVELS
from course_utils.staff.course import CourseError, read_notebook
from course_utils.staff.files import write_atomically
from course_utils.staff.grading import event_log
from course_utils.staff.grading.outcomes import GRADED, Outcome, read_outcomes
from course_utils.staff.grading.results import (
    NOT_GRADED,
    exercise_of,
    graded_notebooks,
    outcome_as_seen,
)
from course_utils.staff.names import csv_cell, show_name

UNNAMED = ("AssertionError", "CheckFailed")
# errors that grading puts into cells; the outcome's label already says so
OUTCOMES = ("CellTimeoutError", "DeadKernel", "KeyboardInterrupt", "NotRun")


@dataclass
class Score:
    """Points of one exercise; ``waits`` while a part of it needs manual grading."""

    points: float = 0
    out_of: float = 0
    waits: bool = False


@dataclass
class Line:
    """One student's line of the report; ``exercises`` maps an exercise to its `Score`.

    ``waits`` and ``stock_trust`` are what `undecided.LeaveUndecided` noted.
    """

    student: str
    exercises: dict[str, Score]
    penalty: float = 0
    wrong: list[str] = field(default_factory=list)
    outcome: Outcome = NOT_GRADED
    waits: dict[str, str] = field(default_factory=dict)
    stock_trust: list[str] = field(default_factory=list)

    @property
    def total(self):
        """Points in all, the late penalty taken off."""
        return sum(score.points for score in self.exercises.values()) - self.penalty


@dataclass
class Report:
    """The report on one assignment; ``exercises`` maps each exercise to its points."""

    assignment: str
    exercises: dict[str, float]
    lines: list[Line]

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
    exercises, name = _exercises(course, assignment), show_name(assignment)
    saved = read_outcomes(course.gradebook_file).get(assignment, {})
    lines = []
    with course.gradebook() as gradebook:
        try:
            graded = gradebook.find_assignment(assignment).submissions
        except MissingEntry:
            raise CourseError(
                f"{name} is not in the gradebook: run `course autograde {name}`"
            ) from None
        submissions = {submission.student.id: submission for submission in graded}
        for student in sorted(set(course.students("submitted", assignment)) | set(submissions)):
            scores = {name: Score(out_of=points) for name, points in exercises.items()}
            is_entered = student in submissions
            paths = graded_notebooks(course, assignment, student) if is_entered else []
            notebooks = [read_notebook(path) for path in paths]
            outcome = outcome_as_seen(saved, student, notebooks, is_entered)
            line = Line(student, scores, outcome=outcome)
            if is_entered:
                _read_grades(line, submissions[student])
            for nb in notebooks:
                line.wrong += what_went_wrong(nb)
                note = nb.metadata.get(event_log.KEY, {})
                line.waits |= note.get("waits", {})
                line.stock_trust += note.get("stock_trust", [])
            lines.append(line)
    return Report(assignment, exercises, lines)


def what_went_wrong(nb):
    """Return the mistakes recognised in a graded notebook, and the errors of answer cells.

    Returns
    -------
    list of str
        Such as "kernel-flipped (C1, C5)" and "SyntaxError (C1)".
    """
    answers = [cell for cell in nb.cells if cell.cell_type == "code" and utils.is_solution(cell)]
    if answers and all(_is_untouched(cell) for cell in answers):
        return ["nothing answered"]
    answer_problems, named, failures = {}, {}, {}
    for cell in nb.cells:
        exercise = exercise_of(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
        if cell.cell_type == "code" and utils.is_solution(cell):
            problems = ["not answered"] if _is_untouched(cell) else _errors(cell)
            answer_problems.setdefault(exercise, []).extend(problems)
        elif cell.cell_type == "code" and utils.is_grade(cell):
            if "_hidden" in cell.metadata.nbgrader.grade_id:
                named.setdefault(exercise, []).extend(_mistakes(cell))
                failures.setdefault(exercise, []).extend(_errors(cell))
            else:  # a visible test sees one input and may guess wrong: only the last resort
                failures.setdefault(exercise, []).extend(_mistakes(cell) or _errors(cell))
    exercises_with = {}
    for exercise in failures:
        # where the answer itself is amiss, its tests' errors are only what follows from that
        problems = answer_problems.get(exercise) or named.get(exercise)
        if not problems:
            problems = [name for name in failures[exercise] if name not in UNNAMED]
            problems = problems or (["wrong"] if failures[exercise] else [])
        for problem in dict.fromkeys(problems):
            exercises_with.setdefault(problem, []).append(exercise)
    return [
        f"{problem} ({', '.join(exercises)})"
        for problem, exercises in exercises_with.items()
        if problem not in OUTCOMES
    ]


def problems_of(line):
    """Return what went wrong for one student, as one line of text."""
    return "; ".join(part for part in (line.outcome.label, *line.wrong) if part)


def as_table(report, with_problems=True):
    """Return the report as a rich ``Table``, with or without a column of what went wrong."""
    table = Table(
        title=Text(show_name(report.assignment)),
        box=None,
        padding=(0, 1, 0, 0),
        header_style="bold",
    )
    table.add_column("student", overflow="fold")  # gives way where there is too little room
    for name, points in report.exercises.items():
        heading = Text(f"{show_name(name)}\n/{points:g}")
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column(f"total\n/{report.out_of:g}", justify="right", no_wrap=True)
    table.add_column("late", justify="right", no_wrap=True)
    if with_problems:
        table.add_column("what went wrong")
    for line in report.lines:
        table.add_row(
            Text(show_name(line.student)),
            *(_as_text(score, line.outcome) for score in line.exercises.values()),
            f"{line.total:.4g}" if line.outcome != NOT_GRADED else "-",
            f"-{line.penalty:.3g}" if line.penalty else "",
            *([Text(problems_of(line))] if with_problems else []),
        )
    return table


def legend(report):
    """Return what the signs in the table mean, as far as they occur."""
    waits = any(score.waits for line in report.lines for score in line.exercises.values())
    return "? needs manual grading (formgrader)" if waits else ""


def undecided(report):
    """Return lines on the tests that the engine could not decide, and on who has."""
    lines, waits = [], {}
    for line in report.lines:
        waits |= line.waits
    lines += [
        f"{cell} cannot be decided by the computer and waits for a person: {why}"
        for cell, why in waits.items()
    ]
    trusted = sorted({cell for line in report.lines for cell in line.stock_trust})
    if trusted:
        lines.append(
            f"decided at stock's trust, beside the students' code in an ordinary kernel: "
            f"{', '.join(trusted)}"
        )
    return lines


def weak_isolation(report):
    """Return one line on students' code that was not fully shut in; empty where all was."""
    levels = [line.outcome.isolation for line in report.lines if line.outcome.status == GRADED]
    weak = [level for level in levels if level != LEVELS[-1]]
    if not weak:
        return ""
    lowest = min(weak, key=lambda level: LEVELS.index(level) if level in LEVELS else 0)
    return (
        f"isolation below {LEVELS[-1]!r} while {len(weak)} of {len(levels)} were graded "
        f"(lowest: {lowest or 'unknown'!r}): trust their scores accordingly, see docs/engine.md"
    )


def write_csv(report, path):
    """Write the report as a CSV file: one line per student, exercises as columns.

    An exercise that waits for a grader is left empty, and so is the line of who has not been
    autograded: a 0 could be taken for a grade. What a spreadsheet would take for a formula has a
    ``'`` before it.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(
        ["student", *map(_cell, report.exercises), "late_penalty", "total", "out_of"]
        + ["needs_manual_grading", "what_went_wrong", "message"]
    )
    for line in report.lines:
        scores, waiting, message = [""] * (len(report.exercises) + 2), "", ""
        if line.outcome != NOT_GRADED:
            scores = ["" if s.waits else f"{s.points:g}" for s in line.exercises.values()]
            scores += [f"{line.penalty:g}", f"{line.total:g}"]
            waiting = " ".join(name for name, score in line.exercises.items() if score.waits)
            message = line.outcome.student
        writer.writerow(
            [_cell(line.student), *scores, f"{report.out_of:g}"]
            + [_cell(waiting), _cell(problems_of(line)), _cell(message)]
        )
    write_atomically(path, file.getvalue())


def _cell(text):
    """Return a text for a cell of the CSV file; a student's name is not shortened."""
    return csv_cell(show_name(text, longest=None))


def _exercises(course, assignment):
    exercises = {}
    for path in course.notebooks(assignment):
        for cell in read_notebook(path).cells:
            meta = cell.metadata.get("nbgrader", {})
            if (meta.get("grade") or meta.get("task")) and meta.get("points"):
                name = exercise_of(meta["grade_id"])
                exercises[name] = exercises.get(name, 0) + meta["points"]
    return exercises


def _read_grades(line, submission):
    for notebook in submission.notebooks:
        line.penalty += notebook.late_submission_penalty or 0
        for grade in notebook.grades:
            score = line.exercises.get(exercise_of(grade.name))
            if score is not None:
                score.points += grade.score
                score.waits |= grade.needs_manual_grade


def _as_text(score, outcome):
    if outcome == NOT_GRADED:
        return Text("-")
    if score.waits:
        return Text(f"{score.points:.3g}?" if score.points else "?", style="cyan")
    style = "green" if score.points == score.out_of else "yellow" if score.points else "red"
    return Text(f"{score.points:.3g}", style=style)


def _is_untouched(cell):
    meta = cell.metadata.nbgrader
    return "checksum" in meta and meta["checksum"] == utils.compute_checksum(cell)


def _errors(cell):
    return [show_name(output.ename) for output in cell.outputs if output.output_type == "error"]


def _mistakes(cell):
    cards = [output.data[CARD_MIME] for output in cell.outputs if CARD_MIME in _data(output)]
    return [show_name(card["mistake"]) for card in cards if card.get("mistake")]


def _data(output):
    return output.get("data", {})
