"""What figures say in words is English, for one thing as for many."""

import json
import re
from pathlib import Path

import pytest

from course_utils.plotting.wording import counted

ROOT = Path(__file__).parents[2]
CODE = "".join(path.read_text() for path in (ROOT / "course_utils/plotting").rglob("*.py"))
NOUNS = set(re.findall(r"""counted\(.*?, ["']([a-z ]+)["']\)""", CODE))
SLIP = re.compile(rf"(?<![\d.,−])\b1 ({'|'.join(NOUNS)})s\b")


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 curves"), (1, "1 curve"), (2, "2 curves"), ("1", "1 curve")]
)
def test_one_thing_is_no_plural(count, text):
    assert counted(count, "curve") == text


def test_no_figure_of_a_notebook_counts_one_in_the_plural():
    notebooks = sorted((ROOT / "source").glob("*/*.ipynb"))
    assert len(notebooks) == 7
    texts = [
        "".join(output["data"].get("text/plain", ""))
        for notebook in notebooks
        for cell in json.loads(notebook.read_text())["cells"]
        for output in cell.get("outputs", [])
        if "<figure" in "".join(output.get("data", {}).get("text/html", ""))
    ]
    assert len(texts) > 60
    assert SLIP.search("1 curves") and SLIP.search("1 in, in 1 steps")
    assert not [slip[0] for text in texts for slip in SLIP.finditer(text)]
