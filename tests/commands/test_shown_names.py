"""Names that students and files bear: every command shows them as text, and none stumbles."""

import csv
import os
import shutil
import subprocess
import sys

import pytest
from tiny_course import ASSIGNMENT, REPOSITORY, make_course, write_answers
from typer.testing import CliRunner

from course_utils.staff.commands.app import app
from course_utils.staff.commands.terminal import console
from course_utils.staff.course import Course
from course_utils.staff.names import LONGEST, show_name

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")

# the name of a folder, and how it is shown
NAMES = {
    "=1+2": "=1+2",
    "+1": "+1",
    "-2": "-2",
    "@SUM(1)": "@SUM(1)",
    ":bomb:": ":bomb:",
    "[red]rita[bold]": "[red]rita[bold]",
    "\\[red]rosa": "\\[red]rosa",
    "\x1b[31mred\x07": r"\x1b[31mred\x07",
    "li\nne": r"li\nne",
    "to\u202eleft": r"to\u202eleft",
    os.fsdecode(b"Ren\xe9"): r"Ren\xe9",
    "n" * 250: "n" * 50 + "…" + "n" * 9,
}
EXCEPTIONS = ["=HYPERLINK(1)", "[red]E[bold]"]  # types that students' own cells raise
NOT_GRADED = "[red]\x1b[31mlate" + os.fsdecode(b"\xe9")
SHOWN_NOT_GRADED = r"[red]\x1b[31mlate\xe9"
ASSIGNMENT_NAME = "02_[red]\x1b[31m\n" + os.fsdecode(b"\xe9")
SHOWN_ASSIGNMENT = r"02_[red]\x1b[31m\n\xe9"
UNKNOWN = "no such topic"


def run(course, *words):
    return CliRunner().invoke(app, [*map(str, words), "--course", str(course.root)])


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A course whose class bears these names."""
    course = Course(make_course(tmp_path_factory.mktemp("names") / "course"))
    run(course, "release")
    for number, name in enumerate(EXCEPTIONS):
        answer = f"# %% T1_double\nraise type({name!r}, (Exception,), {{}})()\n"
        run(course, "fill", "tiny", write_answers(course.root, f"raises-{number}", answer))
    for name in NAMES:
        course.folder("submitted", name, ASSIGNMENT).mkdir(parents=True)
    course.folder("submitted", "ada", ASSIGNMENT_NAME).mkdir(parents=True)
    run(course, "autograde")
    course.folder("submitted", NOT_GRADED, ASSIGNMENT).mkdir(parents=True)
    source = course.folder("source", assignment=ASSIGNMENT)
    shutil.copytree(source, course.folder("source", assignment=ASSIGNMENT_NAME))
    return course


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (["autograde", "tiny", "--force"], NAMES.values()),
        (["autograde", "tiny", "--only", "nobody"], NAMES.values()),
        (["feedback", "tiny"], [f"{SHOWN_NOT_GRADED} has not been autograded"]),
        (["feedback", "tiny", "--only", "nobody"], NAMES.values()),
        (["report", "tiny"], [*list(NAMES.values())[:-1], "n" * 15, *EXCEPTIONS]),
        (["demo"], [r"\x1b[31mred\x07"]),
        (["fill", "tiny"], NAMES.values()),
        (["release", UNKNOWN], [SHOWN_ASSIGNMENT]),
        (["coverage", UNKNOWN], [SHOWN_ASSIGNMENT]),
        (["mutate", UNKNOWN], [SHOWN_ASSIGNMENT]),
        (["release", ASSIGNMENT_NAME], [SHOWN_ASSIGNMENT]),
        (["coverage", ASSIGNMENT_NAME], []),
    ],
    ids=lambda value: " ".join(map(show_name, value)) if isinstance(value, list) else "",
)
def test_a_command_shows_names_as_text(graded, tmp_path, monkeypatch, command, expected):
    monkeypatch.setattr(console, "width", 120)  # a narrower one breaks names into lines
    if command[0] in ("autograde", "fill"):
        graded = Course(shutil.copytree(graded.root, tmp_path / "course"))
    if command[0] == "fill":
        for number, name in enumerate(NAMES):
            answer = tmp_path / str(number) / f"{name}.py"
            answer.parent.mkdir()
            answer.write_text("# %% T1_double\ndouble = None\n")
            command = [*command, answer]
    result = run(graded, *command)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert {letter for letter in result.output if not letter.isprintable()} <= {"\n"}
    assert [words for words in expected if words not in result.output] == []
    assert "n" * LONGEST not in result.output


@pytest.mark.slow
def test_no_cell_of_the_csv_file_is_a_formula_and_names_stay_whole(graded, tmp_path):
    path = tmp_path / "grades.csv"
    assert run(graded, "report", "tiny", "--csv", path).exit_code == 0
    with path.open(newline="", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    students = {line["student"] for line in lines}
    assert {"'=1+2", "'+1", "'-2", "'@SUM(1)", r"li\nne", r"Ren\xe9", "n" * 250} <= students
    assert "'=HYPERLINK(1) (T1); not answered (T3)" in {line["what_went_wrong"] for line in lines}
    [rene] = [line for line in lines if line["student"] == r"Ren\xe9"]
    assert rene["what_went_wrong"] == "unusable folder name"
    cells = [cell for line in lines for cell in line.values()]
    assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r"))]


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["utf-8:strict", "ascii:strict", "latin-1:strict"])
def test_no_letter_that_an_output_lacks_ends_a_command(graded, encoding):
    for words in (["autograde", "tiny", "--force"], ["report", "tiny"]):
        done = subprocess.run(
            [sys.executable, "-c", "from course_utils.cli import main; main()", *words],
            cwd=graded.root,
            env=os.environ | {"PYTHONIOENCODING": encoding, "PYTHONPATH": str(REPOSITORY)},
            capture_output=True,
        )
        assert done.returncode == 0, done.stderr
        assert rb"Ren\xe9" in done.stdout
        assert b"\x1b" not in done.stdout
    assert b"nnnnnnnnnn" in done.stdout
