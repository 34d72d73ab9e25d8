"""Leave a named pipe in the working directory: whoever reads the folder waits for ever."""

from attack import Attack, assert_harmless

ATTACK = Attack(
    cell="""
import os

os.mkfifo("pipe.txt")
""",
    stock_group="writes",
)


def test_works_without_protection(unprotected):
    assert (unprotected.folder / "pipe.txt").is_fifo()


def test_is_stopped(protected):
    assert_harmless(protected)
