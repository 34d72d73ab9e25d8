"""Register an input transformer that empties every cell with a test in it."""

from attack import Attack, assert_harmless
from attack_course import FULL

ATTACK = Attack(
    cell="""
def empty(lines):
    text = "".join(lines)
    return ["pass\\n"] if "check." in text or "assert" in text else lines


get_ipython().input_transformers_cleanup.append(empty)
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.score == FULL


def test_is_stopped(protected):
    assert_harmless(protected)
