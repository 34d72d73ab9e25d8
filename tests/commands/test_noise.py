"""Where nothing is wrong nothing is said, by nbgrader's own commands either."""

import io
import os
import re
import subprocess
import sys

import pytest
from rich.console import Console
from tiny_course import ASSIGNMENT, REPOSITORY, make_course, write_answers
from typer.testing import CliRunner

from course_utils.staff.commands import terminal
from course_utils.staff.commands.app import app
from course_utils.staff.course import Course

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")

RIGHT = "# %% T1_double\ndouble = lambda x: 2 * x\n# %% T3_shape\ntiny_shape_of_it = (2, 3, 4)\n"


def run(course, *words):
    result = CliRunner().invoke(app, [*map(str, words), "--course", str(course.root)])
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with an honest submission, its assignment entered in the gradebook."""
    course = Course(make_course(tmp_path_factory.mktemp("noise") / "course"))
    run(course, "release")
    run(course, "fill", "tiny", write_answers(course.root, "ada", RIGHT))
    run(course, "autograde")
    return course


@pytest.mark.slow
@pytest.mark.parametrize("command", ["autograde", "generate_feedback"])
def test_nbgraders_commands_warn_of_nothing_in_honest_work(course, command):
    if command == "autograde":
        run(course, "fill", "tiny", write_answers(course.root, "bob", RIGHT))
    student = {"autograde": "bob", "generate_feedback": "ada"}[command]
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", command, ASSIGNMENT, "--student", student],
        cwd=course.root,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    said = [line for line in done.stderr.splitlines() if not re.search(r"App \| INFO\]", line)]
    assert said == []


@pytest.fixture
def screen(monkeypatch):
    """Where messages go; no terminal."""
    screen = Console(file=io.StringIO(), width=100)
    monkeypatch.setattr(terminal, "errors", screen)
    monkeypatch.setattr(terminal, "console", Console(file=io.StringIO()))
    return screen.file


@pytest.mark.parametrize("way", ["track", "advance"])
@pytest.mark.parametrize(
    ("seconds", "told"), [(60, []), (3, ["a [b] 4: 3 of 7", "a [b] 4: 6 of 7"])]
)
def test_without_a_terminal_progress_is_a_line_now_and_then(
    monkeypatch, screen, way, seconds, told
):
    now = 0
    monkeypatch.setattr(terminal.time, "monotonic", lambda: now)
    monkeypatch.setattr(terminal, "SECONDS_BETWEEN_LINES", seconds)
    with terminal.progress_bar() as progress:
        if way == "track":
            for _ in progress.track(range(7), description="a [b] 4"):
                now += 1
        else:
            task = progress.add_task("a [b] 4", total=7)
            for _ in range(7):
                now += 1
                progress.advance(task)
    assert screen.getvalue().splitlines() == told
