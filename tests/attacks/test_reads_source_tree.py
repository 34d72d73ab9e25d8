"""Read the instructors' notebooks, which lie a few folders up."""

from attack_course import Attack, assert_harmless

ATTACK = Attack(
    cell="""
from pathlib import Path

for folder in ("../../..", "$course"):
    for path in Path(folder).glob("source/*/*.ipynb"):
        try:
            print(path.read_bytes().hex())
        except OSError as error:
            print(error)
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.told >= {"solution", "hidden test"}


def test_is_stopped(protected):
    assert_harmless(protected)
