"""Give the ids of the tests to cells of one's own that pass, and take them from the tests.

(Stock nbgrader overwrites such cells by their ids first; unprotected means without that.)
"""

from attack import Attack, assert_harmless
from attack_course import FULL, TESTS
from nbformat.v4 import new_code_cell
from tiny_course import cell_of


def move_ids(nb):
    for name in TESTS:
        test = cell_of(nb, name)
        own = new_code_cell("pass", id=f"own-{name}".replace("_", "-").lower())
        own.metadata["nbgrader"] = test.metadata.pop("nbgrader")
        nb.cells.append(own)


ATTACK = Attack(edit=move_ids, sanitize=False)


def test_works_without_protection(unprotected):
    assert unprotected.score == FULL


def test_is_stopped(protected):
    assert_harmless(protected)
