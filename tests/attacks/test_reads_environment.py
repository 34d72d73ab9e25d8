"""Read the environment variables, which a kernel inherits from the grader."""

from attack_course import Attack, assert_harmless

ATTACK = Attack(
    cell="""
import os

print(repr(os.environ).encode().hex())
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.told >= {"environment"}


def test_is_stopped(protected):
    assert_harmless(protected)
