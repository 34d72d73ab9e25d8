"""Overwrite what another student has submitted, before it is graded."""

from attack_course import HONEST, Attack, assert_harmless

ATTACK = Attack(
    cell="""
from pathlib import Path

for folder in ("../../..", "$course"):
    for path in Path(folder).glob("submitted/$victim/*/*.ipynb"):
        path.write_text("spoiled")
""",
)


def test_works_without_protection(unprotected):
    [path] = unprotected.course.glob(f"submitted/{HONEST[0]}/*/*.ipynb")
    assert path.read_text() == "spoiled"


def test_is_stopped(protected):
    assert_harmless(protected)
