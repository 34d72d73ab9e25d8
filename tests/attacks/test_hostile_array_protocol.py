"""Return an object whose ``__array__`` looks up the right answer in the frame that asks.

``numpy.testing`` has the expected array in a variable of its own when it converts the other one.
"""

from attack import Attack, assert_harmless

ATTACK = Attack(
    correlate2d="""
import sys


class Mirror:
    def __array__(self, dtype=None, copy=None):
        frame = sys._getframe()
        while frame is not None:
            if "desired" in frame.f_locals:
                return frame.f_locals["desired"]
            frame = frame.f_back
        return np.zeros(1)


def correlate2d(x, w):
    return Mirror()
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.points["A1_hidden_testing"] == 1


def test_is_stopped(protected):
    assert_harmless(protected)
