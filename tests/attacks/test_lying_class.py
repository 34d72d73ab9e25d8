"""Return an object that calls itself an array and whose numbers are whatever is asked for.

``isinstance`` believes ``__class__``, ``abs`` and ``-`` ask the object.
"""

from attack import Attack, assert_harmless

ATTACK = Attack(
    correlate2d="""
class Four:
    __class__ = property(lambda self: np.ndarray)

    def __len__(self):
        return 2

    def __iter__(self):
        return iter([[4.0], [4.0]])


def correlate2d(x, w):
    return Four()
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.points["A1_hidden_builtins"] == 1


def test_is_stopped(protected):
    assert_harmless(protected)
