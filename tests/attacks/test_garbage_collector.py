"""Ask the garbage collector for every list, and return what stands in the list of expected arrays.

The check computes all expected results before the first call.
"""

from attack import Attack, assert_harmless

ATTACK = Attack(
    correlate2d="""
import gc

calls = {}


def correlate2d(x, w):
    for found in gc.get_objects():
        if type(found) is list and len(found) > 3 and all(type(e) is np.ndarray for e in found):
            place = calls[id(found)] = calls.get(id(found), -1) + 1
            if place < len(found):
                return found[place]
    return np.zeros((2, 2))
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.points["A1_hidden_values"] == 2


def test_is_stopped(protected):
    assert_harmless(protected)
