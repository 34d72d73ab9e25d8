"""Read the reference solutions in the folder of the package that student code imports from."""

from attack import Attack, assert_harmless

ATTACK = Attack(
    cell="""
from pathlib import Path

import course_utils

found = 0
for folder in course_utils.__path__:
    for path in [*Path(folder).rglob("staff/**/*.py"), Path(folder, "staff", "__init__.py")]:
        try:
            found += len(path.read_bytes())
        except OSError as error:
            print(error)
print("characters of staff:", found)
""",
    stock_group="reads",
)


def test_works_without_protection(unprotected):
    assert "characters of staff:" in unprotected.outputs
    assert "characters of staff: 0" not in unprotected.outputs


def test_is_stopped(protected):
    assert_harmless(protected)
    assert "characters of staff: 0" in protected.outputs
