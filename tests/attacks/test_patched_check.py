"""Replace the functions of ``course_utils.check`` by functions that are content with everything."""

from attack_course import Attack, assert_harmless

ATTACK = Attack(
    cell="""
from course_utils import check

for name in ("agrees", "close", "forbids", "is_right"):
    setattr(check, name, lambda *args, **kwargs: None)
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.points["A1_visible"] == 1
    assert unprotected.points["A1_hidden_values"] == 2
    assert unprotected.points["A1_hidden_by_hand"] == 1
    assert unprotected.points["A2_hidden_answer"] == 1


def test_is_stopped(protected):
    assert_harmless(protected)
