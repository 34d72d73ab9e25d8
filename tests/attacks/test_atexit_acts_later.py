"""Register a function that runs when Python ends, after the last cell."""

from attack import Attack, assert_harmless

ATTACK = Attack(
    cell="""
import atexit
from pathlib import Path

atexit.register(Path("$arena/canary.txt").write_text, "changed")
""",
    stock_group="writes",
)


def test_works_without_protection(unprotected):
    assert unprotected.arena.canary.read_text() == "changed"


def test_is_stopped(protected):
    assert_harmless(protected)
