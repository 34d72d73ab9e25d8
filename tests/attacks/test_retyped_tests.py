"""Turn the tests into text cells, which do not run.

A person then has to grade them. (Stock nbgrader turns them back first; unprotected means without
that.)
"""

from attack import Attack, assert_harmless
from attack_course import TESTS
from tiny_course import cell_of


def retype_tests(nb):
    for name in TESTS:
        cell = cell_of(nb, name)
        cell["cell_type"] = "markdown"
        del cell["outputs"], cell["execution_count"]


ATTACK = Attack(edit=retype_tests, sanitize=False)


def test_works_without_protection(unprotected):
    assert unprotected.waiting == set(TESTS)


def test_is_stopped(protected):
    assert_harmless(protected)
    assert not protected.waiting
