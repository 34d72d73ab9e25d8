"""The commands of whoever grades: autograde, feedback, report, demo."""

import contextlib
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from course_utils.sandbox.isolation import LEVELS
from course_utils.staff.authoring import release, submissions
from course_utils.staff.commands import sample_class
from course_utils.staff.commands.terminal import (
    CourseFolder,
    Topics,
    console,
    errors,
    progress_bar,
    say,
    whole_number,
)
from course_utils.staff.course import CONFIG_NAME, Course, CourseError
from course_utils.staff.files import write_where_named
from course_utils.staff.grading import class_run, registration, secret, source_check
from course_utils.staff.grading.execute import LEAST_MEMORY, MOST_MEMORY
from course_utils.staff.grading.options import MOST_JOBS, Options, check_isolation, usable_cores
from course_utils.staff.grading.outcomes import FAILED, GRADED, UNGRADABLE
from course_utils.staff.grading.rules import WHAT_NEXT
from course_utils.staff.grading.run.jupyter_kernel import LONGEST
from course_utils.staff.misspelt_options import misspelt_options
from course_utils.staff.names import show_name, show_path
from course_utils.staff.reports import feedback, report, report_text

DEMO_TOPICS = 2
DEMO_TIMEOUT = 8  # seconds for a cell: short, so that the endless loop does not hold up the show
MOST_NAMED = 5  # of the files that nobody will grade, for each reason

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


