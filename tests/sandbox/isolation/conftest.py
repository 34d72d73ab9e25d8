"""Warm processes for the tests, as root (where the tests run as root) and as anyone else."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAMS = Path(__file__).with_name("warm_programs.py")
USERS = (
    ["root", "ordinary user"] if hasattr(os, "geteuid") and os.geteuid() == 0 else ["ordinary user"]
)


def pytest_collection_modifyitems(items):
    """Elsewhere than on Linux there is nothing to confine with."""
    here = str(Path(__file__).parent)
    for item in items:
        if sys.platform != "linux" and str(item.path).startswith(here):
            item.add_marker(pytest.mark.skip(reason="confinement needs Linux"))


@pytest.fixture(scope="session", params=USERS)
def user(request):
    """Who runs the warm process."""
    return request.param


@pytest.fixture(scope="session")
def student_package(tmp_path_factory):
    """A folder with the students' ``course_utils``, readable for all."""
    folder = tmp_path_factory.mktemp("student")
    (folder / "course_utils").mkdir()
    (folder / "course_utils" / "__init__.py").write_text("")
    folder.chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def warm(user, student_package):
    """Run a program of ``warm_programs`` as a warm process and return what it returns."""

    def run(program, pass_fds=(), **request):
        request |= {"program": program, "user": user, "student_package": str(student_package)}
        root = str(Path(__file__).parents[3])
        finished = subprocess.run(
            [sys.executable, "-W", "error", PROGRAMS, json.dumps(request)],
            env=os.environ | {"PYTHONPATH": root, "OPENBLAS_NUM_THREADS": "1", "COURSE_BAIT": "x"},
            capture_output=True,
            pass_fds=pass_fds,
            text=True,
            timeout=300,
        )
        if finished.returncode < 0 and pass_fds:
            return finished.returncode
        assert finished.returncode == 0, finished.stderr
        return json.loads(finished.stdout)

    return run
