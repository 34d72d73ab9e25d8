"""Read the environment variables, which a kernel inherits from the grader."""

from attack import Attack, assert_harmless

ATTACK = Attack(
    cell="""
import os

print(repr(os.environ).encode().hex())
""",
    stock_group="reads",
)


def test_works_without_protection(unprotected):
    assert unprotected.told >= {"environment"}


def test_is_stopped(protected):
    assert_harmless(protected)
