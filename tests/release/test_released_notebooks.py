"""What the course's own notebooks, source and release, carry besides their cells."""

import json

import pytest
from tiny_course import REPOSITORY

NOTEBOOKS = sorted(REPOSITORY.glob("source/*/*.ipynb")) + sorted(
    REPOSITORY.glob("release/*/*.ipynb")
)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_no_notebook_carries_the_state_of_sliders(path):
    """Of a kernel that is gone; tens of kilobytes of it."""
    assert "widgets" not in json.loads(path.read_text())["metadata"]
