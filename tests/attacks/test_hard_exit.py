"""End Python in the middle of a test, before it can fail.

Stock nbgrader gives up on the whole submission: no test of it, failed or not, is recorded.
"""

from attack import Attack, assert_harmless

ATTACK = Attack(
    correlate2d="""
import os


def correlate2d(x, w):
    os._exit(0)
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.notebook is None
    assert unprotected.is_ungraded


def test_is_stopped(protected):
    assert_harmless(protected)
