"""Take the flag from the tests that makes them count: no zero is ever recorded.

Stock nbgrader then waits for a person to grade them.
"""

from attack import Attack, assert_harmless
from attack_course import TESTS
from tiny_course import cell_of


def take_flags(nb):
    for name in TESTS:
        cell_of(nb, name).metadata.nbgrader["grade"] = False


ATTACK = Attack(edit=take_flags)


def test_works_without_protection(unprotected):
    assert unprotected.waiting == set(TESTS)


def test_is_stopped(protected):
    assert_harmless(protected)
    assert not protected.waiting
