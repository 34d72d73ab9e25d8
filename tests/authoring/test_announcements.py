"""An error that a hidden cell demands is announced in the docstring or the task."""

import shutil
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from course_utils.staff.authoring.announcements import unannounced
from course_utils.staff.commands.app import app

REPOSITORY = Path(__file__).parents[2]
SOURCES = sorted((REPOSITORY / "source").glob("*/*.ipynb"))
TASK = "A root of less than nothing does not exist: raise `ValueError`. Then rest."
SOLUTION = '''def root(x):
    """The square root.

    x: a number with a root. Raises ValueError for
    anything but a number.
    """
    return x**0.5'''
QUOTED = """# Hidden.
### BEGIN HIDDEN TESTS
# "root of less than nothing"
check.raises(root, -1)
# "Raises ValueError for anything
# but a number"
check.raises(root, "a")
for wrong in ({}, None):
    check.raises(root, wrong)
### END HIDDEN TESTS"""


def code(source, grade_id, **flags):
    grader = {"schema_version": 3, "grade_id": grade_id, "grade": False, "solution": False,
              "locked": True, "task": False} | flags  # fmt: skip
    return nbformat.v4.new_code_cell(source, metadata={"nbgrader": grader})


@pytest.fixture
def told(tmp_path):
    """What is missing in a one-task notebook; parts can be replaced."""

    def of(task=TASK, hidden=QUOTED, before="Nothing is told here."):
        cells = [
            nbformat.v4.new_markdown_cell(before),
            code("check.close(1, 1)", "A0_visible", grade=True, points=1),
            nbformat.v4.new_markdown_cell(task),
            code(SOLUTION, "A1_root", solution=True),
            code(hidden, "A1_root_hidden_errors", grade=True, points=1),
        ]
        path = tmp_path / "roots.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
        return unannounced(path)

    return of


def test_errors_that_docstring_or_task_announce_are_fine(told):
    assert told() == []


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        ({"task": "Write it."}, "no sentence about errors in docstring or task says"),
        ({"task": "Write it.", "before": TASK}, "no sentence about errors"),
        ({"task": TASK.replace("ValueError", "it")}, "no sentence about errors"),
        ({"hidden": QUOTED.replace('# "root', "# root", 1)}, "quotes no announcement"),
        ({"hidden": QUOTED.replace("less than nothing", "zero")}, "says 'root of zero'"),
        ({"hidden": QUOTED.replace("root of less than nothing", "less")}, "is too short"),
        ({"hidden": QUOTED.replace("raises(root, -1)", "raises(lambda: root(-1))")}, "no function"),
    ],
)
def test_an_error_that_nobody_announces_is_told(told, parts, problem):
    [sentence] = told(**parts)
    assert sentence.startswith("A1_root_hidden_errors: check.raises(")
    assert problem in sentence


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_error_of_the_tutorials_is_announced(path):
    assert unannounced(path) == []


@pytest.mark.parametrize(
    ("topic", "phrase", "cell"),
    [
        ("convolution_by_hand", "unless x has two axes, ", "C12_pool2d_hidden_errors"),
        ("output_shapes", "- an input shape that has neither one number nor three", "S6_"),
    ],
)
def test_coverage_misses_a_phrase_that_is_taken_away(tmp_path, topic, phrase, cell):
    shutil.copy2(REPOSITORY / "nbgrader_config.py", tmp_path)
    for folder in ("source", "sample_class"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder)
    [path] = tmp_path.glob(f"source/*/{topic}.ipynb")
    words = ["coverage", path.parent.name, "--course", str(tmp_path)]
    assert CliRunner().invoke(app, words).exit_code == 0
    text = path.read_text(encoding="utf-8")
    assert text.count(phrase) == 1
    path.write_text(text.replace(phrase, ""), encoding="utf-8")
    sentences = unannounced(path)
    assert len(sentences) == 2 and all(sentence.startswith(cell) for sentence in sentences)
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 1
    assert result.output.count("not announced: " + cell) == 2
