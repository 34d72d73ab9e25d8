"""What a notebook tells students about its points and its contracts is so."""

import shutil
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from course_utils.staff.authoring.promises import broken
from course_utils.staff.commands.app import app

REPOSITORY = Path(__file__).parents[2]
SOURCES = sorted((REPOSITORY / "source").glob("*/*.ipynb"))
OPENING = "This needs torch: 3 of the 4 points that checks decide."
SECTION = "Without torch, its checks (3 points, hidden\nones included) are not run."
VISIBLE = """if check.needs("torch", "root", points=3):
    check.equal(root(4), 2)"""
CONTRACT = """# Hidden: kind.
### BEGIN HIDDEN TESTS
check.keeps_contract(root, abs, [check.case(4)])
### END HIDDEN TESTS"""
OTHER = """# Hidden: values.
### BEGIN HIDDEN TESTS
# no contract for twice: a number in, a number out
check.agrees(twice, abs, [check.case(0)])
check.agrees(seven, seven, [check.case()])
### END HIDDEN TESTS"""
SOLUTION = """def root(x):
    return x**0.5
def twice(x):
    return 2 * x
def seven():
    return 7
def not_asked_for(x):
    return x"""


@pytest.fixture
def told(tmp_path):
    """What a small notebook says wrongly; parts can be replaced."""

    def of(opening=OPENING, section=SECTION, visible=VISIBLE, contract=CONTRACT, other=OTHER):
        def code(source, grade_id, **flags):
            grader = {"schema_version": 3, "grade_id": grade_id, "grade": False, "solution": False,
                      "locked": True, "task": False} | flags  # fmt: skip
            return nbformat.v4.new_code_cell(source, metadata={"nbgrader": grader})

        cells = [
            nbformat.v4.new_markdown_cell(opening),
            nbformat.v4.new_markdown_cell(section),
            code(SOLUTION, "A1_root", solution=True),
            code(visible, "A1_root_visible", grade=True, points=1),
            code(contract, "A1_root_hidden_contract", grade=True, points=2),
            code(other, "A1_twice_hidden", grade=True, points=1),
        ]
        path = tmp_path / "roots.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
        return broken(path)

    return of


def test_what_is_so_is_fine(told):
    assert told() == []
    assert told(visible="check.equal(root(4), 2)", opening="Hello.", section="All is here.") == []


@pytest.mark.parametrize(
    ("parts", "sentences"),
    [
        (
            {"visible": VISIBLE.replace("points=3", "points=2")},
            ["A1_root_visible: check.needs('torch', 'root', points=2): its checks are worth 3"],
        ),
        (
            {"visible": VISIBLE.replace("points=3", "2")},
            ["A1_root_visible: check.needs('torch', 'root', 2): its checks are worth 3"],
        ),
        (
            {"opening": OPENING.replace("3 of", "2 of")},
            ["2 of 4 points are told, where it is 3 of 4"],
        ),
        (
            {"opening": OPENING.replace("4", "5")},
            ["3 of 5 points are told, where it is 3 of 4"],
        ),
        (
            {"opening": "This needs torch."},
            ["nothing says '3 of the 4 points that checks decide'"],
        ),
        (
            {"section": SECTION.replace("3", "5")},
            ["5 points, hidden ones included, are told, where it is 3"],
        ),
    ],
)
def test_points_that_are_told_wrongly_are_named(told, parts, sentences):
    assert told(**parts) == sentences


def test_a_function_without_a_contract_is_named_unless_a_comment_says_why(told):
    lacks = "{} has no hidden check of its contract, and no comment says why"
    agrees = CONTRACT.replace("keeps_contract", "agrees")
    assert told(contract=agrees) == [lacks.format("root")]
    without_reason = OTHER.replace(": a number in, a number out", ":")
    assert told(other=without_reason) == [lacks.format("twice")]
    both = "{} has a hidden check of its contract, and a comment says that it has none"
    assert told(other=OTHER + "\n# no contract for root: none") == [both.format("root")]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_the_tutorials_keep_what_they_promise(path):
    assert broken(path) == []


@pytest.mark.parametrize(
    ("topic", "old", "new"),
    [
        ("receptive_fields", "7 of the 45 points", "8 of the 45 points"),
        ("receptive_fields", "two checks (7 points, hidden", "two checks (6 points, hidden"),
        ("image_tokenization", "points=4", "points=5"),
        ("convolution_by_hand", "check.keeps_contract(pool2d", "check.agrees(pool2d"),
        ("confusion_metrics", "# no contract for mcc", "# no contract"),
    ],
)
def test_coverage_fails_where_a_promise_is_broken(tmp_path, topic, old, new):
    shutil.copy2(REPOSITORY / "nbgrader_config.py", tmp_path)
    for folder in ("source", "sample_class"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder)
    [path] = tmp_path.glob(f"source/*/{topic}.ipynb")
    words = ["coverage", path.parent.name, "--course", str(tmp_path)]
    assert CliRunner().invoke(app, words).exit_code == 0
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 1
    assert result.output.count("not so: ") == 1
