"""Leave files in the folders where everyone may write, and in the home folder."""

from attack import Attack, assert_harmless
from witnesses import CommonFolders

ATTACK = Attack(
    cell="""
from pathlib import Path

for folder in ("/tmp", "/var/tmp", "/dev/shm", Path.home()):
    try:
        (Path(folder) / "$name").write_text("left")
    except OSError:
        continue
""",
    witness=CommonFolders,
    stock_group="writes",
)


def test_works_without_protection(unprotected):
    assert {"/tmp", "/var/tmp", "/dev/shm"} <= set(unprotected.arena.witness.folders)


def test_is_stopped(protected):
    assert_harmless(protected)
    assert protected.arena.witness.folders == []
