"""The commands of whoever writes tutorials: release, check, fill, coverage, map, mutate."""

import contextlib
import itertools
import multiprocessing
import signal
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from course_utils.staff.authoring import (
    announcements,
    curriculum,
    promises,
    release,
    submissions,
    times,
)
from course_utils.staff.authoring.damage import KINDS
from course_utils.staff.authoring.source_notebook import SourceNotebook
from course_utils.staff.authoring.wrappers import as_markdown
from course_utils.staff.commands.terminal import (
    CourseFolder,
    Topics,
    console,
    errors,
    progress_bar,
    say,
    whole_number,
)
from course_utils.staff.course import Course, CourseError
from course_utils.staff.files import write_atomically
from course_utils.staff.grading import source_check
from course_utils.staff.grading.options import usable_cores
from course_utils.staff.grading.rules import WHAT_NEXT
from course_utils.staff.grading.run import run_room
from course_utils.staff.names import show_name, show_path

WRAPPER_TABLES = "docs/hidden_tests.md"
TABLES_BEGIN = "<!-- tables: written by `course mutate --write` -->"

FILL_HELP = """
Make submissions from answer files: submitted/STUDENT/ASSIGNMENT/.

STUDENT is the answer file's name. The released notebook is filled in with the answers; cells
without an answer stay as released. An answer file is Python in percent format, its header
optional:

\b
  # ---
  # like: correct-loops       # take from that file the answers missing here
  # submitted: 2 days late    # or "30 minutes early"; default: a day early
  # damage: truncated         # what happened to the notebook afterwards
  # ---
  # %% C1_correlate2d
  def correlate2d(x, w, stride=1, padding=0): ...
  # %% [markdown] C2_answer
  # Horizontal edges.

Kinds of damage; `damage` is one of them or a list:

\b
""" + "\n".join(
    f"  {kind + (' GRADE_ID' if needs_cell else ''):<25} {what}"
    for kind, (needs_cell, what) in KINDS.items()
)


COVERAGE_HELP = """
Look for what the notebooks lack, or tell wrongly.

Prints a table for each tutorial, with a line for each row of source/curriculum.toml: how many
visible and hidden checks it has, how many known mistakes, correct students of the sample class,
written answers and cells to explore.

Exits with 1, and says what is wrong, where

\b
- a row lacks what its kind asks for: a visible and a hidden check, a written
  answer with points, or something to explore;
- a hidden check demands an error that neither docstring nor task announces;
- points are told wrongly: by `check.needs(…, points=…)`, or in the text by
  "7 of the 45 points that checks decide", "7 points, hidden ones included";
- a graded function has no `check.keeps_contract`, and no comment in a hidden
  cell says why: "# no contract for NAME: …".
"""

MUTATE_HELP = f"""
Look for wrong solutions that pass the hidden tests.

Two kinds of them are made from the right ones:

\b
1. Changes: one operator, comparison, constant or condition of a solution at
   a time is replaced. Hidden tests have to notice 98 % of those that matter.
2. Habits: each right function gets a bad habit, such as a result in another
   dtype, a changed argument or an ignored parameter. A hidden test of its row
   has to notice each one that makes a difference.

Prints how many were noticed, each that was not, and a table of the habits (✔ noticed, (✔) not
noticed, with a reason; – makes no difference). The reasons stand in tests/mutation/, one file for
each notebook: list there what need not be noticed, and why.

Exits with 1 where too little is noticed, where a reason explains nothing any more, and, unless
TOPIC is given, where the tables in {WRAPPER_TABLES} are not those of this run.
"""


def release_command(
    topics: Topics = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="Change nothing; exit with 1 if release/ is not what source/ makes, or leaks.",
        ),
    ] = False,
    course_folder: CourseFolder = None,
):
    """Make the student notebooks in release/ from source/.

    Solutions, hidden tests and mark schemes are taken out. If any of them would still reach
    students (a misspelt marker, a solution pasted elsewhere, an import of the answers, …),
    nothing is written and the cell is named. Nor is anything written where the source's own
    answers do not pass a test (see `course check`). Run it after every change to source/ and
    commit release/ with it.
    """
    course = Course.find(course_folder)
    is_good = True
    for assignment in course.select(topics):
        if not check and not _passes_its_own_tests(course, assignment):
            is_good = False
            say(f"{show_name(assignment)}: nothing was released", to=errors, style="red")
            continue
        act = release.check_release if check else release.make_release
        result, name = act(course, assignment), show_name(assignment)
        if result.leaks:
            is_good = False
            say(f"{name}: not fit for students, because of", to=errors, style="red")
            for leak in result.leaks:
                say(f"  {leak}", to=errors)
        elif result.stale and check:
            is_good = False
            say(f"{name}: release/ is stale: run `course release`", to=errors, style="red")
            for file in result.stale:
                say(f"  {show_name(file)}", to=errors)
        elif result.stale:
            say(f"{name}: released ({', '.join(map(show_name, result.stale))})")
        else:
            say(f"{name}: release/ is up to date")
    if not is_good:
        raise typer.Exit(1)


