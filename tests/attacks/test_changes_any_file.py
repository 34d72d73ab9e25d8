"""Change a file somewhere on the disk that everyone may write to, and leave another one there."""

from attack import Attack, assert_harmless

ATTACK = Attack(
    cell="""
from pathlib import Path

for name, text in (("canary", "changed"), ("left", "left")):
    try:
        Path(f"$arena/{name}.txt").write_text(text)
    except OSError as error:
        print(error)
""",
    stock_group="writes",
)


def test_works_without_protection(unprotected):
    assert unprotected.arena.canary.read_text() == "changed"
    assert unprotected.arena.new_files == ["left.txt"]


def test_is_stopped(protected):
    assert_harmless(protected)
