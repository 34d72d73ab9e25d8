"""scripts/setup.sh: one clear line for whatever can go wrong, and an environment that heals.

The script runs on a course of its own: the real one's script, but a package without dependencies
and a lock without packages, so that environments take seconds and need no network.
"""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
SHELL = shutil.which("sh")
# What the script may call beside the shell itself and Python.
TOOLS = ["awk", "cat", "cksum", "df", "find", "grep", "head", "mv", "rm", "sed"]

PYPROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "course-utils"
version = "1"
"""

BACKEND = '''\
"""Builds an editable wheel with nothing but the standard library."""
import os
import zipfile


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    info = "course_utils-1.dist-info"
    name = "course_utils-1-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w") as wheel:
        wheel.writestr("course_utils.pth", os.getcwd())
        metadata = "Metadata-Version: 2.1\\nName: course-utils\\nVersion: 1\\n"
        wheel.writestr(f"{info}/METADATA", metadata)
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/RECORD", "")
    return name
'''


class Course:
    """A course small enough to be set up in seconds."""

    def __init__(self, root):
        self.is_at(root)
        # The only folder on PATH: the tools of every system, and no Python.
        self.programs = root.parent / "programs"
        self.programs.mkdir()
        for tool in TOOLS:
            (self.programs / tool).symlink_to(shutil.which(tool))
        (root / "scripts").mkdir(parents=True)
        shutil.copy(REPOSITORY / "scripts" / "setup.sh", root / "scripts")
        (root / "pyproject.toml").write_text(PYPROJECT)
        (root / "backend.py").write_text(BACKEND)
        (root / "requirements.lock").write_text("# nothing\n")
        (root / "course_utils").mkdir()
        (root / "course_utils" / "__init__.py").write_text("")

    def is_at(self, root):
        self.root = root
        self.venv = root / ".venv"
        self.stamp = self.venv / "course-setup.txt"
        self.log = root / "setup.log"

    def program(self, name, script):
        """Put a shell script of this name on PATH."""
        path = self.programs / name
        path.unlink(missing_ok=True)
        path.write_text(f"#!{SHELL}\n{script}\n")
        path.chmod(0o755)

    def environment(self, **variables):
        """No network, no settings of the machine's pip, and only the course's own PATH."""
        return {
            "HOME": str(self.root),
            "PATH": str(self.programs),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
        } | variables

    def setup(self, **variables):
        """Run the script; returns the finished process."""
        return subprocess.run(
            [SHELL, str(self.root / "scripts" / "setup.sh")],
            env=self.environment(**variables),
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=120,
        )

    def set_up(self, **variables):
        """Run the script, which has to succeed; returns what it said."""
        done = self.setup(**variables)
        assert done.returncode == 0, done.stderr + self.log.read_text()
        assert done.stderr == ""
        assert self.stamp.exists()
        return done.stdout

    def complaint(self, **variables):
        """Run the script, which has to fail; returns its one line."""
        done = self.setup(**variables)
        assert done.returncode == 1
        assert done.stderr.startswith("setup: ")
        assert done.stderr.count("\n") == 1, done.stderr
        assert not self.stamp.exists()
        return done.stderr

    def python(self, code):
        """Run code in the course's environment, from elsewhere."""
        return subprocess.run(
            [self.venv / "bin" / "python", "-I", "-c", code],
            cwd=self.root.parent,
            capture_output=True,
            text=True,
            check=True,
        ).stdout


def give_python(course):
    base = Path(sys.base_exec_prefix) / "bin" / "python3"
    course.program("python3", f'exec "{base}" "$@"')


@pytest.fixture
def course_without_python(tmp_path):
    return Course(tmp_path / "course")


@pytest.fixture
def course(course_without_python):
    give_python(course_without_python)
    return course_without_python


@pytest.fixture(scope="module")
def healed_course(tmp_path_factory):
    """One course that is set up, damaged and healed again and again."""
    course = Course(tmp_path_factory.mktemp("healed") / "course")
    give_python(course)
    course.set_up()
    return course