def check_command(topics: Topics = None, course_folder: CourseFolder = None):
    """Grade the source's own answers, in the rooms that grade the students'.

    A test that they do not pass is named, and the command exits with 1: it stops `course release`
    and `course autograde`, which run this check, too. A test that they pass only in one process
    with the answers cannot be decided here. It is named with the rule that it breaks, and stops
    nothing: a person grades it, or, where course.toml lists it under `stock_trust`, an ordinary
    kernel. The answer is kept until source, configuration or engine change.
    """
    course = Course.find(course_folder)
    good = [_passes_its_own_tests(course, name, tells=True) for name in course.select(topics)]
    if not all(good):
        raise typer.Exit(1)


def _passes_its_own_tests(course, assignment, tells=False):
    """Show what the check of a source has found; False where a test is not passed.

    ``tells`` shows also that the answers pass.
    """
    trusted = source_check.stock_trust(course, assignment)
    try:
        findings = source_check.find(course, assignment)
    finally:
        run_room.close()  # the next assignment needs other libraries
    for finding in findings:
        colour, what = "red", "the source's own answers do not pass it"
        if finding.is_undecidable:
            colour, what = "yellow", "cannot be decided, so that a person grades it"
            if finding.cell in trusted:
                what = "cannot be decided, and runs at stock's trust, as course.toml says"
        text = f"{show_name(assignment)}: {finding.cell}: {what}: {finding.why}"
        say(text, to=errors, style=colour)
    if any(finding.is_undecidable and finding.cell not in trusted for finding in findings):
        say(f"{show_name(assignment)}: {WHAT_NEXT}", to=errors, style="yellow")
    needless = sorted({*trusted} - {f.cell for f in findings if f.is_undecidable})
    for cell in map(show_name, needless):
        text = f"{cell}: stands under stock_trust in course.toml, and needs none"
        say(f"{show_name(assignment)}: {text}", to=errors, style="yellow")
    is_good = all(finding.is_undecidable for finding in findings)
    if tells and is_good:
        which = "every test that can be decided" if findings else "every test"
        say(f"{show_name(assignment)}: the source's own answers pass {which}")
    return is_good


def fill(
    topic: Annotated[str, typer.Argument(help="The assignment, or a part of its name.")],
    answer_files: Annotated[
        list[Path], typer.Argument(help="Answer files, such as sample_class/01_…/blank.py.")
    ],
    course_folder: CourseFolder = None,
):
    """Make submissions from answer files."""
    course = Course.find(course_folder)
    [assignment] = course.select([topic])
    for path in answer_files:
        student = submissions.fill(course, assignment, path)
        say(f"submitted/{show_name(student)}/{show_name(assignment)}")


def coverage_command(topics: Topics = None, course_folder: CourseFolder = None):
    """Look for what the notebooks lack, or tell wrongly."""
    course = Course.find(course_folder)
    is_good = True
    for assignment in course.select(topics):
        table = Table("row", "kind", box=box.SIMPLE, title=Text(show_name(assignment)))
        for heading in ("visible", "hidden", "mistakes", "styles", "answers", "explore"):
            table.add_column(heading, justify="right")
        table.add_column("missing", style="red")
        for row in curriculum.coverage(course, assignment):
            counts = (row.visible, row.hidden, row.mistakes, row.styles, row.answers)
            shown = [str(count or "") for count in (*counts, row.explorations)]
            table.add_row(row.name, row.kind, *shown, row.missing)
            is_good &= not row.missing
        console.print(table)
        path = curriculum.only_notebook(course, assignment)
        for sentence in announcements.unannounced(path):
            say(("not announced:", "red"), f" {sentence}")
            is_good = False
        for sentence in promises.broken(path):
            say(("not so:", "red"), f" {sentence}")
            is_good = False
    if not is_good:
        raise typer.Exit(1)


def map_command(
    check: Annotated[
        bool,
        typer.Option("--check", help="Change nothing; exit with 1 if anything is stale."),
    ] = False,
    course_folder: CourseFolder = None,
):
    """Write the course map into README.md, and how long they take into the notebooks.

    The map tells tutorials, their questions, minutes, points, and what to do first.
    """
    course = Course.find(course_folder)
    for notebook in itertools.chain(*map(course.notebooks, course.assignments())):
        timed = times.put_times(notebook)
        if timed != notebook.read_text(encoding="utf-8"):
            if check:
                say(
                    f"{show_path(notebook)} tells another time: run `course map`",
                    to=errors,
                    style="red",
                )
                raise typer.Exit(1)
            write_atomically(notebook, timed)
    path = course.root / "README.md"
    if not path.is_file():
        raise CourseError(f"{show_path(path)} does not exist: the course map is written into it")
    before = path.read_text(encoding="utf-8")
    after = curriculum.put_map(before, curriculum.course_map(course))
    if check and after != before:
        say("the course map in README.md is stale: run `course map`", to=errors, style="red")
        raise typer.Exit(1)
    if after != before:
        write_atomically(path, after)
    say("the course map in README.md is up to date")