def autograde(
    topics: Topics = None,
    students: Students = None,
    resume: Resume = True,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs",
            parser=whole_number(1, 64),
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
            parser=whole_number(1, LONGEST),
            metavar="SECONDS",
            help="How long one cell may run. Default: what nbgrader_config.py says.",
            show_default=False,
        ),
    ] = None,
    notebook_timeout: Annotated[
        int | None,
        typer.Option(
            "--notebook-timeout",
            parser=whole_number(1, LONGEST),
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
            parser=whole_number(LEAST_MEMORY, MOST_MEMORY),
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
    grade_anyway: Annotated[
        bool,
        typer.Option(
            "--grade-anyway",
            help="Grade although the source's own answers do not pass a test; see `course check`.",
        ),
    ] = False,
    new_secret: Annotated[
        bool,
        typer.Option(
            "--new-secret",
            help="Make another secret for the hidden inputs, where the old one is lost or known. "
            "Everybody is then graded again.",
        ),
    ] = False,
    course_folder: CourseFolder = None,
):
    """Grade what is in submitted/, as far as a computer can.

    Grades what is new or has changed. One bad submission never stops the class: whatever happens
    to it is reported, and kept for `course report` and the student's feedback. Points that you
    gave by hand stay. Interrupt it with Ctrl-C and run it again: it goes on where it was.

    The source's own answers are graded first, once for each state of the source. At the end stand
    the tests that nobody passed: the fault may be the test's.
    """
    course = Course.find(course_folder)
    if isolation not in (None, *LEVELS):
        raise CourseError(
            f"--require-isolation is {isolation!r}; expected one of {', '.join(LEVELS)}"
        )
    options = Options(
        jobs or usable_cores(),
        timeout,
        notebook_timeout,
        memory,
        resume,
        isolation,
        grade_anyway,
    )
    for text in misspelt_options(course.config()):
        say((f"{CONFIG_NAME}:", "yellow"), f" {text}", to=errors)
    _say_what_is_passed_over(course)
    chosen = class_run.choose_students(course, course.select(topics), students or ())
    _say_what_is_lost(course, chosen)
    if new_secret:
        with course.gradebook():  # makes it where there is none
            secret.set_secret(course.nbgrader().coursedir.db_url)
    if chosen:
        class_run.preload(course, next(iter(chosen)), options)
    _say_isolation(course, options)
    done = [_autograde(course, name, whom, options) for name, whom in chosen.items()]
    if not all(done):
        raise typer.Exit(1)


def feedback_command(
    topics: Topics = None, students: Students = None, course_folder: CourseFolder = None
):
    """Write a feedback page for every student who submitted: feedback/STUDENT/ASSIGNMENT/.

    The page shows the student's notebook with scores, the checks' messages and your comments,
    without hidden tests and mark schemes. A submission that could not be graded gets a page that
    says why.
    """
    course = Course.find(course_folder)
    chosen = class_run.choose_students(course, course.select(topics), students or ())
    done = [_feedback(course, name, whom) for name, whom in chosen.items()]
    if not all(done):
        raise typer.Exit(1)


def report_command(
    topics: Topics = None,
    csv: Annotated[
        Path | None,
        typer.Option(
            "--csv",
            metavar="FILE",
            help="Write it to this file instead, as CSV; - is the standard output.",
        ),
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
        course.check_gradebook(assignment)
        registration.apply_settings(course)
        result = report.make_report(course, assignment)
        if csv:
            _write_csv(result, csv)
        else:
            _show(result)
    _say_what_is_passed_over(course)


def _write_csv(result, path):
    text, goes_to = report_text.as_csv(result), console
    try:
        if str(path) == "-" or _is_standard_output(path):
            goes_to = errors
            sys.stdout.write(text)
            sys.stdout.flush()
        else:
            write_where_named(path, text)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CourseError(f"--csv {show_path(path)}: {error.strerror or error}") from None
    count = f"{len(result.lines)} students in {show_path(path)}"
    say(f"{show_name(result.assignment)}: {count}", to=goes_to)
    if report_text.stale(result):
        say(report_text.stale(result), to=errors, style="yellow")


def _is_standard_output(path):
    """Tell whether a path, such as /dev/stdout, is where the command prints."""
    with contextlib.suppress(OSError, ValueError):  # a test's output has no file
        return os.path.samestat(os.stat(path), os.fstat(sys.stdout.fileno()))
    return False


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
    the sample class. Stop `make lab` before: it keeps the old gradebook open.
    """
    course = Course.find(course_folder)
    available = [name for name in course.select([]) if sample_class.answer_files(course, name)]
    sample_class.clear_sample_class(course, available)
    if topics == ["all"]:
        assignments = available
    else:
        assignments = course.select(topics) if topics else available[:DEMO_TOPICS]
    with course.gradebook():  # makes it
        secret.set_secret(course.nbgrader().coursedir.db_url, secret.OF_DEMO)
    for assignment in assignments:
        result = release.make_release(course, assignment)
        if result.leaks:
            raise CourseError(f"{assignment} is not fit for release: run `course release`")
        files = sample_class.answer_files(course, assignment)
        for path in files:
            submissions.fill(course, assignment, path)
        name = show_name(assignment)
        say(f"{name}: released; {len(files)} submissions made from answer files")
        options = Options(usable_cores(), DEMO_TIMEOUT, resume=False)
        students = [path.stem for path in files]
        _autograde(course, assignment, students, options)
        _feedback(course, assignment, students)
        _show(report.make_report(course, assignment))
    first = course.students("feedback", assignments[-1])[0]
    page = course.notebooks(assignments[-1])[0].with_suffix(".html").name
    say("\nWhere to look next", style="bold")
    for what, where in {
        "what students get": f"release/{assignments[-1]}/",
        "a student's feedback": f"feedback/{first}/{assignments[-1]}/{page}",
        "a student's answers": f"sample_class/{assignments[-1]}/{first}.py",
        "grade the written answers": "make lab, then Nbgrader > Formgrader in the menu",
        "grades as a file": f"course report {assignments[-1]} --csv grades.csv",
    }.items():
        say(f"  {what:<27}{where}")


def _say_what_is_passed_over(course):
    found = class_run.passed_over(course)
    for reason, paths in found.items():
        for path in paths[:MOST_NAMED]:
            say(("left out:", "yellow"), f" {show_path(path)} {reason}", to=errors)
        if len(paths) > MOST_NAMED:
            text = f" and {len(paths) - MOST_NAMED} more of which each {reason}"
            say(("left out:", "yellow"), text, to=errors)
    if found:
        say("what is graded is submitted/STUDENT/ASSIGNMENT/NAME.ipynb", to=errors)


def _say_what_is_lost(course, chosen):
    """Tell of grades that were there, and with which marks by hand are gone."""
    told = []
    problem = course.lacks_gradebook()
    if problem and course.students("autograded"):
        told.append(f"{problem}, and somebody has been graded: marks by hand are lost with it")
    for assignment, students in chosen.items():
        lost = class_run.lost_grades(course, assignment, students)
        if lost:
            names = [*map(show_name, lost[:MOST_NAMED]), *["…"] * (len(lost) > MOST_NAMED)]
            told.append(
                f"{show_name(assignment)}: the grades of {len(lost)} students are gone from the "
                f"gradebook, and marks by hand with them ({', '.join(names)})"
            )
    for text in told:
        say(("graded anew:", "yellow"), f" {text}", to=errors)


def _say_isolation(course, options):
    found = check_isolation(course, options)
    if found.level != LEVELS[-1]:
        say(found, to=errors, style="yellow")


def _autograde(course, assignment, students, options):
    """Grade one assignment and say what came of it; False where our own part failed."""
    name = show_name(assignment)
    counts = {"graded": 0, "unchanged": 0, "could not be graded": 0, "failed": 0}
    graded = class_run.grade_assignment(course, assignment, students, options)
    with progress_bar() as progress, contextlib.closing(graded):
        task = progress.add_task(f"grading {name}", total=len(students))
        for student, outcome in graded:
            progress.advance(task)
            counts[_count_as(outcome)] += 1
            if outcome is None or not outcome.label:
                continue
            colour, what = "red", f"{outcome.label}: {outcome.staff}"
            if outcome.status == GRADED:
                colour, what = "yellow", f"{outcome.student} {outcome.staff}".rstrip()
            say((show_name(student), colour), f": {what}", to=progress.console)
    summary = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    say(f"{name}: {summary or 'nobody has submitted anything'}")
    if students:
        _say_what_to_look_at(course, assignment)
    return not counts["failed"]


def _say_what_to_look_at(course, assignment):
    """Name the tests that nobody passed, not even the source, and those left undecided."""
    found = source_check.find(course, assignment)
    nobody = class_run.passed_by_nobody(course, assignment)
    failing = [finding.cell for finding in found if not finding.is_undecidable]
    told = {
        "nobody has points in {}: the fault may be the test's": nobody,
        "graded although the source's own answers do not pass: {}": failing,
    }
    trusted = course.settings().stock_trust.get(assignment, ())
    undecidable = [finding.cell for finding in found if finding.is_undecidable]
    for what, is_trusted in (
        ("`course check` says why a person has to grade {}", False),
        ("decided at stock's trust, in an ordinary kernel: {}", True),
    ):
        told[what] = [cell for cell in undecidable if (cell in trusted) == is_trusted]
    for what, cells in told.items():
        if cells:
            text = what.format(", ".join(map(show_name, cells)))
            say(f"{show_name(assignment)}: {text}", to=errors, style="yellow")
    if any(cell not in trusted for cell in undecidable):
        say(f"{show_name(assignment)}: {WHAT_NEXT}", to=errors, style="yellow")


def _count_as(outcome):
    if outcome is None:
        return "unchanged"
    return {GRADED: "graded", UNGRADABLE: "could not be graded", FAILED: "failed"}[outcome.status]


def _feedback(course, assignment, students):
    course.check_gradebook(assignment)
    registration.apply_settings(course)
    name, made = show_name(assignment), 0
    with progress_bar() as progress:
        for student in progress.track(students, description=f"feedback {name}"):
            try:
                feedback.make_feedback(course, assignment, student)
                made += 1
            except CourseError as error:
                say(error, to=progress.console, style="red")
    feedback.make_releasable(course, assignment)
    say(f"{name}: feedback for {made} of {len(students)} students in feedback/")
    return made == len(students)


def _show(result):
    say()
    tables, with_problems = report_text.as_tables(result, console.width)
    for table in tables:
        console.print(table, crop=False)
    legend = report_text.legend(result)
    if legend:
        say(legend, style="dim")
    for line in report_text.undecided(result):
        say(line, style="yellow")
    for warning in (report_text.weak_isolation(result), report_text.stale(result)):
        if warning:
            say(warning, style="yellow")
    if not with_problems:
        say("\nwhat went wrong", style="bold")
        for line in result.lines:
            if report_text.problems_of(line):
                say(f"{show_name(line.student)}: {report_text.problems_of(line)}")
