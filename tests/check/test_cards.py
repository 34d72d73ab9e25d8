"""What a student sees in Jupyter: cards, a one-line traceback, nothing that counts as a grade."""

import json
import os
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.utils import compute_checksum, determine_grade, has_failed
from nbgrader.validator import Validator
from PIL import ImageColor

from course_utils.check import verdict
from course_utils.check.verdict import CARD_MIME

GRADE = {
    "schema_version": 3, "grade_id": "t", "grade": True, "solution": False, "locked": True,
    "points": 2, "task": False, "cell_type": "code",
}  # fmt: skip


@pytest.fixture(scope="module")
def cells():
    """Outputs of test cells in a real kernel: right, wrong, hostile text, hidden, not checked."""
    notebook = nbformat.v4.new_notebook()
    sources = [
        "from course_utils import check\nimport numpy as np\nIMAGE = np.eye(3)",
        "check.close(IMAGE * 1, np.eye(3))",
        "check.close(IMAGE + 1, np.eye(3))\nSECRET = 'the source of this cell'",
        "check.equal('<script>alert(1)</script>', 'plain')",
        "check.agrees(lambda x: x + 1, lambda x: x, [check.case(IMAGE)])\nSECRET = 1",
        "check.needs('no_such_package', 'f', points=2)",
    ]
    notebook.cells = [
        nbformat.v4.new_code_cell(source, metadata={"nbgrader": dict(GRADE)}) for source in sources
    ]
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    NotebookClient(notebook, allow_errors=True, timeout=60).execute()
    return notebook.cells


def card_of(cell):
    return next(o for o in cell.outputs if o.output_type == "display_data").data


def test_a_right_answer_earns_full_marks_from_nbgrader_and_a_green_card(cells):
    assert not has_failed(cells[1])
    assert determine_grade(cells[1]) == (2.0, 2.0)
    assert "IMAGE * 1 is right" in card_of(cells[1])["text/html"]
    assert card_of(cells[1])[CARD_MIME] == {
        "passed": True, "subject": "IMAGE * 1", "message": "IMAGE * 1 is right", "mistake": None,
    }  # fmt: skip


def test_a_wrong_answer_earns_nothing_and_is_explained_once_on_the_card(cells):
    assert determine_grade(cells[2]) == (0, 2.0)
    assert "first difference at [0, 0]: yours 2, expected 1" in card_of(cells[2])["text/html"]
    error = next(o for o in cells[2].outputs if o.output_type == "error")
    assert error.ename == "CheckFailed"
    assert error.traceback == ["CheckFailed: IMAGE + 1 is not right (see the card above)"]


@pytest.mark.parametrize("index", [2, 3, 4])
def test_the_test_cells_source_is_not_quoted(cells, index):
    assert "SECRET" not in json.dumps(cells[index].outputs)


def test_what_a_student_returns_is_escaped(cells):
    html = card_of(cells[3])["text/html"]
    assert "<script>" not in html and "&lt;script&gt;" in html


def test_outside_jupyter_the_card_is_plain_text():
    code = "from course_utils import check; check.close(1.0, 1.0)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert done.stdout.strip().endswith("is right") and done.stderr == ""


def test_text_on_cards_has_a_contrast_of_seven_or_more(cells):
    def luminance(colour):
        channels = [c / 255 for c in ImageColor.getrgb(colour)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    for cell in [*cells[1:3], cells[5]]:
        style = card_of(cell)["text/html"].split('style="')[1].split('"')[0]
        declared = dict(item.split(":") for item in style.split(";") if item)
        paper, ink = luminance(declared["background"]), luminance(declared["color"])
        assert (paper + 0.05) / (ink + 0.05) >= 7


@pytest.mark.parametrize(
    ("text", "shown", "plain"),
    [
        (
            "the *target* chooses `a*b*c`",
            "the <em>target</em> chooses <code>a*b*c</code>",
            "the target chooses `a*b*c`",
        ),
        ("2*x*y and *kwargs", "2*x*y and *kwargs", "2*x*y and *kwargs"),
        ("*each row*, `*args`", "<em>each row</em>, <code>*args</code>", "each row, `*args`"),
    ],
)
def test_code_and_emphasis_are_shown_as_such(text, shown, plain, capsys):
    assert verdict._to_html(text) == shown
    with pytest.raises(verdict.CheckFailed) as error:
        verdict.failed("f", text, text)
    assert str(error.value) == f"{plain}\n{plain}"
    assert capsys.readouterr().out == f"✘ {plain}\n{plain}\n"


def test_validate_which_shows_no_card_shows_the_whole_message(tmp_path):
    sources = ["from course_utils import check", "check.close(1.0, 2.0)", "check.close(1.0, 1.0)"]
    cells = [
        nbformat.v4.new_code_cell(source, metadata={"nbgrader": GRADE | {"grade_id": f"t{number}"}})
        for number, source in enumerate(sources)
    ]
    for cell in cells:
        cell.metadata.nbgrader["checksum"] = compute_checksum(cell)
    kernelspec = {"name": "python3", "display_name": "Python 3"}
    nb = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernelspec})
    nbformat.write(nb, tmp_path / "tiny.ipynb")
    [failed] = Validator().validate(str(tmp_path / "tiny.ipynb"))["failed"]
    assert failed["source"] == sources[1]
    assert failed["raw_error"] == "CheckFailed: 1.0 is not right\ndifference: yours 1, expected 2"
