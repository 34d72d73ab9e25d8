"""The Makefile's words."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
MAKEFILE = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
WORDS = sorted(set(re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.M)))


def make(*arguments, cwd=REPOSITORY):
    return subprocess.run(
        [shutil.which("make"), *arguments], cwd=cwd, capture_output=True, text=True, timeout=60
    )


def test_every_target_is_a_word():
    targets = re.findall(r"^([^\s:=#.]+):(?!=)", MAKEFILE, re.M)
    assert sorted(targets) == WORDS


@pytest.mark.parametrize("arguments", [[], ["help"]])
def test_help_lists_every_word_with_what_it_does(arguments):
    shown = make(*arguments)
    assert shown.returncode == 0
    lines = [line.split(maxsplit=2) for line in shown.stdout.splitlines()]
    assert sorted(word for _, word, _ in lines) == WORDS
    assert all(make == "make" and len(meaning) > 10 for make, _, meaning in lines)
    assert all(len(line) < 80 for line in shown.stdout.splitlines())


@pytest.mark.parametrize("word", [word for word in WORDS if word not in ("help", "setup")])
def test_every_word_prepares_the_environment_first(word):
    planned = make("--dry-run", word)
    assert planned.returncode == 0, planned.stderr
    assert planned.stdout.splitlines()[0].endswith("scripts/setup.sh")


def test_a_word_fails_when_the_environment_cannot_be_made(tmp_path):
    shutil.copy(REPOSITORY / "Makefile", tmp_path)
    shutil.copytree(REPOSITORY / "scripts", tmp_path / "scripts")
    done = make("demo", "PYTHON=no-such-python", cwd=tmp_path)
    assert done.returncode == 2
    assert "setup: PYTHON=no-such-python is not a Python that runs" in done.stderr
    assert "course demo" not in done.stdout


def test_ci_runs_make_test_without_asking():
    script = REPOSITORY / ".ci" / "run"
    assert script.stat().st_mode & 0o100, ".ci/run is not executable"
    assert script.read_text(encoding="utf-8").splitlines()[-1] == "exec make test"
