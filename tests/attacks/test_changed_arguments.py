"""Change the arguments in place: the reference then gets the same zeros, and agrees.

The test hands the same arrays to both.
"""

from attack import Attack, assert_harmless

ATTACK = Attack(
    correlate2d="""
def correlate2d(x, w):
    x *= 0
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.points["A1_hidden_testing"] == 1


def test_is_stopped(protected):
    assert_harmless(protected)
