"""pyproject.toml, requirements.lock and environment.yml describe one environment, as imported."""

import ast
import json
import re
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import course_utils

REPOSITORY = Path(__file__).parents[2]
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]

# Where a package is not called like what one imports.
MODULE_NAMES = {
    "bs4": "beautifulsoup4",
    "PIL": "pillow",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
}
# Functions that import the module which their first argument names.
IMPORTERS = {"find_spec", "import_module"}
NOT_FOR_STUDENTS = {course_utils.STAFF, course_utils.SANDBOX}

# Where conda-forge has another name for a package.
CONDA_NAMES = {"matplotlib-base": "matplotlib", "python-build": "build", "pytorch": "torch"}


def requirements(extra=None):
    """{name: specifier} of the package with an extra, and of the extras that this one asks for."""
    lines = PROJECT["dependencies"] if extra is None else PROJECT["optional-dependencies"][extra]
    found = {}
    for requirement in map(Requirement, lines):
        if requirement.name == PROJECT["name"]:
            for inner in requirement.extras:
                found |= requirements(inner)
        else:
            found[canonicalize_name(requirement.name)] = requirement.specifier
    return found


@pytest.fixture(scope="module")
def everything():
    """What a contributor's environment holds, which is what the lock and conda give."""
    return requirements() | requirements("dev")


@pytest.fixture(scope="module")
def lock():
    """{name: version} of requirements.lock."""
    text = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    for line in lines:
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line), (
            f"requirements.lock: {line!r} is not a plain name==version, "
            "so it works on one machine or with one package index only"
        )
    pins = [line.split("==") for line in lines]
    versions = {canonicalize_name(name): Version(version) for name, version in pins}
    assert len(versions) == len(pins), "requirements.lock pins a package twice"
    return versions


@pytest.fixture(scope="module")
def conda():
    """{PyPI's name: specifier} of environment.yml, and what pip adds there."""
    document = yaml.safe_load((REPOSITORY / "environment.yml").read_text(encoding="utf-8"))
    *packages, pip = document["dependencies"]
    found = {}
    for line in [*packages, *(line for line in pip["pip"] if not line.startswith("-"))]:
        requirement = Requirement(line)
        name = canonicalize_name(requirement.name)
        found[CONDA_NAMES.get(name, name)] = requirement.specifier
    assert pip["pip"][-1] == "-e ."
    return found


def test_the_lock_pins_every_requirement_within_its_range(everything, lock):
    for name, specifier in everything.items():
        assert name in lock, f"{name} is in pyproject.toml, not in requirements.lock: make lock"
        assert specifier.contains(lock[name]), f"{name}: {lock[name]} is not {specifier}"


def test_the_lock_holds_the_torch_that_the_course_was_checked_with(lock):
    assert str(lock["torch"]) == "2.13.0"
    assert not [name for name in lock if name.startswith(("nvidia", "cuda")) or name == "triton"]


def test_the_lock_can_install_the_package_without_build_isolation(lock):
    build_system = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["build-system"]
    for requirement in map(Requirement, build_system["requires"]):
        assert requirement.specifier.contains(lock[canonicalize_name(requirement.name)])


def test_conda_users_get_the_same_packages_and_ranges(everything, conda):
    python = conda.pop("python")
    conda.pop("pip")
    assert str(python) == PROJECT["requires-python"]
    assert {name: str(specifier) for name, specifier in conda.items()} == {
        name: str(specifier) for name, specifier in everything.items()
    }


def test_ranges_are_open_enough_to_outlive_the_lock(everything):
    for name, specifier in everything.items():
        operators = {part.operator for part in specifier}
        assert operators <= {">=", "<"}, f"{name}{specifier}: exact pins belong in the lock"


def code_of(path):
    """The text of a Python file, or of a notebook's code cells."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return text
    cells = json.loads(text)["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


def imported(paths):
    """Names of the packages, other than the standard library and this one, that files import."""
    found = set()
    for path in paths:
        for node in ast.walk(ast.parse(code_of(path))):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add(node.module)
            elif (
                isinstance(node, ast.Call)
                and getattr(node.func, "attr", getattr(node.func, "id", None)) in IMPORTERS
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(node.args[0].value)
    modules = {name.partition(".")[0] for name in found} - sys.stdlib_module_names
    own = {"course_utils", *(path.stem for path in paths)}
    return {canonicalize_name(MODULE_NAMES.get(name, name)) for name in modules - own}


def test_what_the_package_imports_is_declared_and_used():
    package = REPOSITORY / "course_utils"
    everyones, instructors = [], []
    for path in package.rglob("*.py"):
        inside = path.relative_to(package).parts[0] in NOT_FOR_STUDENTS
        (instructors if inside else everyones).append(path)
    everyones += (REPOSITORY / "release").rglob("*.ipynb")
    core, optional = requirements(), requirements("lab") | requirements("torch")

    assert imported(everyones) <= core.keys() | optional.keys()
    assert core.keys() <= imported(everyones), "declared, but not used"

    added = requirements("instructor").keys() - optional.keys()
    assert imported(instructors) <= core.keys() | optional.keys() | added
    assert added <= imported(instructors), "declared, but not used"


def test_what_the_tests_import_is_declared(everything):
    assert imported([*(REPOSITORY / "tests").rglob("*.py")]) <= everything.keys()
