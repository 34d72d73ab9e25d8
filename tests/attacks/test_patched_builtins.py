"""Replace a builtin that a test relies on: ``all`` finds everything true."""

from attack_course import Attack, assert_harmless

ATTACK = Attack(
    cell="""
import builtins

builtins.all = lambda numbers: True
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.points["A1_hidden_builtins"] == 1


def test_is_stopped(protected):
    assert_harmless(protected)
