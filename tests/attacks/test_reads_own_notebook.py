"""Read the notebook that is being graded: nbgrader has put the hidden tests into it."""

from attack_course import Attack, assert_harmless

ATTACK = Attack(
    cell="""
from pathlib import Path

for path in [*Path(".").rglob("*.ipynb"), *Path("$course").rglob("autograded/**/*.ipynb")]:
    try:
        print(path.read_bytes().hex())
    except OSError as error:
        print(error)
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.told >= {"hidden test", "expected text", "expected number"}


def test_is_stopped(protected):
    assert_harmless(protected)
