"""Replace the method that shows errors, and the place where the shell keeps them."""

from attack import Attack, assert_harmless
from attack_course import FULL

ATTACK = Attack(
    cell="""
from IPython.core.interactiveshell import ExecutionResult

nothing = property(lambda self: None, lambda self, error: None)
ExecutionResult.error_in_exec = nothing
get_ipython().showtraceback = lambda *args, **kwargs: None
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.score == FULL


def test_is_stopped(protected):
    assert_harmless(protected)
