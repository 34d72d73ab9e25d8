"""Bind the name that tests use, ``check``, to an object of one's own.

The tests run in the student's namespace.
"""

from attack import Attack, assert_harmless

ATTACK = Attack(
    cell="""
class Content:
    def __getattr__(self, name):
        return lambda *args, **kwargs: None


check = Content()
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.points["A1_visible"] == 1
    assert unprotected.points["A2_hidden_answer"] == 1


def test_is_stopped(protected):
    assert_harmless(protected)
