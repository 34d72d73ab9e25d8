"""Replace a function of ``numpy.testing``: a test in the same process then compares nothing."""

from attack_course import Attack, assert_harmless

ATTACK = Attack(
    cell="""
import numpy as np

np.testing.assert_allclose = lambda *args, **kwargs: None
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.points["A1_hidden_testing"] == 1


def test_is_stopped(protected):
    assert_harmless(protected)
