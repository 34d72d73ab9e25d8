"""Raise an exception whose own text raises another one, and so on.

It ends a stock kernel, and with it the grading of the submission.
"""

from attack import Attack, assert_harmless

ATTACK = Attack(
    correlate2d="""
class Loud(BaseException):
    def __str__(self):
        raise Loud

    __repr__ = __str__


def correlate2d(x, w):
    raise Loud
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.is_ungraded


def test_is_stopped(protected):
    assert_harmless(protected)
