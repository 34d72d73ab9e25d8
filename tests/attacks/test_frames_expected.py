"""Walk up the frames from the function under test, and return what the check expects."""

from attack import Attack, assert_harmless

ATTACK = Attack(
    correlate2d="""
import sys


def correlate2d(x, w):
    frame, case = sys._getframe(), None
    while frame is not None:
        known = frame.f_locals
        case = known.get("case", case)
        if "expected" in known and "cases" in known:
            [place] = [i for i, entry in enumerate(known["cases"]) if entry is case]
            return known["expected"][place]
        frame = frame.f_back
    return np.zeros((2, 2))
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.points["A1_hidden_values"] == 2
    assert unprotected.points["A1_hidden_by_hand"] == 1


def test_is_stopped(protected):
    assert_harmless(protected)
