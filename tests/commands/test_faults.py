"""Faults of the machine and of the configuration: each is a sentence, and nobody's grade."""

import contextlib
import errno
import functools
import os
import re
import shutil
import sqlite3
import typing

import pytest
from nbgrader import api
from tiny_course import ASSIGNMENT, make_course, write_answers
from typer.testing import CliRunner

from course_utils.staff.commands.app import app
from course_utils.staff.course import Course
from course_utils.staff.grading import batch, ledger
from course_utils.staff.grading.outcomes import read_outcomes

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")

RIGHT = "# %% T1_double\ndouble = lambda x: 2 * x\n# %% T3_shape\ntiny_shape_of_it = (2, 3, 4)\n"
COMMANDS = [["report"], ["feedback"], ["autograde"], ["autograde", "--new-secret"]]


def run(course, *words):
    """Run a command; what ends it is an exit code, never an exception."""
    result = CliRunner().invoke(app, [*map(str, words), "--course", str(course.root)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    course = Course(make_course(tmp_path_factory.mktemp("faults") / "course"))
    for name in ("ada", "bob"):
        run(course, "release")
        run(course, "fill", "tiny", write_answers(course.root, name, RIGHT))
    assert run(course, "autograde").exit_code == 0
    return course


@pytest.fixture
def course(graded, tmp_path):
    """A copy, to be spoilt."""
    return Course(shutil.copytree(graded.root, tmp_path / "course"))


def is_no_database(path):
    path.write_text("This is a text, and as long as it takes to be no database at all.\n" * 20)
    return "file is not a database; put back a copy"


def is_truncated(path):
    os.truncate(path, path.stat().st_size // 2)
    return "database disk image is malformed; put back a copy"


def is_a_folder(path):
    path.unlink()
    path.mkdir()
    return "unable to open database file; see to it"


def is_of_another_version(path):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE assignment RENAME COLUMN duedate TO due")
        connection.commit()
    return "no such column: "


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    "spoil",
    [is_no_database, is_truncated, is_a_folder, is_of_another_version],
    ids=lambda spoil: spoil.__name__,
)
def test_a_gradebook_that_cannot_be_used_is_a_sentence(course, spoil, command):
    told = spoil(course.gradebook_file)
    result = run(course, *command)
    assert result.exit_code == 2
    assert result.output.startswith("error: ")
    assert told in result.output
    assert len(result.output.splitlines()) == 1


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_gradebook_that_is_locked_is_a_sentence(course, monkeypatch, command):
    impatient = functools.partial(api.create_engine, connect_args={"timeout": 0.1})
    monkeypatch.setattr(api, "create_engine", impatient)
    monkeypatch.setattr(ledger, "PATIENCE", 100)
    with contextlib.closing(sqlite3.connect(course.gradebook_file)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        result = run(course, *command)
    assert (result.exit_code, result.output) == (
        2,
        "error: the gradebook cannot be used: database is locked; another program is writing to "
        "it; wait until that is done, or end it\n",
    )


@pytest.mark.slow
@pytest.mark.parametrize("content", [None, b""])
def test_where_there_is_no_gradebook_none_is_made_but_to_grade(course, content):
    course.gradebook_file.unlink()
    problem = "is not there"
    if content is not None:
        course.gradebook_file.write_bytes(content)
        problem = "is empty"
    for command in ("report", "feedback"):
        result = run(course, command)
        assert result.exit_code == 2
        assert f"gradebook.db {problem}: put it back, or" in result.output
        assert not course.gradebook_file.exists() or course.gradebook_file.stat().st_size == 0
    result = run(course, "autograde")
    assert result.exit_code == 0
    assert f"gradebook.db {problem}, and somebody has been graded: marks by" in result.output


@pytest.mark.slow
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EDQUOT])
@pytest.mark.parametrize("step", ["prepare", "write_single_notebook"])
def test_a_full_disk_is_nobodys_grade(course, monkeypatch, code, step):
    before = read_outcomes(course.gradebook_file)
    report = run(course, "report").output

    def fails(*_):
        raise OSError(code, os.strerror(code), "autograded/x")

    with monkeypatch.context() as patch:
        patch.setattr(batch.Batch, step, fails)
        result = run(course, "autograde", "--force")
    assert result.exit_code == 2
    assert result.output.endswith(f"error: autograded/x: {os.strerror(code)}\n")
    assert run(course, "report").output == report
    after = read_outcomes(course.gradebook_file)
    assert {name: outcome.status for name, outcome in after[ASSIGNMENT].items()} == {
        name: outcome.status for name, outcome in before[ASSIGNMENT].items()
    }
    assert "2 graded" in run(course, "autograde").output


@pytest.mark.parametrize("command", ["report", "feedback", "autograde", "release", "check"])
@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("c.x = (", "SyntaxError: '(' was never closed"),
        ("unknown", "NameError: name 'unknown' is not defined"),
        ("import sys; sys.exit(3)", "SystemExit: 3"),
        ("raise KeyError('a\\nb')", r"KeyError: 'a\nb'"),
        ("raise ValueError('\\x1b[31m' + 'a' * 10**6)", r"ValueError: \x1b[31maaa"),
    ],
)
def test_a_configuration_that_does_not_run_is_named_with_its_line(tmp_path, command, line, told):
    course = Course(make_course(tmp_path / "course"))
    path = course.root / "nbgrader_config.py"
    lines = len(path.read_text().splitlines())
    path.write_text(path.read_text() + line + "\n")
    result = run(course, command)
    assert result.exit_code == 2
    assert f"nbgrader_config.py, line {lines + 1}: {told}" in result.output
    assert len(result.output) < 1000


