"""Return an array of a class of one's own, which answers NumPy's comparisons itself."""

from attack import Attack, assert_harmless

ATTACK = Attack(
    correlate2d="""
class Agreeable(np.ndarray):
    def __array_function__(self, function, types, args, kwargs):
        if function is np.isclose:
            return np.ones((3, 3), dtype=bool)
        return super().__array_function__(function, types, args, kwargs)


def correlate2d(x, w):
    return np.zeros((3, 3)).view(Agreeable)
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.points["A1_hidden_testing"] == 1


def test_is_stopped(protected):
    assert_harmless(protected)
