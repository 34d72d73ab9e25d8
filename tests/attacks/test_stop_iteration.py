"""Raise what ends a loop: a test that loops over the function's results loops over none.

``map`` and ``for`` take ``StopIteration`` for the end of the data.
"""

from attack import Attack, assert_harmless

ATTACK = Attack(
    correlate2d="""
def correlate2d(x, w):
    raise StopIteration
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.points["A1_hidden_builtins"] == 1


def test_is_stopped(protected):
    assert_harmless(protected)
