"""Clear the outputs of every cell when it has run: the error of a test goes with them."""

from attack import Attack, assert_harmless
from attack_course import FULL

ATTACK = Attack(
    cell="""
from IPython.display import clear_output


def wipe(result):
    result.error_in_exec = None
    clear_output()


get_ipython().events.register("post_run_cell", wipe)
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.score == FULL


def test_is_stopped(protected):
    assert_harmless(protected)
