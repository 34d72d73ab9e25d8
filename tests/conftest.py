"""What tests of several subjects start from."""

import functools
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from course_copy import CourseCopy
from nbgrader import api

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def repository_files():
    """Names of the files that a fresh clone of the working tree would hold.

    Copies of the course use the environment that runs the tests; it has to be complete, or the
    copy's own set-up would change it.
    """
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
    )
    if listed.returncode:
        pytest.skip(f"git cannot list the repository's files: {listed.stderr.strip()}")
    checked = subprocess.run(
        ["sh", REPOSITORY / "scripts" / "setup.sh", "--check"],
        env=os.environ | {"VENV": sys.prefix},
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stderr
    names = set(listed.stdout.split("\0")) - {""}
    return sorted(name for name in names if (REPOSITORY / name).is_file())


@pytest.fixture(scope="session", autouse=True)
def alembic_version_asked_for_once():
    """nbgrader starts a program, for a second or two, whenever a gradebook is made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api, "get_alembic_version", functools.cache(api.get_alembic_version))
        yield


class Demonstration(NamedTuple):
    """A copy of the course in which ``make demo`` has run, and how it ended."""

    course: CourseCopy
    demo: subprocess.CompletedProcess


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory, repository_files):
    """Run ``make demo`` once; whoever changes the course copies it first."""
    course = CourseCopy(tmp_path_factory.mktemp("demonstration") / "course", repository_files)
    return Demonstration(course, course.run("make demo", COLUMNS="140"))
