"""Tasks as students see them: numbered in the order of reading, named as in their results."""

import re

import nbformat
import pytest
from tiny_course import REPOSITORY

NOTEBOOKS = sorted(REPOSITORY.glob("source/*/*.ipynb"))
TASK = re.compile(r"\*\*Task\s+(\d+)\*\*\s+\(`([^`]+)`(?:;\s+written,\s+\d+\s+points)?\)\.")
ROW = re.compile(r"[A-Z]\d+")
MARK_SCHEME = re.compile(r"=== BEGIN MARK SCHEME ===.*?=== END MARK SCHEME ===", re.S)
# The layers of LeNet-5 have names of their own: C1, S2, C3, S4, C5.
LENET = {"lenet-lead", "lenet-1998", "S10-c3-task", "further-reading"}


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def cells(request):
    return nbformat.read(request.param, as_version=4).cells


def grader(cell):
    return cell.metadata.get("nbgrader", {})


def tasks_in(cell):
    """The number and the name of every task that a text sets; that of an answer sets none."""
    is_text = cell.cell_type == "markdown" and not grader(cell).get("solution")
    return [(int(number), name) for number, name in TASK.findall(cell.source)] if is_text else []


def test_tasks_are_numbered_in_the_order_of_reading(cells):
    numbers = [number for cell in cells for number, _ in tasks_in(cell)]
    assert numbers == list(range(1, len(numbers) + 1)) and numbers
    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    others = re.compile(r"\*\*Task\b(?!\*\*\s+cells)").findall("\n".join(texts))
    assert len(others) == len(numbers)


def test_what_is_graded_stands_below_a_task_of_its_name(cells):
    set_so_far, without = set(), []
    for cell in cells:
        set_so_far |= {row for _, name in tasks_in(cell) for row in ROW.findall(name)}
        row = ROW.match(grader(cell).get("grade_id", ""))
        if grader(cell).get("points") and row[0] not in set_so_far:
            without.append(grader(cell)["grade_id"])
    assert without == []


def test_no_text_sends_a_student_to_a_name_that_is_not_on_the_screen(cells):
    """Cells have names; what can be seen of them are the numbers of tasks."""
    ids = {grader(cell)["grade_id"] for cell in cells if "grade_id" in grader(cell)}
    rows = {row for cell in cells for _, name in tasks_in(cell) for row in ROW.findall(name)}
    names = {*ids, *(name.replace("_", "-") for name in ids), *rows} - {"photo", "setup"}
    found = []
    for cell in cells:
        if cell.cell_type != "markdown" or cell.id in LENET | {"how-it-works"}:
            continue
        seen = TASK.sub("", MARK_SCHEME.sub("", cell.source))
        found += [
            (cell.id, word) for word in re.findall(r"\b[A-Z]\d+(?:[_-]\w+)*", seen) if word in names
        ]
    assert found == []


def test_every_notebook_ends_with_the_same_three_steps(cells):
    last = nbformat.read(NOTEBOOKS[0], as_version=4).cells[-1].source
    assert cells[-1].source == last
    steps = re.findall(r"^\d\. \*\*(.+?)\*\*", last, re.M)
    assert steps == ["Validate", "Save", "Hand in"]
