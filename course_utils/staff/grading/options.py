"""How a class is graded: how many at a time, with what limits, how well shut in."""

import os
from dataclasses import dataclass

from traitlets.config import Config

from course_utils.sandbox.isolation import LEVELS
from course_utils.sandbox.isolation.probe import Report
from course_utils.staff.course import CourseError
from course_utils.staff.grading.execute import ExecuteSubmission
from course_utils.staff.grading.run import run_room

MOST_JOBS = 8  # each takes some 300 MB


@dataclass(frozen=True)
class Options:
    """How a class is graded; None stands for what ``nbgrader_config.py`` says.

    Attributes
    ----------
    jobs : int
        How many notebooks run at the same time.
    timeout, notebook_timeout : int or None
        Seconds for a cell, and for a whole notebook.
    memory : int or None
        MiB for a notebook.
    resume : bool
        Leave out what has not changed since it was graded.
    isolation : str or None
        The lowest level of isolation that will do, one of ``sandbox.isolation.LEVELS``.
    grade_anyway : bool
        Grade also where the source's own answers do not pass a test.
    """

    jobs: int = 1
    timeout: int | None = None
    notebook_timeout: int | None = None
    memory: int | None = None
    resume: bool = True
    isolation: str | None = None
    grade_anyway: bool = False

    def has_limits(self):
        """Return whether time or memory are named."""
        return any(x is not None for x in (self.timeout, self.notebook_timeout, self.memory))

    def config(self):
        """Return them as nbgrader's configuration."""
        config = Config()
        if self.timeout is not None:
            config.Execute.timeout = self.timeout
        named = {
            "notebook_timeout": self.notebook_timeout,
            "memory": self.memory,
            "require_isolation": self.isolation,
        }
        config.ExecuteSubmission.update(
            {name: value for name, value in named.items() if value is not None}
        )
        return config

    def execute_step(self, course):
        """Return nbgrader's step that runs a notebook, set up for them."""
        config = course.config()
        config.merge(self.config())
        return ExecuteSubmission(config=config)


def usable_cores():
    """Return how many notebooks this machine can run at the same time, at most ``MOST_JOBS``."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(cores or 1, MOST_JOBS)


def check_isolation(course, options):
    """Return the report on how well student code is shut in here, by what attacks on it found.

    Raises
    ------
    CourseError
        Not as well as the options, or ``nbgrader_config.py``, ask for.
    """
    step = options.execute_step(course)
    found = _IN_KERNELS if step.room == "kernel" else run_room.isolation()
    if LEVELS.index(found.level) < LEVELS.index(step.require_isolation):
        raise CourseError(
            f"isolation {step.require_isolation!r} is required, and this machine reaches "
            f"{found.level!r}; nothing was graded\n{found}"
        )
    return found


_IN_KERNELS = Report("none", missing=("notebooks run in ordinary kernels (nbgrader_config.py)",))
