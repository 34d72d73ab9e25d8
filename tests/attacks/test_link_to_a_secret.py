"""Leave a link to the gradebook in the working directory.

Whoever copies the folder for the student's feedback copies the gradebook.
"""

from attack import Attack, assert_harmless

ATTACK = Attack(
    cell="""
import os

os.symlink("$course/gradebook.db", "data.txt")
os.symlink("$course", "folder")
os.symlink("../../../gradebook.db", "more.txt")
""",
    stock_group="writes",
)


def test_works_without_protection(unprotected):
    assert (unprotected.folder / "data.txt").read_bytes().startswith(b"SQLite")


def test_is_stopped(protected):
    assert_harmless(protected)
