"""Read the constants of the code that compares, when it asks the answer whether it is equal."""

from attack import Attack, assert_harmless

ATTACK = Attack(
    label="""
import sys


class Curious:
    def __eq__(self, other):
        for constant in sys._getframe(1).f_code.co_consts:
            print(str(constant).encode().hex())
        return False


label = Curious()
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.told >= {"expected text"}


def test_is_stopped(protected):
    assert_harmless(protected)