ABSURD = [0, -5, 10**30, 10**400]


@pytest.mark.parametrize("value", [*ABSURD[1:], 1.5, b"ten", [1]])
@pytest.mark.parametrize(
    "option",
    ["Execute.timeout", "ExecuteSubmission.notebook_timeout", "ExecuteSubmission.memory"]
    + ["ExecuteSubmission.later_timeout", "CourseDirectory.root", "CourseDirectory.db_url"],
)
def test_an_absurd_value_in_the_configuration_is_named(tmp_path, option, value):
    course = Course(make_course(tmp_path / "course"))
    with open(course.root / "nbgrader_config.py", "a") as config:
        config.write(f"c.{option} = {value!r}\n")
    result = run(course, "check")
    assert result.exit_code == 2
    assert option.partition(".")[2] in result.output
    assert len(result.output) < 1000


@pytest.mark.parametrize("value", [*ABSURD, 1.5, "ten", ""])
@pytest.mark.parametrize(
    ("command", "option"),
    [
        ("autograde", "--jobs"),
        ("autograde", "--timeout"),
        ("autograde", "--notebook-timeout"),
        ("autograde", "--memory"),
        ("mutate", "--every"),
    ],
)
def test_an_absurd_number_on_the_command_line_is_named_with_the_range(command, option, value):
    result = CliRunner().invoke(app, [command, option, str(value)])
    assert result.exit_code == 2
    expected = rf"'{option}': '{str(value)[:20]}.*'; expected a whole number from \d+ to \d+"
    assert re.search(expected, result.output)
    assert len(result.output) < 1000


def test_every_option_that_takes_a_number_is_among_these():
    marks = test_an_absurd_number_on_the_command_line_is_named_with_the_range.pytestmark
    [pairs] = [mark.args[1] for mark in marks if mark.args[0] == ("command", "option")]
    found = set()
    for command in app.registered_commands:
        for name, hint in typing.get_type_hints(command.callback, include_extras=True).items():
            kind = typing.get_args(hint)[0]
            if {int, float} & {kind, *typing.get_args(kind)}:
                found.add((command.name, f"--{name.replace('_', '-')}"))
    assert found == set(pairs)
