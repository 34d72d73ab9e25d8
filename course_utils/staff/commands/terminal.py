"""What the commands share: the screen, and the options that several of them have."""

import contextlib
import os
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from course_utils.staff.names import escape, show_name

# what is printed is text of others and is never read as rich's markup
console = Console(highlight=False, markup=False, emoji=False)
if not console.is_terminal and "COLUMNS" not in os.environ:
    console.width = 120  # a log file is as wide as it needs to be
errors = Console(stderr=True, highlight=False, markup=False, emoji=False)
for _screen in (console, errors):
    if _screen.width < 1:  # COLUMNS=0, with which rich prints nothing
        _screen.width = 80

SECONDS_BETWEEN_LINES = 30  # that tell the progress where there is no terminal

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


def whole_number(least, most):
    """Return a parser of an option's value that names the value and the range."""

    def parse(text):
        with contextlib.suppress(ValueError):
            if least <= int(text) <= most:
                return int(text)
        raise typer.BadParameter(
            f"{show_name(text)!r}; expected a whole number from {least} to {most}"
        )

    return parse


class _Progress(Progress):
    """A progress bar on a terminal; elsewhere a line now and then."""

    def __init__(self, *columns, **options):
        super().__init__(*columns, **options)
        self._told = time.monotonic()

    def advance(self, task_id, advance=1):
        """Go on by so many steps."""
        super().advance(task_id, advance)
        if self.disable and time.monotonic() - self._told >= SECONDS_BETWEEN_LINES:
            self._told = time.monotonic()
            [task] = [task for task in self.tasks if task.id == task_id]
            say(f"{task.description}: {task.completed:.0f} of {task.total:.0f}", to=errors)


def progress_bar():
    """Return a progress bar that is gone when it is done."""
    return _Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        auto_refresh=console.is_terminal,  # `track` then calls `advance` for each step
        disable=not console.is_terminal,
    )


def say(*parts, to=console, style=""):
    """Print parts one after the other, as they are.

    Parameters
    ----------
    *parts : object or (object, str)
        What to print, or that and its style. Line breaks stay, other control characters are
        written out.
    to : rich Console, optional
    style : str, optional
        Of all parts.
    """
    text = Text(style=style)
    for part in parts:
        words, look = part if isinstance(part, tuple) else (part, "")
        text.append(escape(str(words), keep="\n"), look)
    to.print(text, soft_wrap=True)
