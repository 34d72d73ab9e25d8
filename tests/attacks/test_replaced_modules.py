"""Put a module of one's own into ``sys.modules``: the test imports it instead of the reference.

Its reference is the student's function, so that both agree.
"""

from attack import Attack, assert_harmless

ATTACK = Attack(
    cell="""
import sys
import types

fake = types.ModuleType("course_utils.staff.reference.convolution_by_hand")
fake.correlate2d = lambda x, w: correlate2d(x, w)
sys.modules[fake.__name__] = fake
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.points["A1_hidden_testing"] == 1


def test_is_stopped(protected):
    assert_harmless(protected)
