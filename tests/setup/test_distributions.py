"""What `make wheel` gives to students: everything they need, and no answer."""

import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

import course_utils

REPOSITORY = Path(__file__).parents[2]
NOT_FOR_STUDENTS = {course_utils.STAFF, course_utils.SANDBOX}


def build(kind, folder):
    """Build one distribution without the network; returns the names of its files."""
    subprocess.run(
        [sys.executable, "-m", "build", f"--{kind}", "--no-isolation", "--outdir", folder, "."],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
    )
    (path,) = Path(folder).iterdir()
    if kind == "wheel":
        with zipfile.ZipFile(path) as archive:
            return path, set(archive.namelist())
    with tarfile.open(path) as archive:
        # Without the leading folder that names the version.
        return path, {name.partition("/")[2] for name in archive.getnames()}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build("wheel", tmp_path_factory.mktemp("wheel"))


def package_files():
    """Every file of the package in the repository, as paths from the repository's root."""
    return {
        path.relative_to(REPOSITORY).as_posix()
        for path in (REPOSITORY / "course_utils").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_what_the_wheel_leaves_out_is_what_the_boundary_names():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    left_out = {Path(path) for path in project["tool"]["hatch"]["build"]["exclude"]}
    assert left_out == {Path("course_utils", name) for name in NOT_FOR_STUDENTS}


def not_for_students(name):
    return name.split("/")[1] in NOT_FOR_STUDENTS


def test_the_wheel_holds_the_package_without_the_staffs_part(wheel):
    _, names = wheel
    packed = {name for name in names if ".dist-info/" not in name}
    expected = package_files()
    assert {name.split("/")[1] for name in expected if not_for_students(name)} == NOT_FOR_STUDENTS
    assert packed == {name for name in expected if not not_for_students(name)}


def test_the_wheel_holds_the_hints(wheel):
    _, names = wheel
    tables = {name for name in names if name.startswith("course_utils/hints/")}
    assert any(name.endswith(".json") for name in tables)


def test_the_source_distribution_holds_no_answer_either(tmp_path):
    _, names = build("sdist", tmp_path)
    assert "course_utils/__init__.py" in names
    assert not [
        name for name in names if name.startswith("course_utils/") and not_for_students(name)
    ]
    assert not [name for name in names if name.startswith(("source/", "sample_class/", "tests/"))]


def run_student(wheel, folder, code):
    """Run code as a student whose only course_utils is the wheel's."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    # -S leaves out the repository's editable install; packages are named instead.
    program = f"import sys; sys.path[:0] = [{str(folder)!r}]\n"
    program += f"sys.path += {[path for path in sys.path if 'site-packages' in path]!r}\n{code}"
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", program],
        cwd=folder,
        capture_output=True,
        text=True,
    )


def test_checks_figures_and_data_work_without_the_staffs_part(wheel, tmp_path):
    done = run_student(
        wheel[0],
        tmp_path,
        "from course_utils import check\n"
        "from course_utils.datasets import convolution_by_hand as data\n"
        "from course_utils.plotting import convolution_by_hand as figures\n"
        "check.close(1.0, 1.0)\n"
        "print(check.__file__)",
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith(str(tmp_path))


@pytest.mark.parametrize("part", sorted(NOT_FOR_STUDENTS))
def test_a_student_cannot_import_the_staffs_part(wheel, tmp_path, part):
    done = run_student(wheel[0], tmp_path, f"import course_utils.{part}")
    assert f"No module named 'course_utils.{part}'" in done.stderr


def test_the_course_command_tells_students_whose_it_is(wheel, tmp_path):
    done = run_student(wheel[0], tmp_path, "from course_utils.cli import main\nmain()")
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert "Traceback" not in said
    assert len(said.strip().splitlines()) == 1 and "staff" in said
