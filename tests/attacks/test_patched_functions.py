"""Replace functions that tests rely on: a test in the same process then compares nothing."""

import pytest
from attack import Attack, assert_harmless

PATCHES = {
    "builtins": """
import builtins

builtins.all = lambda numbers: True
""",
    "check": """
from course_utils import check

for name in ("agrees", "close", "forbids", "is_right"):
    setattr(check, name, lambda *args, **kwargs: None)
""",
    "numpy-testing": """
import numpy as np

np.testing.assert_allclose = lambda *args, **kwargs: None
""",
}
POINTS = {
    "builtins": {"A1_hidden_builtins": 1},
    "check": {
        "A1_visible": 1,
        "A1_hidden_values": 2,
        "A1_hidden_by_hand": 1,
        "A2_hidden_answer": 1,
    },
    "numpy-testing": {"A1_hidden_testing": 1},
}
ATTACKS = {kind: Attack(cell=cell) for kind, cell in PATCHES.items()}


@pytest.mark.parametrize("kind", ATTACKS)
def test_works_without_protection(unprotected, kind):
    assert unprotected.points.items() >= POINTS[kind].items()


@pytest.mark.parametrize("kind", ATTACKS)
def test_is_stopped(protected, kind):
    assert_harmless(protected)
