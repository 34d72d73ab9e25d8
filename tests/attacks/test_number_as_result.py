"""Show a number as the result of the test cell, from inside the function under test.

nbgrader takes a result that is a number for partial credit, and the first output counts.
"""

from attack import Attack, assert_harmless

ATTACK = Attack(
    correlate2d="""
def correlate2d(x, w):
    get_ipython().displayhook(1)
    return np.zeros((2, 2))
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.points["A1_visible"] == 1
    assert unprotected.points["A1_hidden_values"] == 1
    assert unprotected.points["A1_hidden_by_hand"] == 1
    assert unprotected.points["A1_hidden_testing"] == 1
    assert unprotected.points["A1_hidden_builtins"] == 1


def test_is_stopped(protected):
    assert_harmless(protected)
