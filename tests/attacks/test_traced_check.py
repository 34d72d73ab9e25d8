"""Trace the check, and put the expected value into its variable for the student's.

A trace function may change the variables of the frame it watches.
"""

from attack import Attack, assert_harmless

ATTACK = Attack(
    cell="""
import sys


def replace(frame, event, _):
    known = frame.f_locals
    if event == "call" and "got" in known and "expected" in known:
        known["got"] = known["expected"]


sys.settrace(replace)
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.points["A1_visible"] == 1
    assert unprotected.points["A1_hidden_values"] == 2


def test_is_stopped(protected):
    assert_harmless(protected)
