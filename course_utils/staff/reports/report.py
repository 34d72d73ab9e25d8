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
from course_utils.staff.grading import event_log
from course_utils.staff.grading.event_log import exercise_of
from course_utils.staff.grading.outcomes import GRADED, Outcome, read_outcomes
from course_utils.staff.grading.results import (
    NOT_GRADED,
    graded_notebooks,
    outcome_as_seen,
)
from course_utils.staff.grading.rules import WHAT_NEXT
from course_utils.staff.names import csv_cell, show_name

UNNAMED = ("AssertionError", "CheckFailed", "Failed")  # the last is pytest's
# errors that grading puts into cells; the outcome's label already says so
OUTCOMES = ("CellTimeoutError", "DeadKernel", "KeyboardInterrupt", "NotRun")

# what the report says of work that is not right; docs/grading.md explains them
NOTHING_ANSWERED = "nothing answered"
NOT_ANSWERED = "not answered"
NOT_ALL = "not all answered"
WRONG = "wrong"
OLDER_POINTS = "graded with other points"

# columns of the screen, in the table
GAP = 1  # behind each column
LEAST_NAME = 13  # the least that a name gets, if it is longer
LEAST_WORDS = 40  # with less room, what went wrong does not stand in the table
LONGEST_HEADING = 12


@dataclass
class Score:
    """Points of one exercise; ``waits`` while a part of it needs manual grading."""

    points: float = 0
    out_of: float = 0
    waits: bool = False


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
        return sum(score.points for score in self.exercises.values()) - self.penalty


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
            outcome = outcome_as_seen(saved, student, notebooks, is_entered)
            line = Line(student, scores, outcome=outcome)
            if is_entered:
                _read_grades(line, submissions[student])
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


def what_went_wrong(nb):
    """Return the mistakes recognised in a graded notebook, and the errors of answer cells.

    Returns
    -------
    list of str
        Such as "kernel-flipped (C1, C5)" and "SyntaxError (C1)".
    """
    answers = [cell for cell in nb.cells if utils.is_solution(cell)]
    if answers and all(_is_untouched(cell) for cell in answers):
        return [NOTHING_ANSWERED]
    parts = _parts(nb)
    found = {}  # problem -> the exercises that have it
    for exercise in dict.fromkeys(exercise for exercise, _ in parts):
        problems = [part.problems() for (name, _), part in parts.items() if name == exercise]
        for problem in dict.fromkeys(problem for of_part in problems for problem in of_part):
            if problem == NOT_ANSWERED and any(of_part != [problem] for of_part in problems):
                problem = NOT_ALL
            found.setdefault(problem, []).append(exercise)
    return [
        f"{problem} ({', '.join(exercises)})"
        for problem, exercises in found.items()
        if problem not in OUTCOMES
    ]


@dataclass
class _Part:
    """A part of an exercise: an answer in code, and what its tests showed."""

    answer: list[str] = field(default_factory=list)
    recognised: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def problems(self):
        """Return what to tell of it: where the answer is amiss, tests only follow from that."""
        if self.answer or self.recognised:
            return self.answer or self.recognised
        named = [name for name in self.failures if name not in UNNAMED]
        return named or ([WRONG] if self.failures else [])


def _parts(nb):
    """Return ``{(exercise, answer): _Part}``; a test belongs to the answer whose name it begins
    with, otherwise to the last one above it in its exercise.
    """
    code = [cell for cell in nb.cells if cell.cell_type == "code" and _grade_id(cell)]
    answers = [_grade_id(cell) for cell in code if utils.is_solution(cell)]
    parts, above = {}, {}
    for cell in code:
        name = _grade_id(cell)
        exercise = exercise_of(name)
        if utils.is_solution(cell):
            above[exercise] = name
            part = parts.setdefault((exercise, name), _Part())
            part.answer += [NOT_ANSWERED] if _is_untouched(cell) else _errors(cell)
        elif utils.is_grade(cell):
            named = [answer for answer in answers if name.startswith(f"{answer}_")]
            owner = max(named, key=len, default=above.get(exercise))
            part = parts.setdefault((exercise, owner), _Part())
            if "_hidden" in name:
                part.recognised += _mistakes(cell)
                part.failures += _errors(cell)
            else:  # a visible test sees one input and may guess wrong: only the last resort
                part.failures += _mistakes(cell) or _errors(cell)
    return parts


