"""Tag the tests ``skip-execution``: a test that does not run does not fail."""

from attack import Attack, assert_harmless
from attack_course import FULL, TESTS
from tiny_course import cell_of


def skip_tests(nb):
    for name in TESTS:
        cell_of(nb, name).metadata["tags"] = ["skip-execution"]


ATTACK = Attack(edit=skip_tests)


def test_works_without_protection(unprotected):
    assert unprotected.score == FULL


def test_is_stopped(protected):
    assert_harmless(protected)
