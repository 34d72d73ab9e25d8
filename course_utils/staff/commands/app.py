"""The application: every command under its name, and what ends a command."""

import contextlib
import os
import signal
import sys
from pathlib import Path

import typer
from typer.core import TyperGroup

from course_utils.cli import STOPPED, end_at_once
from course_utils.staff import faults
from course_utils.staff.commands import authoring, grading
from course_utils.staff.commands.terminal import errors, say
from course_utils.staff.course import CourseError


class _Commands(TyperGroup):
    """Turns what a command cannot go on with into one line and exit code 2."""

    def invoke(self, ctx):
        try:
            with _interruptible():
                return super().invoke(ctx)
        except KeyboardInterrupt:
            say(f"\n{STOPPED}", to=errors)
            ctx.exit(130)
        except Exception as error:
            text = str(error) if isinstance(error, CourseError) else faults.sentence_of(error)
            if text is None:
                raise
            say(("error:", "red"), f" {text}", to=errors)
            ctx.exit(2)


@contextlib.contextmanager
def _interruptible():
    """Have Ctrl-C raise ``KeyboardInterrupt``, so that what has begun ends in order."""
    if signal.getsignal(signal.SIGINT) is not end_at_once:
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, end_at_once)


app = typer.Typer(
    name="course",
    cls=_Commands,
    help="Release the course's notebooks to students, and grade what comes back.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_show_locals=False,
)
app.command("release")(authoring.release_command)
app.command("check")(authoring.check_command)
app.command("fill", help=authoring.FILL_HELP)(authoring.fill)
app.command("autograde")(grading.autograde)
app.command("feedback")(grading.feedback_command)
app.command("report")(grading.report_command)
app.command("demo")(grading.demo_command)
app.command("coverage", help=authoring.COVERAGE_HELP)(authoring.coverage_command)
app.command("map")(authoring.map_command)
app.command("mutate", help=authoring.MUTATE_HELP)(authoring.mutate)


def main():
    """Run the command that was typed."""
    # nbgrader starts `alembic` by its bare name, which works only in an activated environment
    programs = str(Path(sys.executable).parent)
    os.environ["PATH"] = os.pathsep.join([programs, os.environ.get("PATH", os.defpath)])
    for stream in (sys.stdout, sys.stderr):  # a letter that the terminal's encoding lacks
        stream.reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGTERM, _as_interrupt)
    app()


def _as_interrupt(*about):
    """End in order, as Ctrl-C does, also where that is ignored."""
    handler = signal.getsignal(signal.SIGINT)
    (handler if callable(handler) else signal.default_int_handler)(*about)
