"""Change the course's own files: a later due date for everyone."""

from attack import Attack, assert_harmless

ATTACK = Attack(
    cell="""
from pathlib import Path

for folder in ("../../..", "$course"):
    path = Path(folder) / "course.toml"
    try:
        path.write_text(path.read_text().replace("2027", "2099"))
    except OSError as error:
        print(error)
""",
    stock_group="writes",
)


def test_works_without_protection(unprotected):
    assert "2099" in (unprotected.course / "course.toml").read_text()


def test_is_stopped(protected):
    assert_harmless(protected)
    assert "2027" in (protected.course / "course.toml").read_text()
