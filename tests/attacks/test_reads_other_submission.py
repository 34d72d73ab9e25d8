"""Read what another student has submitted."""

from attack_course import Attack, assert_harmless

ATTACK = Attack(
    cell="""
from pathlib import Path

for folder in ("../../..", "$course"):
    for path in Path(folder).glob("submitted/$victim/*/*.ipynb"):
        try:
            print(path.read_bytes().hex())
        except OSError as error:
            print(error)
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.told >= {"other student"}


def test_is_stopped(protected):
    assert_harmless(protected)
