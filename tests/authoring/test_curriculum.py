"""Rows of the curriculum against cells, and the course map."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from course_utils.staff.authoring import curriculum
from course_utils.staff.course import Course, CourseError

REPOSITORY = Path(__file__).parents[2]
COURSE = Course(REPOSITORY)
FIRST = "01_convolution_by_hand"


def test_every_row_of_the_first_tutorial_is_covered():
    rows = {row.name: row for row in curriculum.coverage(COURSE, FIRST)}
    assert [row.missing for row in rows.values()] == [""] * len(rows)
    assert list(rows)[:3] == ["C1", "C2", "C3"] and len(rows) == 18
    assert rows["C1"].hidden >= 4 and rows["C1"].mistakes >= 8 and rows["C1"].styles >= 4
    assert rows["C2"].answers == 1


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        ("auto", "a visible check and a hidden check"),
        ("manual", "a written answer with points"),
        ("explore", "something to explore"),
    ],
)
def test_a_row_without_cells_is_told(monkeypatch, kind, missing):
    entry = dict.fromkeys(curriculum.KINDS, []) | {"needs": [], kind: ["C99"]}
    monkeypatch.setattr(curriculum, "read_curriculum", lambda course: {FIRST: entry})
    assert [row.missing for row in curriculum.coverage(COURSE, FIRST)] == [missing]


def test_c1_is_not_covered_by_the_cells_of_c10(monkeypatch):
    entry = dict.fromkeys(curriculum.KINDS, []) | {"needs": [], "auto": ["C1", "C10"]}
    monkeypatch.setattr(curriculum, "read_curriculum", lambda course: {FIRST: entry})
    first, tenth = curriculum.coverage(COURSE, FIRST)
    assert (first.mistakes, tenth.mistakes) == (13, 7)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[01_x]\nneeds = []\n", "has needs; expected needs, auto, manual, explore"),
        ("[01_x]\nneeds=[]\nauto=['one']\nmanual=[]\nexplore=[]\n", "'one' is no row like C1"),
        ("[01_x", "cannot be read"),
    ],
)
def test_a_malformed_curriculum_is_refused(tmp_path, text, told):
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "curriculum.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=told):
        curriculum.read_curriculum(Course(tmp_path))


def test_the_map_tells_each_tutorial_once_with_what_comes_before():
    tutorials = curriculum.course_map(COURSE)
    assert [tutorial.assignment for tutorial in tutorials] == COURSE.assignments()
    assert all(tutorial.minutes > 0 and tutorial.auto_points > 0 for tutorial in tutorials)
    table = curriculum.map_as_markdown(tutorials)
    assert "| 01 | Convolution by hand | What does a filter see? |" in table
    assert len(table.splitlines()) == 2 + len(tutorials) + 1


def test_the_map_goes_between_its_markers_and_stays_when_nothing_changed():
    tutorials = curriculum.course_map(COURSE)
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    assert curriculum.put_map(readme, tutorials) == readme
    assert curriculum.put_map(readme, tutorials[:1]) != readme
    with pytest.raises(CourseError, match="README.md lacks the lines"):
        curriculum.put_map("# A course\n", tutorials)


def test_of_an_assignments_notebooks_the_map_adds_up_what_the_coverage_does_not_know(tmp_path):
    folder = tmp_path / "source" / "01_two"
    folder.mkdir(parents=True)
    (tmp_path / "source" / "curriculum.toml").write_text(
        "[01_two]\nneeds = []\nauto = []\nmanual = []\nexplore = []\n"
    )
    for number, name in enumerate(("one", "two"), start=1):
        text = f"# {name}: why?\n**Time**: about {number}0 minutes."
        nbformat.write(new_notebook(cells=[new_markdown_cell(text)]), folder / f"{name}.ipynb")
    [tutorial] = curriculum.course_map(Course(tmp_path))
    assert (tutorial.title, tutorial.minutes) == ("one", 30)
    with pytest.raises(CourseError, match=r"01_two holds one\.ipynb, two\.ipynb; the curriculum"):
        curriculum.coverage(Course(tmp_path), "01_two")
