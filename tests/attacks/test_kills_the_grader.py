"""Kill the process that started this one: the class after this submission is not graded."""

from attack import Attack, assert_harmless
from attack_course import HONEST

ATTACK = Attack(
    cell="""
import os
import signal

os.kill(os.getppid(), signal.SIGKILL)
""",
    stock_students=(HONEST[1],),
)


def test_works_without_protection(unprotected):
    assert unprotected.died


def test_is_stopped(protected):
    assert_harmless(protected)
