"""Overwrite the expected values of a visible check, and the image it is computed from.

The locked cell that holds them runs before the student's.
"""

from attack import Attack, assert_harmless

ATTACK = Attack(
    cell="""
IMAGE = EDGES = np.zeros((1, 1))
EDGE_MAP = np.zeros((2, 2))
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.points["A1_visible"] == 1


def test_is_stopped(protected):
    assert_harmless(protected)
