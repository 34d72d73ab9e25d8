"""The view shows Python and its libraries wherever they lie, and no other ``course_utils``."""

import sys
import sysconfig
import zoneinfo
from pathlib import Path

import pytest

from course_utils import STAFF
from course_utils.sandbox.isolation import View, default_view, namespaces, view


def make(root, *names):
    """Make empty files below ``root``, with their folders."""
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


@pytest.fixture
def student(tmp_path):
    """A repository with a ``course_utils`` that student code may import from."""
    names = ("__init__.py", "check/visible.py", "staff/reference/answers.py")
    make(tmp_path / "repository", "source/secret.ipynb", *(f"course_utils/{n}" for n in names))
    return tmp_path / "repository" / "course_utils"


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A disk with nothing of Python on it, below ``tmp_path``; returns how to install one."""
    monkeypatch.setattr(view, "_SYSTEM", (str(tmp_path / "usr/lib"),))
    monkeypatch.setattr(zoneinfo, "TZPATH", ())
    monkeypatch.setattr(view.site, "getsitepackages", lambda: [])

    def install(prefix, base_prefix, stdlib, sites):
        for name, value in (("prefix", prefix), ("base_prefix", base_prefix)):
            monkeypatch.setattr(sys, name, str(tmp_path / value))
            monkeypatch.setattr(sys, f"exec_{name}".replace("exec_base", "base_exec"), str(value))
        monkeypatch.setattr(sys, "path", [str(tmp_path / path) for path in sites])
        paths = dict.fromkeys(("stdlib", "platstdlib"), str(tmp_path / stdlib))
        paths |= dict.fromkeys(("purelib", "platlib"), str(tmp_path / sites[0]))
        monkeypatch.setattr(sysconfig, "get_paths", lambda: paths)

    return install


def shows(shown, path):
    """Return whether the file at ``path`` can be read through the view, by any of its names."""
    path = path.resolve()
    real = [readable.resolve() for readable in shown.readable]
    return any(readable == path or readable in path.parents for readable in real)


INSTALLED = (
    "numpy/__init__.py",
    "six.py",
    "course_utils/staff/reference/answers.py",
    "course_utils-0.1.0.dist-info/RECORD",
    "_course_utils.pth",
    "__editable___course_utils_finder.py",
)

LAYOUTS = {
    "Debian": ("usr", "usr", "usr/lib/python3.11", ["usr/lib/python3/dist-packages"]),
    "venv": ("home/env", "usr", "usr/lib/python3.11", ["home/env/lib/python3.11/site-packages"]),
    "conda": ("opt/conda", "opt/conda", "opt/conda/lib/python3.11")
    + (["opt/conda/lib/python3.11/site-packages"],),
    "pyenv": ("pyenv/3.11", "pyenv/3.11", "pyenv/3.11/lib/python3.11")
    + (["pyenv/3.11/lib/python3.11/site-packages"],),
    "user": ("usr", "usr", "usr/lib/python3.11")
    + (["home/.local/lib/python3.11/site-packages", "usr/lib/python3/dist-packages"],),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_libraries_are_shown_and_an_installed_course_is_not(layout, machine, tmp_path, student):
    prefix, base_prefix, stdlib, sites = LAYOUTS[layout]
    make(tmp_path / stdlib, "os.py", "lib-dynload/_ssl.so")
    for folder in sites:
        make(tmp_path / folder, *INSTALLED)
    make(tmp_path / base_prefix / "lib", "libpython3.11.so.1.0")
    make(tmp_path, "home/secret.txt", "home/.local/share/secret.txt", "usr/share/secret.txt")
    machine(prefix, base_prefix, stdlib, sites)

    shown = default_view(student)

    assert shows(shown, student / "__init__.py") and shows(shown, student / "check/visible.py")
    assert not shows(shown, student / "staff/reference/answers.py")
    assert not shows(shown, student.parent / "source/secret.ipynb")
    assert student in shown.listable and student.parent not in shown.listable
    assert shows(shown, tmp_path / stdlib / "os.py")
    assert shows(shown, tmp_path / stdlib / "lib-dynload/_ssl.so")
    assert shows(shown, tmp_path / base_prefix / "lib/libpython3.11.so.1.0")
    for folder in sites:
        visible = {name for name in INSTALLED if shows(shown, tmp_path / folder / name)}
        assert visible == {"numpy/__init__.py", "six.py"}
        assert tmp_path / folder in shown.listable
    for name in ("home/secret.txt", "home/.local/share/secret.txt", "usr/share/secret.txt"):
        assert not shows(shown, tmp_path / name)


def test_a_course_installed_for_another_python_is_not_shown(machine, tmp_path, student):
    make(tmp_path, "usr/lib/python3.11/os.py")
    make(tmp_path / "usr/lib/python3.12/site-packages", *INSTALLED)
    machine("usr", "usr", "usr/lib/python3.11", ["usr/lib/python3/dist-packages"])
    shown = default_view(student)
    assert shows(shown, tmp_path / "usr/lib/python3.12/site-packages/six.py")
    assert not shows(shown, tmp_path / "usr/lib/python3.12/site-packages/_course_utils.pth")


def test_links_beside_something_hidden_are_kept_where_they_lead_to_what_is_shown(
    machine, tmp_path, student
):
    lib = tmp_path / "opt/lib"
    site = "python3.11/site-packages"
    make(lib, "libblas.so.3.1", f"{site}/six.py", f"{site}/course_utils/answers.py")
    make(tmp_path, "secret/file")
    (lib / "libblas.so.3").symlink_to("libblas.so.3.1")
    (lib / "python3").symlink_to("python3.11")
    (lib / "all").symlink_to(tmp_path)
    (lib / site / "linked").symlink_to(tmp_path / "secret")
    (lib / site / "answers").symlink_to("course_utils")
    (lib / "lost").symlink_to("nowhere")
    machine("opt", "opt", "opt/lib/python3.11", [f"opt/lib/{site}"])

    shown = default_view(student)

    links = {path.name for path in shown.readable if path.is_symlink()}
    assert links == {"libblas.so.3"}
    assert not shows(shown, lib / site / "course_utils/answers.py")
    assert not shows(shown, tmp_path / "secret/file")


def test_an_environment_inside_the_repository_does_not_show_the_repository():
    shown = default_view()
    package = Path(view.__file__).parents[2]
    assert shows(shown, package / "check" / "visible.py")
    assert not shows(shown, package / STAFF / "course.py")
    assert not shows(shown, package.parent / "pyproject.toml")
    assert shows(shown, Path(pytest.__file__))


def test_a_view_is_made_of_existing_absolute_paths(tmp_path):
    with pytest.raises(ValueError, match="usr in the view: an absolute path is needed"):
        View((Path("usr"),))
    with pytest.raises(FileNotFoundError, match="nowhere in the view"):
        View((tmp_path,), (tmp_path / "nowhere",))


def test_links_on_the_way_to_a_path_are_followed_and_remembered(tmp_path):
    root = tmp_path.resolve()
    make(root, "real/lib/file")
    (root / "lib").symlink_to("real/lib")
    (root / "absolute").symlink_to(root / "lib")
    (root / "real/lib/up").symlink_to("../lib/file")
    links, real = namespaces._follow(root / "absolute" / "up")
    assert real == str(root / "real/lib/file")
    assert links == {
        str(root / "absolute"): str(root / "lib"),
        str(root / "lib"): "real/lib",
        str(root / "real/lib/up"): "../lib/file",
    }
