"""Ctrl-C at any moment ends a command in order, with one line and no traceback."""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest
from tiny_course import ASSIGNMENT, REPOSITORY, make_course, write_answers
from typer.testing import CliRunner

from course_utils.cli import STOPPED
from course_utils.staff.commands.app import app
from course_utils.staff.course import Course

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]

# says when Python itself is ready, which no program can be earlier
PROGRAM = "from course_utils.cli import main; print('ready', flush=True); main()"
MOMENTS = [0, 0.3, 0.55, 0.7, 0.85, 1]  # of the time that the command takes
RIGHT = "# %% T1_double\ndouble = lambda x: 2 * x\n# %% T3_shape\ntiny_shape_of_it = (2, 3, 4)\n"


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    course = Course(make_course(tmp_path_factory.mktemp("interrupt") / "course"))
    for words in (["release"], ["fill", "tiny", write_answers(course.root, "ada", RIGHT)]):
        CliRunner().invoke(app, [*map(str, words), "--course", str(course.root)])
    return course


def begin(course, words):
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *words],
        cwd=course.root,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # so that Ctrl-C reaches all that it starts, as at a terminal
    )
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize(
    "words", [["autograde", "--force"], ["feedback"], ["report"], ["check"]], ids=" ".join
)
def test_it_ends_in_order(graded, tmp_path, words):
    course = Course(shutil.copytree(graded.root, tmp_path / "whole"))
    if words[0] in ("feedback", "report"):
        begin(course, ["autograde"]).communicate(timeout=120)
    started = time.monotonic()
    process = begin(course, words)
    shown, _ = process.communicate(timeout=120)
    assert process.returncode == 0, shown
    whole = time.monotonic() - started
    for number, part in enumerate(MOMENTS):
        copy = shutil.copytree(course.root, tmp_path / f"{number}")
        (copy / "autograded" / ".checked.json").unlink(missing_ok=True)
        process = begin(Course(copy), words)
        time.sleep(0.05 + part * whole)
        os.killpg(process.pid, signal.SIGINT)
        shown, _ = process.communicate(timeout=60)
        assert "Traceback" not in shown
        assert "KeyboardInterrupt" not in shown
        # the last: it had ended, and Python itself was ending
        assert process.returncode in (130, 0, -signal.SIGINT), shown
        if process.returncode == 130:
            assert shown.endswith(f"\n{STOPPED}\n")
    # and what was interrupted can be taken up
    process = begin(Course(copy), ["autograde"])
    shown, _ = process.communicate(timeout=120)
    assert process.returncode == 0, shown
    assert f"{ASSIGNMENT}: 1 " in shown
