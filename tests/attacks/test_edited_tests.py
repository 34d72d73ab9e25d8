"""Rewrite the tests. (Stock nbgrader puts them back first; unprotected means without that.)"""

from attack import Attack, assert_harmless
from attack_course import FULL, TESTS
from tiny_course import cell_of


def rewrite_tests(nb):
    for name in TESTS:
        cell_of(nb, name).source = "pass"


ATTACK = Attack(edit=rewrite_tests, sanitize=False)


def test_works_without_protection(unprotected):
    assert unprotected.score == FULL


def test_is_stopped(protected):
    assert_harmless(protected)
