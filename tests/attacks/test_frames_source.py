"""Walk up the frames from the function under test, and print the source of the test cell."""

from attack import Attack, assert_harmless

ATTACK = Attack(
    correlate2d="""
import inspect


def correlate2d(x, w):
    for frame in inspect.stack():
        if frame.function == "<module>":
            print(inspect.getsource(frame.frame).encode().hex())
    return np.zeros((2, 2))
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.told >= {"hidden test"}


def test_is_stopped(protected):
    assert_harmless(protected)
