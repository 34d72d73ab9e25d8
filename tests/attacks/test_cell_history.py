"""Print the last cell that the shell has been given: the hidden test that calls the function."""

from attack import Attack, assert_harmless

ATTACK = Attack(
    correlate2d="""
def correlate2d(x, w):
    print(get_ipython().user_ns["In"][-1].encode().hex())
    return np.zeros((2, 2))
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.told >= {"hidden test"}


def test_is_stopped(protected):
    assert_harmless(protected)
