"""Start a thread that changes the check while it is running.

A test's check is right when it begins; the function under test keeps it waiting meanwhile.
"""

from attack import Attack, assert_harmless

ATTACK = Attack(
    cell="""
import threading

from course_utils.check import agreement

called, done = threading.Event(), threading.Event()


def change():
    called.wait()
    agreement._differ = lambda result, expected: False
    done.set()


threading.Thread(target=change, daemon=True).start()
""",
    correlate2d="""
def correlate2d(x, w):
    called.set()
    done.wait()
    return np.zeros((2, 2))
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.points["A1_hidden_values"] == 2
    assert unprotected.points["A1_hidden_by_hand"] == 1


def test_is_stopped(protected):
    assert_harmless(protected)
