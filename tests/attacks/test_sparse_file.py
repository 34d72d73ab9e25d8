"""Make a file of 4 TB that takes no room, until somebody copies it."""

from attack import Attack, assert_harmless

ATTACK = Attack(
    cell="""
import os

with open("sparse.bin", "wb") as file:
    os.truncate(file.fileno(), 2**42)
""",
    stock_group="writes",
)


def test_works_without_protection(unprotected):
    assert (unprotected.folder / "sparse.bin").stat().st_size == 2**42


def test_is_stopped(protected):
    assert_harmless(protected)
