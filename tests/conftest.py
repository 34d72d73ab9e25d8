"""What tests of several subjects start from."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
