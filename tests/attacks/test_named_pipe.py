"""Leave a named pipe in the working directory: whoever reads the folder waits for ever."""

from attack_course import Attack, assert_harmless

ATTACK = Attack(
    cell="""
import os

os.mkfifo("data.txt")
""",
)


def test_works_without_protection(unprotected):
    assert (unprotected.folder / "data.txt").is_fifo()


def test_is_stopped(protected):
    assert_harmless(protected)
