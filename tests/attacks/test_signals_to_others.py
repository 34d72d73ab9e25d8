"""Send a deadly signal to a process that has nothing to do with the notebook."""

from attack import Attack, assert_harmless
from witnesses import CanaryProcess

ATTACK = Attack(
    cell="""
import os
import signal

os.kill($pid, signal.SIGKILL)
""",
    witness=CanaryProcess,
    stock_group="reads",
)


def test_works_without_protection(unprotected):
    assert not unprotected.arena.witness.lived


def test_is_stopped(protected):
    assert_harmless(protected)
    assert protected.arena.witness.lived
