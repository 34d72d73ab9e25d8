"""Every command in README.md works, typed as it stands there, in a fresh copy of the course.

A command is a line of a ```sh block, or inline code that begins with the name of a program. Each
is run here, in the order of the README, or by something named below; there is no third way.
"""

import re
from pathlib import Path

import pytest
from course_copy import LabServer

REPOSITORY = Path(__file__).parents[2]
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
PROGRAMS = ["conda", "course", "git", "jupyter", "make", "nbgrader", "pip", "python", "sh"]

SERVERS = ["jupyter lab", "make lab"]
# What one run cannot do twice, no test machine can do or takes too long, and which test stands
# for it.
PROVED_BY = {
    "make bench": "tests/end_to_end/test_benchmark.py::test_a_small_class_is_measured",
    "TORCH_INDEX=<that address> make setup": (
        "tests/setup/test_setup_script.py::test_torch_can_come_from_an_index_of_its_own"
    ),
    "conda env create --file environment.yml && conda activate course": (
        "tests/setup/test_environment_files.py::test_conda_users_get_the_same_packages_and_ranges"
    ),
}


def is_command(code):
    """Whether inline code is a command: a known program after any VARIABLE=value."""
    words = re.sub(r"^(?:[A-Z_]+=(?:<[^>]*>|\S*)\s+)+", "", code).split()
    return len(words) > 1 and words[0].rpartition("/")[2] in PROGRAMS


def commands():
    """The README's commands, in order, each once."""
    found = []
    for block, inline in re.findall(
        r"^```sh\n(.*?)^```$|(?<!`)`([^`]+)`(?!`)", README, re.M | re.S
    ):
        if block:
            found += [line.strip() for line in block.splitlines() if line.strip()]
        elif is_command(inline):
            found.append(" ".join(inline.split()))
    return list(dict.fromkeys(line for line in found if not line.startswith("#")))


def run_by_make_test():
    """`make test` and what it consists of: CI runs these around this very test."""
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    (parts,) = re.findall(r"^STAGES := (.*)$", makefile, re.M)
    return {"make test", *(f"make {part}" for part in parts.split())}


@pytest.fixture(scope="module")
def course(tmp_path_factory, demonstration):
    return demonstration.course.copied_to(tmp_path_factory.mktemp("readme") / "course")


@pytest.fixture(scope="module")
def activated(course):
    """PATH of someone who has activated the environment."""
    return {"PATH": f"{course.root / '.venv' / 'bin'}:{course.environment['PATH']}"}


RUN = [line for line in commands() if line not in {*SERVERS, *PROVED_BY, *run_by_make_test()}]


@pytest.mark.parametrize("command", [line for line in RUN if not line.startswith("pip ")])
def test_the_command_runs(course, demonstration, activated, command):
    is_done = command == "make demo"
    done = demonstration.demo if is_done else course.run(command, **activated)
    assert done.returncode == 0, done.stdout
    assert "Traceback" not in done.stdout, done.stdout
    assert done.stdout.strip(), "it says nothing"


@pytest.mark.parametrize("command", [line for line in RUN if line.startswith("pip ")])
def test_the_wheel_can_be_installed(course, activated, command):
    """pip only plans, without a package index: the environment has all that the wheel wants."""
    built = course.run("make wheel")
    assert built.returncode == 0, built.stdout
    done = course.run(command, folder="dist", **activated, PIP_DRY_RUN="1", PIP_NO_INDEX="1")
    assert done.returncode == 0, done.stdout
    assert "Would install course-utils" in done.stdout


@pytest.mark.parametrize("command", [line for line in commands() if line in SERVERS])
def test_the_server_starts(course, activated, tmp_path, command):
    server = LabServer(course, command, tmp_path, **activated)
    try:
        server.wait()
    finally:
        server.stop()


def test_no_command_hides_in_another_kind_of_block():
    kinds = re.findall(r"^ *(?:```|~~~) *(\S*)$", README, re.M)[::2]
    assert set(kinds) == {"sh"}
    assert {"make demo", "make test"} <= set(commands())


@pytest.mark.parametrize("command", PROVED_BY)
def test_what_another_test_proves_is_still_proved_and_needed(command):
    assert command in commands(), "the README does not say this any more"
    path, _, name = PROVED_BY[command].partition("::")
    assert f"def {name}(" in (REPOSITORY / path).read_text(encoding="utf-8")
