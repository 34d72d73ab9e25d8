"""Spawners for the tests, as root (where the tests run as root) and as anyone else."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAMS = Path(__file__).with_name("spawner_programs.py")
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
    """Who runs the spawner."""
    return request.param


@pytest.fixture(scope="session")
def spawner(user):
    """Run a program of ``spawner_programs`` as a spawner and return what it returns."""

    def run(program, pass_fds=(), **request):
        request |= {"program": program, "user": user}
        root = str(Path(__file__).parents[3])
        finished = subprocess.run(
            [sys.executable, "-W", "error", PROGRAMS, json.dumps(request)],
            env=os.environ
            | {"PYTHONPATH": root, "OPENBLAS_NUM_THREADS": "1", "COURSE_CANARY": "x"},
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
