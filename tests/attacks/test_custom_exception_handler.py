"""Register an exception handler that shows nothing, and a hook that forgets the error.

nbgrader tells a failed test by the error in its outputs or in the kernel's reply.
"""

from attack import Attack, assert_harmless
from attack_course import FULL

ATTACK = Attack(
    cell="""
def forget(result):
    result.error_in_exec = None


shell = get_ipython()
shell.set_custom_exc((Exception,), lambda self, *error, **kwargs: None)
shell.events.register("post_run_cell", forget)
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.score == FULL


def test_is_stopped(protected):
    assert_harmless(protected)
