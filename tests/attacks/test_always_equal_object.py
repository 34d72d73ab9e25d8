"""Answer with an object that is equal to everything."""

from attack import Attack, assert_harmless

ATTACK = Attack(
    label="""
class Same:
    def __eq__(self, other):
        return True


label = Same()
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.points["A2_hidden_label"] == 1


def test_is_stopped(protected):
    assert_harmless(protected)
