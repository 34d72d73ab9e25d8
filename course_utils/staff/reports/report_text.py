"""The report as tables for a screen, and as CSV."""

import csv
import io

from rich.table import Table
from rich.text import Text

from course_utils.sandbox.isolation import LEVELS
from course_utils.staff.grading.outcomes import GRADED
from course_utils.staff.grading.results import NOT_GRADED
from course_utils.staff.grading.rules import WHAT_NEXT
from course_utils.staff.names import csv_cell, show_name
from course_utils.staff.reports.report import OLDER_POINTS

# columns of the screen, in the table
GAP = 1  # behind each column
LEAST_NAME = 13  # the least that a name gets, if it is longer
LEAST_WORDS = 40  # with less room, what went wrong does not stand in the table
LONGEST_HEADING = 12


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
    sums = [_Column("total", report.out_of, totals, True)]
    if any(line.carried for line in report.lines):
        carried = [Text(_number(line.carried) if line.carried else "") for line in report.lines]
        sums.append(_Column("carried", None, carried, True))
    sums.append(_Column("late", None, late, True))
    names = _Column("student", None, [Text(show_name(line.student)) for line in report.lines])
    words = _Column("what went wrong", None, [Text(problems_of(line)) for line in report.lines])
    least = min(names.width, LEAST_NAME)
    groups = _side_by_side(columns, sums, width - least)
    taken = max(sum(column.width for column in group) for group in groups)
    with_problems = len(groups) == 1 and width - taken - least >= LEAST_WORDS
    if with_problems:
        names.width = min(names.width, width - taken - LEAST_WORDS)
        words.width = min(words.width, width - taken - names.width)
        groups = [[*columns, *sums, words]]
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


def _side_by_side(columns, sums, room):
    """Return the columns in groups that fit into the room; at least one column in each.

    The sums stay together if they can.
    """
    groups, left = [], 0
    is_block = sum(column.width for column in sums) <= room
    for block in [[column] for column in columns] + ([sums] if is_block else [[c] for c in sums]):
        width = sum(column.width for column in block)
        if not groups or width > left:
            groups.append([])
            left = room
        groups[-1] += block
        left -= width
    return groups


def _as_text(line, exercise):
    score = line.exercises[exercise]
    if line.outcome == NOT_GRADED:
        return Text("-")
    if score.waits:
        return Text(f"{_number(score.points)}?" if score.points else "?", style="cyan")
    style = "green" if score.points == score.out_of else "yellow" if score.points else "red"
    return Text(_number(score.points), style=style)


def legend(report):
    """Return what the signs in the table mean, as far as they occur."""
    waits = any(score.waits for line in report.lines for score in line.exercises.values())
    signs = ["? needs manual grading (formgrader)"] if waits else []
    if any(line.carried for line in report.lines):
        signs.append("carried: part of the total, for what is right but for an earlier exercise")
    return "; ".join(signs)


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
    ``'`` before it. The total is what is earned and carried forward, without the penalty.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(
        ["student", *map(_cell, report.exercises), "earned", "carried_forward", "late_penalty"]
        + ["total", "out_of", "needs_manual_grading", "what_went_wrong", "message"]
    )
    for line in report.lines:
        scores, waiting, message = [""] * (len(report.exercises) + 4), "", ""
        if line.outcome != NOT_GRADED:
            points = line.exercises.values()
            scores = ["" if score.waits else _number(score.points, 6) for score in points]
            sums = line.earned, line.carried, line.penalty, line.total
            scores += [_number(points, 6) for points in sums]
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


def _number(value, places=2):
    """Return a number of points in full, to so many decimal places at most."""
    text = f"{value:.{places}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
