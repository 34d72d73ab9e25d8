"""Raise the points of a test that the student passes.

(Stock nbgrader puts them back first; unprotected means without that.)
"""

from attack import Attack, assert_harmless
from tiny_course import cell_of


def raise_points(nb):
    cell_of(nb, "A1_visible").metadata.nbgrader["points"] = 100


ATTACK = Attack(
    correlate2d="""
def correlate2d(x, w):
    return [[-4, -8, -12], [-8, -12, -16]]
""",
    edit=raise_points,
    sanitize=False,
)


def test_works_without_protection(unprotected):
    assert unprotected.points["A1_visible"] == 100


def test_is_stopped(protected):
    assert_harmless(protected, deserved=1)