def mutate(
    topics: Topics = None,
    every: Annotated[
        int,
        typer.Option(
            "--every",
            parser=whole_number(1, 1_000_000),
            metavar="N",
            help="Try only every N-th change, for a quick look.",
        ),
    ] = 1,
    write: Annotated[
        bool,
        typer.Option(
            "--write", help=f"Write the tables of habits into {WRAPPER_TABLES}; all topics only."
        ),
    ] = False,
    course_folder: CourseFolder = None,
):
    """Look for wrong solutions that pass the hidden tests."""
    try:
        from course_utils.staff.authoring import mutation, wrappers
    except ModuleNotFoundError as error:
        raise CourseError(
            f"{error.name} is missing: `course mutate` needs the extra `dev` of this package"
        ) from None
    course = Course.find(course_folder)
    paths = [path for name in course.select(topics) for path in course.notebooks(name)]
    explanations = [course.root / "tests" / "mutation" / f"{path.stem}.toml" for path in paths]
    for path in paths:
        if not SourceNotebook(path).tests("hidden"):
            raise CourseError(f"{show_path(path)} has no hidden tests, which are what is tried")
    is_everything = paths == [p for name in course.assignments() for p in course.notebooks(name)]
    tables_file = course.root / WRAPPER_TABLES
    if is_everything and not tables_file.is_file():
        raise CourseError(f"{show_path(tables_file)} does not exist: it is to hold the tables")
    is_good, tables = True, []
    with _workers() as pool, progress_bar() as progress:
        mutants = [
            pool.submit(mutation.check_notebook, *pair, every)
            for pair in zip(paths, explanations, strict=True)
        ]
        habits = pool.map(wrappers.check_notebook, paths, explanations)
        running = progress.track(mutants, description="notebooks")
        for path, future in zip(paths, running, strict=True):
            result = future.result()
            is_good &= result.good
            _show_mutants(progress.console, show_name(path.stem), result)
        for path, (verdicts, stale) in zip(paths, habits, strict=True):
            is_good &= not stale and all(verdict.word != "survives" for verdict in verdicts)
            tables += [f"## {path.stem}", "", *wrappers.as_markdown(verdicts), ""]
            _show_habits(progress.console, show_name(path.stem), verdicts, stale)
    if is_everything:
        is_good &= _tables_are_current(tables_file, tables, write)
    if not is_good:
        raise typer.Exit(1)


@contextlib.contextmanager
def _workers():
    """A pool of processes that Ctrl-C ends without a word of each."""
    ignore = signal.SIGINT, signal.SIG_IGN
    with ProcessPoolExecutor(usable_cores(), initializer=signal.signal, initargs=ignore) as pool:
        try:
            yield pool
        except KeyboardInterrupt:
            for process in multiprocessing.active_children():
                process.kill()
            raise


def _tables_are_current(path, tables, write):
    """Compare the file of tables with these, or write them; returns False where it is stale."""
    head, mark, tail = path.read_text(encoding="utf-8").partition(f"{TABLES_BEGIN}\n\n")
    if not mark:
        raise CourseError(f"{path} lacks the line {TABLES_BEGIN!r}")
    text = "\n".join(tables)
    if write:
        write_atomically(path, head + mark + text)
    elif text != tail:
        say(
            f"the tables in {WRAPPER_TABLES} are stale: run `course mutate --write`",
            to=errors,
            style="red",
        )
    return write or text == tail


def _show_habits(console, name, verdicts, stale):
    words = [verdict.word for verdict in verdicts]
    told = f"{words.count('killed')} noticed, {words.count('explained')} explained"
    changing = len(words) - words.count("")
    say(f"{name}: of {changing} habits that change anything, {told}", to=console)
    for line in as_markdown(verdicts):
        say(line, to=console)
    for verdict in verdicts:
        if verdict.word == "survives":
            text = f"  not noticed: {verdict.function}: {verdict.wrapper}"
            say(text, to=console)
    for key in stale:
        say(f"  explained, but noticed or gone: {key}", to=console)


def _show_mutants(console, name, result):
    total = sum(sum(counts.values()) for counts in result.counts.values())
    say(f"{name}: {result.rate:.1%} of the changes that matter noticed, of {total}", to=console)
    for mutant in result.survivors:
        text = f"  not noticed: {mutant.cell}: {mutant.before}  ->  {mutant.after}"
        say(text, to=console)
    for key in result.stale:
        say(f"  explained, but noticed or gone: {key}", to=console)