# --- a machine that is fine -----------------------------------------------------------------------


def test_a_second_run_does_nothing_and_a_changed_requirement_is_installed(course):
    assert "ready" in course.set_up()
    package = course.python("import course_utils; print(course_utils.__file__)")
    assert package.startswith(str(course.root))

    course.program("python3", "echo must not be called >&2; exit 9")
    course.log.unlink()
    assert course.set_up() == ""
    assert not course.log.exists(), "pip ran although nothing had changed"

    with (course.root / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    assert "installing" in course.set_up()
    assert course.set_up() == ""


def test_another_folder_can_hold_the_environment(course):
    elsewhere = course.root.parent / "elsewhere"
    course.venv, course.stamp = elsewhere, elsewhere / "course-setup.txt"
    course.set_up(VENV=str(elsewhere))
    assert not (course.root / ".venv").exists()


def test_torch_can_come_from_an_index_of_its_own(course):
    index = course.root / "index" / "torch"
    index.mkdir(parents=True)
    wheel = index / "torch-2.13.0+cpu-py3-none-any.whl"
    info = "torch-2.13.0+cpu.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("torch.py", "origin = 'the index of CPU builds'\n")
        archive.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: torch\nVersion: 2.13.0+cpu\n"
        )
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    (index / "index.html").write_text(f'<a href="{wheel.name}">{wheel.name}</a>')
    (course.root / "requirements.lock").write_text("torch==2.13.0\n")

    unreachable = {"PIP_NO_INDEX": "", "PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_RETRIES": "1"}
    assert "cannot reach" in course.complaint(**unreachable)
    course.set_up(TORCH_INDEX=index.parent.as_uri(), **unreachable)
    assert course.python("import torch; print(torch.origin)") == "the index of CPU builds\n"


# --- no Python to build on ------------------------------------------------------------------------


def test_an_empty_path(course):
    line = course.complaint(PATH=str(course.root / "nowhere"))
    assert "found no Python: install 3.11 or newer" in line
    assert not course.venv.exists()


def test_no_python(course_without_python):
    line = course_without_python.complaint()
    assert "found no Python: install 3.11 or newer" in line


@pytest.mark.parametrize("old", ["2.7.18", "3.8.18", "3.10.13"])
def test_only_an_old_python(course_without_python, old):
    course_without_python.program("python3", f"echo {old}")
    line = course_without_python.complaint()
    assert f"python3 is Python {old}, the course needs 3.11 or newer" in line
    assert not course_without_python.venv.exists()


def test_a_newer_python_beside_an_old_one_is_found(course):
    (course.programs / "python3").rename(course.programs / "python3.12")
    course.program("python3", "echo 3.8.18")
    course.set_up()


def test_python_named_by_hand(course):
    course.program("mine", "echo 3.9.1")
    assert "PYTHON=mine is Python 3.9.1" in course.complaint(PYTHON="mine")
    assert "PYTHON=absent is not a Python that runs" in course.complaint(PYTHON="absent")
    course.program("mine", "echo 4.0.0")
    # New enough: it gets as far as making the environment.
    assert "making the virtual environment failed" not in course.complaint(PYTHON="mine")


def test_python_without_ensurepip(course):
    (course.programs / "python3").rename(course.programs / "whole")
    course.program("python3", 'case "$*" in *ensurepip*) exit 1 ;; esac; exec whole "$@"')
    line = course.complaint()
    assert "apt install python3-venv" in line
    assert not course.venv.exists()


# --- an environment that is not whole -------------------------------------------------------------


def test_an_unfinished_environment_is_finished(course):
    course.set_up()
    course.stamp.unlink()
    kept = course.venv / "kept"
    kept.touch()
    assert "never finished: finishing it" in course.set_up()
    assert kept.exists()


def break_interpreter(course):
    for python in (course.venv / "bin").glob("python*"):
        python.unlink()
        python.symlink_to("/nonexistent/python3")


