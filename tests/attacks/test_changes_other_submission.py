"""Overwrite what another student has submitted, before it is graded."""

from attack import Attack, assert_harmless
from attack_course import HONEST

ATTACK = Attack(
    cell="""
from pathlib import Path

for folder in ("../../..", "$course"):
    for path in Path(folder).glob("submitted/$victim/*/*.ipynb"):
        path.write_text("spoiled")
""",
    stock_group="writes",
)


def test_works_without_protection(unprotected):
    [path] = unprotected.course.glob(f"submitted/{HONEST[0]}/*/*.ipynb")
    assert path.read_text() == "spoiled"


def test_is_stopped(protected):
    assert_harmless(protected)