def _grade_id(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def problems_of(line):
    """Return what went wrong for one student, as one line of text."""
    return "; ".join(part for part in (line.outcome.label, *line.wrong) if part)


def as_tables(report, width):
    """Return the report as rich tables, and whether they hold what went wrong.

    No number is ever cut. Where there is too little room, what went wrong is left to whoever prints
    the tables, then names are broken into lines, then there are several tables.

    Parameters
    ----------
    report : Report
    width : int
        Columns of the screen.
    """
    columns = [
        _Column(show_name(name), points, [_as_text(line, name) for line in report.lines], True)
        for name, points in report.exercises.items()
    ]
    totals = [
        Text("-" if line.outcome == NOT_GRADED else _number(line.total)) for line in report.lines
    ]
    late = [Text(f"-{_number(line.penalty)}" if line.penalty else "") for line in report.lines]
    columns += [_Column("total", report.out_of, totals, True), _Column("late", None, late, True)]
    names = _Column("student", None, [Text(show_name(line.student)) for line in report.lines])
    words = _Column("what went wrong", None, [Text(problems_of(line)) for line in report.lines])
    least = min(names.width, LEAST_NAME)
    groups = _side_by_side(columns, width - least)
    taken = max(sum(column.width for column in group) for group in groups)
    with_problems = len(groups) == 1 and width - taken - least >= LEAST_WORDS
    if with_problems:
        names.width = min(names.width, width - taken - LEAST_WORDS)
        words.width = min(words.width, width - taken - names.width)
        groups = [[*columns, words]]
    else:
        names.width = max(least, min(names.width, width - taken))
    tables = [_table([names, *group]) for group in groups]
    tables[0].title = Text(show_name(report.assignment))
    return tables, with_problems


def _table(columns):
    """Return a table of columns, none of them narrower than it wants to be."""
    width = sum(column.width for column in columns)
    table = Table(box=None, padding=(0, GAP, 0, 0), header_style="bold", width=width)
    for column in columns:
        side = "right" if column.is_number else "left"
        table.add_column(column.heading, justify=side, overflow="fold", width=column.width - GAP)
    for row in zip(*(column.cells for column in columns), strict=True):
        table.add_row(*row)
    return table


class _Column:
    """A column as wide as what stands in it; a long heading of numbers is broken into lines."""

    def __init__(self, name, points, cells, is_number=False):
        self.heading = Text(name if points is None else f"{name}\n/{_number(points)}")
        self.cells, self.is_number = cells, is_number
        first, *rest = map(len, self.heading.plain.split("\n"))
        numbers = [*rest, *(cell.cell_len for cell in cells)]
        self.width = max(min(first, LONGEST_HEADING) if is_number else first, *numbers, 1) + GAP


def _side_by_side(columns, room):
    """Return the columns in groups that fit into the room; at least one column in each."""
    groups, left = [], 0
    for column in columns:
        if not groups or column.width > left:
            groups.append([])
            left = room
        groups[-1].append(column)
        left -= column.width
    return groups


def legend(report):
    """Return what the signs in the table mean, as far as they occur."""
    waits = any(score.waits for line in report.lines for score in line.exercises.values())
    return "? needs manual grading (formgrader)" if waits else ""


def stale(report):
    """Return one line where the source has changed since; empty where it has not."""
    name = show_name(report.assignment)
    if report.is_stale:
        return (
            f"cells or points in source/ have changed since; points and scores are those before "
            f"the change: run `course autograde {name}`"
        )
    if any(OLDER_POINTS in line.wrong for line in report.lines):
        return (
            f"{OLDER_POINTS}: the score was given before points were changed; "
            f"run `course autograde {name}`"
        )
    return ""


def undecided(report):
    """Return lines on the tests that the engine could not decide, and on who has."""
    lines, waits = [], {}
    for line in report.lines:
        waits |= line.waits
    lines += [
        f"{cell} cannot be decided by the computer and waits for a person: {why}"
        for cell, why in waits.items()
    ]
    if waits:
        lines.append(WHAT_NEXT)
    trusted = sorted({cell for line in report.lines for cell in line.stock_trust})
    if trusted:
        lines.append(
            f"decided at stock's trust, beside the students' code in an ordinary kernel: "
            f"{', '.join(trusted)}"
        )
    failing = sorted({cell for line in report.lines for cell in line.failing})
    if failing:
        lines.append(f"graded although the source's own answers do not pass: {', '.join(failing)}")
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


def as_csv(report):
    """Return the report as CSV: one line per student, exercises as columns.

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
            points = line.exercises.values()
            scores = ["" if score.waits else _number(score.points, 6) for score in points]
            scores += [_number(line.penalty, 6), _number(line.total, 6)]
            waiting = " ".join(name for name, score in line.exercises.items() if score.waits)
            message = line.outcome.student
        writer.writerow(
            [_cell(line.student), *scores, _number(report.out_of, 6)]
            + [_cell(waiting), _cell(problems_of(line)), _cell(message)]
        )
    return file.getvalue()


def _cell(text):
    """Return a text for a cell of the CSV file; a student's name is not shortened."""
    return csv_cell(show_name(text, longest=None))


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


def _read_grades(line, submission):
    for notebook in submission.notebooks:
        line.penalty += notebook.late_submission_penalty or 0
        for grade in notebook.grades:
            score = line.exercises.get(exercise_of(grade.name))
            if score is not None:
                score.points += grade.score
                score.waits |= grade.needs_manual_grade


def _as_text(line, exercise):
    score = line.exercises[exercise]
    if line.outcome == NOT_GRADED:
        return Text("-")
    if score.waits:
        return Text(f"{_number(score.points)}?" if score.points else "?", style="cyan")
    style = "green" if score.points == score.out_of else "yellow" if score.points else "red"
    return Text(_number(score.points), style=style)


def _number(value, places=2):
    """Return a number of points in full, to so many decimal places at most."""
    text = f"{value:.{places}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


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