def age_interpreter(course):
    course.program("old", 'case "$*" in *version*) echo 3.8.18 ;; *) exit 1 ;; esac')
    for python in (course.venv / "bin").glob("python*"):
        python.unlink()
        python.symlink_to(course.programs / "old")


def remove_pip(course):
    shutil.rmtree(next(course.venv.glob("lib/python3*/site-packages/pip")))
    course.stamp.unlink()


def empty_folders_only(course):
    shutil.rmtree(course.venv)
    (course.venv / "bin").mkdir(parents=True)


def move_course(course):
    course.is_at(course.root.rename(course.root.with_name("moved")))


def copy_course(course):
    course.is_at(shutil.copytree(course.root, course.root.with_name("copied"), symlinks=True))


@pytest.mark.parametrize(
    "damage",
    [
        break_interpreter,
        age_interpreter,
        remove_pip,
        empty_folders_only,
        move_course,
        copy_course,
    ],
)
def test_a_broken_environment_is_made_again(healed_course, damage):
    damage(healed_course)
    assert "making it again" in healed_course.set_up()
    package = healed_course.python("import course_utils; print(course_utils.__file__)")
    assert package.startswith(str(healed_course.root))
    assert healed_course.set_up() == ""


def test_a_folder_that_is_no_environment_is_left_alone(course):
    course.venv.mkdir()
    (course.venv / "thesis.txt").write_text("years of work")
    line = course.complaint()
    assert "is in the way and is no virtual environment" in line
    assert (course.venv / "thesis.txt").read_text() == "years of work"


# --- pip cannot do its work -----------------------------------------------------------------------


@pytest.fixture
def needy_course(course):
    """A course whose lock names a package that no machine has."""
    (course.root / "requirements.lock").write_text("a-package-of-nobody==1.0\n")
    return course


def test_no_network(needy_course):
    line = needy_course.complaint(
        PIP_NO_INDEX="", PIP_INDEX_URL="http://127.0.0.1:9/", PIP_RETRIES="1"
    )
    assert "cannot reach its package index: check the network" in line
    assert str(needy_course.log) in line
    assert "127.0.0.1" in needy_course.log.read_text()


def test_a_package_that_the_index_lacks(needy_course):
    line = needy_course.complaint()
    assert "found no a-package-of-nobody==1.0 for this Python" in line

    (needy_course.root / "requirements.lock").write_text("# nothing\n")
    assert "finishing it" in needy_course.set_up()


def test_anything_else_that_pip_reports(course):
    (course.root / "backend.py").write_text("raise RuntimeError('a build that breaks')\n")
    line = course.complaint()
    assert f"pip install failed: read the end of {course.log}" in line
    assert "a build that breaks" in course.log.read_text()


def test_conflicting_packages_are_no_success(course):
    (course.root / "backend.py").write_text(
        BACKEND.replace("Version: 1\\n", "Version: 1\\nRequires-Dist: a-package-of-nobody\\n")
    )
    assert "pip check failed" in course.complaint()


def test_a_full_disk(course):
    """On a file system of 8 MB, which is too small for pip."""
    root = course.root.with_name("small-disk")
    root.mkdir()
    mount = 'mount -t tmpfs -o size=8m tmpfs "$1"'
    namespace = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
    if (
        shutil.which("unshare") is None
        or subprocess.run([*namespace, mount, "sh", str(root)], capture_output=True).returncode
    ):
        pytest.skip("this machine allows no small file system of one's own (unshare, mount)")

    done = subprocess.run(
        [
            *namespace,
            mount + ' && cp -R "$2/." "$1" && PATH=$3 "$4" "$1/scripts/setup.sh"',
            "sh",
            str(root),
            str(course.root),
            str(course.programs),
            SHELL,
        ],
        env=course.environment(PATH=os.environ["PATH"]),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("setup: the disk is full: free about 4 GB")
    assert done.stderr.count("\n") == 1
