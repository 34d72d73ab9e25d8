"""Where an optional package is missing, nothing claims to be checked."""

import ast
import importlib.metadata
import importlib.util
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.utils import compute_checksum
from nbgrader.validator import Validator

from course_utils import check
from course_utils.staff.authoring.source_notebook import SourceNotebook

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "source").glob("*/*.ipynb"))
NEED_TORCH = [path for path in SOURCES if "check.needs(" in path.read_text(encoding="utf-8")]


@pytest.fixture
def execution(monkeypatch):
    """Set nbgrader's way of running a notebook; None is a student's own kernel."""

    def choose(value):
        monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
        if value is not None:
            monkeypatch.setenv("NBGRADER_EXECUTION", value)

    return choose


@pytest.fixture(params=["None in sys.modules", "not found"])
def without_torch(request, monkeypatch):
    """Torch is missing, in each of the ways in which a package can be."""
    if request.param == "not found":
        real = importlib.util.find_spec
        monkeypatch.setattr(
            importlib.util, "find_spec", lambda name: None if name == "torch" else real(name)
        )

        def finds_no_torch(name, package=None):
            raise ModuleNotFoundError("No module named 'torch'", name=name)

        monkeypatch.setattr(importlib, "import_module", finds_no_torch)
    else:
        monkeypatch.setitem(sys.modules, "torch", None)


def test_a_package_that_is_here_shows_no_card(execution, capsys):
    for how in (None, "validate", "autograde"):
        execution(how)
        assert check.needs("json", "f", points=3) is True
    assert capsys.readouterr().out == ""


@pytest.fixture
def broken(tmp_path, monkeypatch):
    (tmp_path / "half_installed.py").write_text("raise OSError('libhalf.so: not found\\nsorry')")
    monkeypatch.syspath_prepend(tmp_path)
    return "half_installed"


def test_a_package_that_cannot_be_loaded_is_as_good_as_missing(execution, broken, capsys):
    execution(None)
    assert check.needs(broken, "f", points=3) is False
    assert capsys.readouterr().out.splitlines()[0] == (
        "○ Not checked: 3 points of f, because half_installed cannot be loaded here: "
        "OSError: libhalf.so: not found"
    )


def test_grading_loads_no_package_for_a_check_that_may_not_need_it(execution, broken, capsys):
    execution("autograde")
    assert check.needs(broken, "f", points=3) is True
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("how", [None, "autograde"])
def test_a_missing_package_is_told_with_the_points_and_the_cell_goes_on(
    execution, how, without_torch, capsys
):
    execution(how)
    assert check.needs("torch", "gradient_map", points=4) is False
    assert capsys.readouterr().out.splitlines() == [
        "○ Not checked: 4 points of gradient_map, because torch is not installed here",
        "They are graded all the same, by hidden checks too, where torch is installed. To check "
        "your work before, run `%pip install torch` in a new cell and restart the kernel.",
    ]


def test_validate_is_told_in_one_line(execution, without_torch, capsys):
    execution("validate")
    with pytest.raises(check.CheckFailed) as failure:
        check.needs("torch", "gradient_map", points=4)
    (line,) = str(failure.value).splitlines()
    assert line.startswith("Not checked: 4 points of gradient_map, because torch is not installed")
    assert "%pip install torch" in line
    assert capsys.readouterr().out.startswith("○ Not checked:")


@pytest.mark.parametrize("topic", ["receptive_fields", "image_tokenization"])
@pytest.mark.parametrize("loads", [True, False])
def test_the_first_cell_says_whether_torch_can_be_used(topic, loads, monkeypatch, capsys):
    """Torch raises, as it does where a library that it loads is missing."""
    [path] = [path for path in NEED_TORCH if path.stem == topic]
    notebook = SourceNotebook(path)
    if not loads:
        real = importlib.import_module

        def load(name, package=None):
            if name == "torch":
                raise OSError("libtorch_cpu.so: cannot open shared object file")
            return real(name, package)

        monkeypatch.setattr(importlib, "import_module", load)
    exec(notebook.cells[0].source, {})
    told = capsys.readouterr().out.splitlines()[-1]
    if loads:
        assert told.split() == ["torch", importlib.metadata.version("torch")]
    else:
        assert told == (
            "torch cannot be loaded here: OSError: libtorch_cpu.so: cannot open shared object file"
        )


@pytest.mark.parametrize("hidden", [True, False], ids=["without torch", "with torch"])
def test_nbgraders_validate_calls_no_unchecked_cell_a_success(hidden, tmp_path, monkeypatch):
    """IPython's startup file hides torch from the kernel, or leaves it alone."""
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    if hidden:
        (startup / "00-hide.py").write_text("import sys\nsys.modules['torch'] = None\n")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    path = tmp_path / "tiny.ipynb"
    nbformat.write(tiny_notebook(), path)

    failed = Validator().validate(str(path)).get("failed", [])

    assert [cell["source"].splitlines()[0] for cell in failed] == (
        ["if check.needs('torch', 'doubled', points=3):"] if hidden else []
    )
    assert all("3 points of doubled" in cell["raw_error"] for cell in failed)


def tiny_notebook():
    """A function that is right, checked in one cell with torch and in one without."""
    notebook = nbformat.v4.new_notebook()
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    sources = {
        "setup": "from course_utils import check\n\n\ndef doubled(x):\n    return 2 * x",
        "with_torch": "if check.needs('torch', 'doubled', points=3):\n"
        "    check.equal(doubled(2), 4)",
        "without": "check.equal(doubled(3), 6)",
    }
    for name, source in sources.items():
        meta = {
            "schema_version": 3, "grade_id": name, "grade": name != "setup", "solution": False,
            "locked": True, "task": False, "cell_type": "code",
        }  # fmt: skip
        if meta["grade"]:
            meta["points"] = 1
        cell = nbformat.v4.new_code_cell(source, metadata={"nbgrader": meta})
        meta["checksum"] = compute_checksum(cell)
        cell.metadata.nbgrader.checksum = meta["checksum"]
        notebook.cells.append(cell)
    return notebook


def needs_of(cell):
    """The calls of ``check.needs`` in a source cell."""
    return [
        call
        for call in ast.walk(ast.parse(cell.source))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "check.needs"
    ]


def test_the_notebooks_that_need_torch_are_found():
    assert [path.stem for path in NEED_TORCH] == ["receptive_fields", "image_tokenization"]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_check_steps_aside_in_silence(path):
    """Every condition in a visible check is a ``check.needs``; what takes torch has one."""
    notebook = SourceNotebook(path)
    takes_torch = {
        name
        for cell in notebook.solutions()
        if "torch" in cell.names_used | _imported(cell)
        for name in cell.names_defined
    }
    for cell in notebook.tests("visible"):
        tree = ast.parse(cell.source)
        conditions = [node.test for node in ast.walk(tree) if isinstance(node, ast.If)]
        assert len(conditions) == len(needs_of(cell)), cell.grade_id
        assert needs_of(cell) or not takes_torch & cell.names_used, cell.grade_id


def _imported(cell):
    nodes = list(ast.walk(ast.parse(cell.source)))
    modules = [node.module for node in nodes if isinstance(node, ast.ImportFrom)]
    modules += [a.name for node in nodes if isinstance(node, ast.Import) for a in node.names]
    return {module.split(".")[0] for module in modules}
