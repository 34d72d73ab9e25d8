"""The commands of ``course``, for whoever releases and grades the course."""

import contextlib
import os
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from typer.core import TyperGroup

from course_utils.grading.outcomes import FAILED, GRADED, UNGRADABLE, write_atomically
from course_utils.instructor import (
    autograding,
    curriculum,
    demo,
    feedback,
    registration,
    release,
    report,
    submissions,
)
from course_utils.instructor.course import Course, CourseError
from course_utils.instructor.damage import KINDS
from course_utils.instructor.options import MOST_JOBS, Options, check_isolation, usable_cores
from course_utils.sandbox.isolation import LEVELS

DEMO_TOPICS = 2
DEMO_TIMEOUT = 8  # seconds for a cell: short, so that the endless loop does not hold up the show
WIDE = 116  # columns; in a narrower terminal what went wrong stands below the table

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

console = Console(highlight=False)
if not console.is_terminal and "COLUMNS" not in os.environ:
    console.width = 120  # a log file is as wide as it needs to be
errors = Console(stderr=True, highlight=False)


class _Commands(TyperGroup):
    """Turns what a command cannot go on with into one line and exit code 2."""

    def invoke(self, ctx):
        try:
            return super().invoke(ctx)
        except CourseError as error:
            errors.print(f"[red]error:[/] {_plain(error)}", soft_wrap=True)
            ctx.exit(2)
        except KeyboardInterrupt:
            errors.print("\nstopped; what was finished is kept. Run the command again to go on.")
            ctx.exit(130)


app = typer.Typer(
    name="course",
    cls=_Commands,
    help="Release the course's notebooks to students, and grade what comes back.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_show_locals=False,
)

CourseFolder = Annotated[
    Path | None,
    typer.Option(
        "--course",
        metavar="DIR",
        help="The course's folder. Default: this folder or the nearest one above it that holds "
        "nbgrader_config.py.",
    ),
]
Topics = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[TOPIC]...",
        help="Assignments, such as 01_convolution_by_hand, or a part of the name that fits only "
        "one. Default: all of them.",
        show_default=False,
    ),
]
Students = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="STUDENT", help="Only this student. May be repeated."),
]
Resume = Annotated[
    bool,
    typer.Option(
        "--resume/--no-resume",
        " /--force",
        help="Leave out what has been graded and has not changed since, or grade everything.",
    ),
]


