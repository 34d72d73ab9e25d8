"""Import the reference solution, which is installed where grading happens."""

from attack import Attack, assert_harmless

ATTACK = Attack(
    correlate2d="""
def correlate2d(x, w):
    from course_utils.staff.reference import convolution_by_hand

    return convolution_by_hand.correlate2d(x, w)
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.points["A1_visible"] == 1
    assert unprotected.points["A1_hidden_values"] == 2
    assert unprotected.points["A1_hidden_testing"] == 1
    assert unprotected.points["A1_hidden_builtins"] == 1


def test_is_stopped(protected):
    assert_harmless(protected)
