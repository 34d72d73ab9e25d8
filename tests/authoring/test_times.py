"""How long a tutorial takes: one formula, told by every notebook; where it can be put down."""

import json

import nbformat
import pytest
from tiny_course import REPOSITORY, nbgrader_cell

from course_utils.staff.authoring import times

NOTEBOOKS = sorted(REPOSITORY.glob("source/*/*.ipynb"))
CODE, TEXT = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
WORDS = "word " * times.WORDS_A_MINUTE
SCHEME = f"{WORDS}\n=== BEGIN MARK SCHEME ===\n{WORDS}\n=== END MARK SCHEME ==="
TWO = "def one():\n    pass\n\n\ndef two():\n    pass"
HIDDEN = "### BEGIN HIDDEN TESTS\npass\n### END HIDDEN TESTS"


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        (TEXT(WORDS), 1),
        (CODE("1 + 1"), 0.5),
        (nbgrader_cell("task", "T2_task", SCHEME, 0), 1),
        (nbgrader_cell("answer", "T2_answer", WORDS, 3), 6),
        (nbgrader_cell("solution", "T1_two", TWO), 12),
        (nbgrader_cell("solution", "T1_number", "number = 3"), 6),
        (nbgrader_cell("test", "T1_two_hidden", HIDDEN, 1), 0),
        (nbgrader_cell("test", "T1_two_visible", "assert two() == 2", 1), 0.5),
    ],
)
def test_what_a_cell_takes(cell, minutes):
    assert times.minutes(cell) == pytest.approx(minutes)


def test_sittings_what_is_optional_and_what_does_not_count():
    text = nbformat.from_dict(TEXT(9 * WORDS))
    stop = TEXT(f"### A place to stop\n{WORDS}", metadata={"tags": [times.STOP]})
    aside, back = TEXT(f"### An aside (optional)\n{5 * WORDS}"), TEXT("## Back")
    last = [TEXT("## On your own"), TEXT(90 * WORDS)]
    assert times.estimate([text, text, *last]) == times.Times((20,), 0)
    assert times.estimate([text, stop, text, aside, back, text]) == times.Times((10, 20), 5)


def test_the_sentence():
    assert times.Times((80,), 0).sentence() == "**Time**: about 80 minutes, an estimate."
    assert times.Times((80, 90), 5).sentence() == (
        "**Time**: about 170 minutes, an estimate, in two sittings of 80 and 90; 5 more for what "
        "is optional."
    )


def test_a_notebook_is_given_its_time_and_keeps_the_rest(tmp_path):
    before = "# A: why?\n\n**Time**: about 7 minutes. A pencil\nhelps.\n\nGo on."
    path = tmp_path / "a.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[TEXT(before), TEXT(29 * WORDS)]), path)
    [cell, _] = nbformat.reads(times.put_times(path), as_version=4).cells
    after = before.replace(
        "7 minutes. A pencil\nhelps.", "30 minutes, an estimate. A pencil helps."
    )
    assert cell.source == after
    assert times.printed(cell.source) == 30


def test_a_notebook_that_tells_its_time_stays_as_it_was_written(tmp_path):
    path = tmp_path / "a.ipynb"
    cells = [TEXT(times.Times((10,), 0).sentence()), TEXT(9 * WORDS)]
    path.write_text(json.dumps(nbformat.v4.new_notebook(cells=cells), indent=4))
    assert times.put_times(path) == path.read_text()


def test_every_notebook_tells_its_time(path):
    assert times.put_times(path) == path.read_text(encoding="utf-8")
    assert "**Time**: about" in path.read_text(encoding="utf-8")


def test_no_sitting_is_longer_than_two_hours(path):
    sittings = times.estimate(nbformat.read(path, as_version=4).cells).sittings
    assert max(sittings) <= 120
    assert len(sittings) == 2 or sum(sittings) <= 100


def test_nothing_that_is_optional_is_graded(path):
    cells = nbformat.read(path, as_version=4).cells
    everything = times.estimate(cells)
    graded = [cell for cell in cells if cell.metadata.get("nbgrader", {}).get("points")]
    is_optional, found = False, []
    for cell in cells:
        if cell.cell_type == "markdown" and cell.source.startswith("#"):
            is_optional = cell.source.partition("\n")[0].endswith("(optional)")
        if is_optional and cell in graded:
            found.append(cell.metadata.nbgrader.grade_id)
    assert found == []
    assert everything.core > 0