@app.command("release")
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
    nothing is written and the cell is named. Run it after every change to source/ and commit
    release/ with it.
    """
    course = Course.find(course_folder)
    is_good = True
    for assignment in course.select(topics):
        act = release.check_release if check else release.make_release
        result = act(course, assignment)
        if result.leaks:
            is_good = False
            errors.print(f"[red]{assignment}: not fit for students, because of", soft_wrap=True)
            for leak in result.leaks:
                errors.print(f"  {_plain(leak)}", soft_wrap=True)
        elif result.stale and check:
            is_good = False
            errors.print(f"[red]{assignment}: release/ is stale: run `course release`")
            for name in result.stale:
                errors.print(f"  {_plain(name)}", soft_wrap=True)
        elif result.stale:
            names = _plain(", ".join(result.stale))
            console.print(f"{assignment}: released ({names})", soft_wrap=True)
        else:
            console.print(f"{assignment}: release/ is up to date")
    if not is_good:
        raise typer.Exit(1)


@app.command(help=FILL_HELP)
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
        console.print(f"submitted/{_plain(student)}/{assignment}")


@app.command()
def autograde(
    topics: Topics = None,
    students: Students = None,
    resume: Resume = True,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs",
            min=1,
            metavar="N",
            help="How many notebooks run at the same time. Default: one for each core, at most "
            f"{MOST_JOBS}.",
            show_default=False,
        ),
    ] = None,
    timeout: Annotated[
        int | None,
        typer.Option(
            "--timeout",
            min=1,
            metavar="SECONDS",
            help="How long one cell may run. Default: what nbgrader_config.py says.",
            show_default=False,
        ),
    ] = None,
    notebook_timeout: Annotated[
        int | None,
        typer.Option(
            "--notebook-timeout",
            min=1,
            metavar="SECONDS",
            help="How long all cells of a notebook may run together. Default: what "
            "nbgrader_config.py says.",
            show_default=False,
        ),
    ] = None,
    memory: Annotated[
        int | None,
        typer.Option(
            "--memory",
            min=64,
            metavar="MIB",
            help="How much memory a notebook may use. Default: what nbgrader_config.py says.",
            show_default=False,
        ),
    ] = None,
    isolation: Annotated[
        str | None,
        typer.Option(
            "--require-isolation",
            metavar="LEVEL",
            help="Grade nothing where student code cannot be shut in this well: "
            f"{', '.join(LEVELS)}. Default: what nbgrader_config.py says.",
            show_default=False,
        ),
    ] = None,
    course_folder: CourseFolder = None,
):
    """Grade what is in submitted/, as far as a computer can.

    Grades what is new or has changed. One bad submission never stops the class: whatever happens
    to it is reported, and kept for `course report` and the student's feedback. Points that you
    gave by hand stay. Interrupt it with Ctrl-C and run it again: it goes on where it was.
    """
    course = Course.find(course_folder)
    if isolation not in (None, *LEVELS):
        raise CourseError(
            f"--require-isolation is {isolation!r}; expected one of {', '.join(LEVELS)}"
        )
    options = Options(jobs or usable_cores(), timeout, notebook_timeout, memory, resume, isolation)
    for folder in autograding.misnamed_folders(course):
        errors.print(
            f"[yellow]left out:[/] {_plain(folder)} is no assignment's name", soft_wrap=True
        )
    chosen = autograding.choose_students(course, course.select(topics), students or ())
    _warm_up(course, chosen, options)
    _say_isolation(course, options)
    done = [_autograde(course, name, whom, options) for name, whom in chosen.items()]
    if not all(done):
        raise typer.Exit(1)


@app.command("feedback")
def feedback_command(
    topics: Topics = None, students: Students = None, course_folder: CourseFolder = None
):
    """Write a feedback page for every student who submitted: feedback/STUDENT/ASSIGNMENT/.

    The page shows the student's notebook with scores, the checks' messages and your comments,
    without hidden tests and mark schemes. A submission that could not be graded gets a page that
    says why.
    """
    course = Course.find(course_folder)
    chosen = autograding.choose_students(course, course.select(topics), students or ())
    done = [_feedback(course, name, whom) for name, whom in chosen.items()]
    if not all(done):
        raise typer.Exit(1)


@app.command("report")
def report_command(
    topics: Topics = None,
    csv: Annotated[
        Path | None,
        typer.Option("--csv", metavar="FILE", help="Write it to this file instead, as CSV."),
    ] = None,
    course_folder: CourseFolder = None,
):
    """Show a table of the class: scores per exercise, what went wrong.

    Under "what went wrong" stand the mistakes that the checks recognised, with the exercises in
    which they cost points, and what happened to submissions that could not be graded or run to
    the end.
    """
    course = Course.find(course_folder)
    chosen = course.select(topics)
    if not topics:  # the assignments that somebody has handed in
        chosen = [name for name in chosen if course.students("submitted", name)] or chosen[:1]
    if csv and len(chosen) > 1:
        raise CourseError(f"a CSV file holds one assignment; name one of {', '.join(chosen)}")
    for assignment in chosen:
        registration.apply_settings(course)
        result = report.make_report(course, assignment)
        if csv:
            report.write_csv(result, csv)
            console.print(f"{assignment}: {len(result.lines)} students in {_plain(csv)}")
        else:
            _show(result)


@app.command("demo")
def demo_command(
    topics: Annotated[
        list[str] | None,
        typer.Option(
            "--topics",
            metavar="TOPIC",
            help="Grade this tutorial. May be repeated; `all` means all of them. Default: the "
            f"first {DEMO_TOPICS}, because each takes minutes.",
            show_default=False,
        ),
    ] = None,
    course_folder: CourseFolder = None,
):
    """Release the course, grade the sample class and show where to look next.

    Uses the course's own submitted/, autograded/, feedback/ and gradebook.db, so that the
    formgrader shows the class afterwards. Touches nothing where those hold anyone who is not of
    the sample class.
    """
    course = Course.find(course_folder)
    available = [name for name in course.select([]) if demo.answer_files(course, name)]
    demo.clear_sample_class(course, available)
    if topics == ["all"]:
        assignments = available
    else:
        assignments = course.select(topics) if topics else available[:DEMO_TOPICS]
    for assignment in assignments:
        result = release.make_release(course, assignment)
        if result.leaks:
            raise CourseError(f"{assignment} is not fit for release: run `course release`")
        files = demo.answer_files(course, assignment)
        for path in files:
            submissions.fill(course, assignment, path)
        console.print(f"{assignment}: released; {len(files)} submissions made from answer files")
        options = Options(usable_cores(), DEMO_TIMEOUT, resume=False)
        students = [path.stem for path in files]
        _autograde(course, assignment, students, options)
        _feedback(course, assignment, students)
        _show(report.make_report(course, assignment))
    first = course.students("feedback", assignments[-1])[0]
    page = course.notebooks(assignments[-1])[0].with_suffix(".html").name
    console.print("\n[bold]Where to look next[/]")
    for what, where in {
        "what students get": f"release/{assignments[-1]}/",
        "a student's feedback": f"feedback/{first}/{assignments[-1]}/{page}",
        "a student's answers": f"sample_class/{assignments[-1]}/{first}.py",
        "grade the written answers": "make lab, then Nbgrader > Formgrader in the menu",
        "grades as a file": f"course report {assignments[-1]} --csv grades.csv",
    }.items():
        console.print(f"  {what:<27}{where}", soft_wrap=True)


@app.command("coverage")
def coverage_command(topics: Topics = None, course_folder: CourseFolder = None):
    """List the curriculum's rows against the cells that cover them.

    Exits with 1 where a row has no visible or no hidden check, no written answer, or nothing to
    explore, as its kind in source/curriculum.toml asks.
    """
    course = Course.find(course_folder)
    is_good = True
    for assignment in course.select(topics):
        table = Table("row", "kind", box=box.SIMPLE, title=assignment)
        for heading in ("visible", "hidden", "mistakes", "styles", "answers", "explore"):
            table.add_column(heading, justify="right")
        table.add_column("missing", style="red")
        for row in curriculum.coverage(course, assignment):
            counts = (row.visible, row.hidden, row.mistakes, row.styles, row.answers)
            shown = [str(count or "") for count in (*counts, row.explorations)]
            table.add_row(row.name, row.kind, *shown, row.missing)
            is_good &= not row.missing
        console.print(table)
    if not is_good:
        raise typer.Exit(1)


@app.command("map")
def map_command(
    check: Annotated[
        bool,
        typer.Option("--check", help="Change nothing; exit with 1 if the map is stale."),
    ] = False,
    course_folder: CourseFolder = None,
):
    """Write the course map into README.md from the notebooks.

    Tutorials, their questions, minutes, points, and what to do first.
    """
    course = Course.find(course_folder)
    path = course.root / "README.md"
    before = path.read_text(encoding="utf-8")
    after = curriculum.put_map(before, curriculum.course_map(course))
    if check and after != before:
        errors.print("[red]the course map in README.md is stale: run `course map`")
        raise typer.Exit(1)
    if after != before:
        write_atomically(path, after)
    console.print("the course map in README.md is up to date")


@app.command()
def mutate(topics: Topics = None, course_folder: CourseFolder = None):
    """Check the hidden tests: change each solution a little and see whether they notice.

    Exits with 1 where they notice fewer than 95 % of the changes that matter, and lists what they
    let pass. Changes that do not matter are explained in tests/mutation/.
    """
    try:
        from course_utils.instructor import mutation
    except ModuleNotFoundError as error:
        raise CourseError(
            f"{error.name} is missing: `course mutate` needs the extra `dev` of this package"
        ) from None
    course = Course.find(course_folder)
    is_good = True
    for assignment in course.select(topics):
        for path in course.notebooks(assignment):
            explanations = course.root / "tests" / "mutation" / f"{path.stem}.toml"
            with _progress() as progress:
                result = mutation.check_notebook(
                    path,
                    explanations,
                    lambda mutants: progress.track(mutants, description="mutants"),  # noqa: B023
                )
            is_good &= result.good
            console.print(f"{path.stem}: {result.rate:.1%} of the changes that matter noticed")
            for mutant in result.survivors:
                console.print(
                    _plain(f"  not noticed: {mutant.cell}: {mutant.before}  ->  {mutant.after}"),
                    soft_wrap=True,
                )
            for key in result.stale:
                console.print(_plain(f"  explained, but noticed or gone: {key}"), soft_wrap=True)
    if not is_good:
        raise typer.Exit(1)


def _warm_up(course, chosen, options):
    """Let the run room for the first of several assignments load while other things are done."""
    name, students = next(iter(chosen.items()))
    if students and options.execute_step(course).room == "sandbox":
        autograding.warm_up(course, name)


def _say_isolation(course, options):
    found = check_isolation(course, options)
    if found.level != LEVELS[-1]:
        errors.print(f"[yellow]{_plain(found)}", soft_wrap=True)


def _autograde(course, assignment, students, options):
    """Grade one assignment and say what came of it; False where our own part failed."""
    _warm_up(course, {assignment: students}, options)
    registration.register(course, assignment)
    counts = {"graded": 0, "unchanged": 0, "could not be graded": 0, "failed": 0}
    graded = autograding.autograde(course, assignment, students, options)
    with _progress() as progress, contextlib.closing(graded):
        task = progress.add_task(f"grading {assignment}", total=len(students))
        for student, outcome in graded:
            progress.advance(task)
            counts[_count_as(outcome)] += 1
            if outcome is None or not outcome.label:
                continue
            colour, what = "red", f"{outcome.label}: {outcome.staff}"
            if outcome.status == GRADED:
                colour, what = "yellow", outcome.student
            progress.console.print(
                f"[{colour}]{_plain(student)}[/]: {_plain(what)}", soft_wrap=True
            )
    autograding.close_run_room()  # the next assignment needs other libraries
    registration.apply_settings(course)
    summary = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    console.print(f"{assignment}: {summary or 'nobody has submitted anything'}")
    return not counts["failed"]


def _count_as(outcome):
    if outcome is None:
        return "unchanged"
    return {GRADED: "graded", UNGRADABLE: "could not be graded", FAILED: "failed"}[outcome.status]


def _feedback(course, assignment, students):
    registration.apply_settings(course)
    made = 0
    with _progress() as progress:
        for student in progress.track(students, description=f"feedback {assignment}"):
            try:
                feedback.make_feedback(course, assignment, student)
                made += 1
            except CourseError as error:
                progress.console.print(f"[red]{_plain(error)}", soft_wrap=True)
    console.print(f"{assignment}: feedback for {made} of {len(students)} students in feedback/")
    return made == len(students)


def _show(result):
    console.print()
    is_wide = console.width >= WIDE
    console.print(report.as_table(result, with_problems=is_wide))
    legend = report.legend(result)
    if legend:
        console.print(legend, style="dim")
    if report.weak_isolation(result):
        console.print(report.weak_isolation(result), style="yellow", soft_wrap=True)
    if not is_wide:
        console.print("\n[bold]what went wrong[/]")
        for line in result.lines:
            if report.problems_of(line):
                text = f"{line.student}: {report.problems_of(line)}"
                console.print(_plain(text), soft_wrap=True)


def _progress():
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _plain(text):
    """Return ``text`` so that rich prints its square brackets instead of reading them."""
    return str(text).replace("[", r"\[")
