"""Replace the shell's methods that run a cell by ones that run nothing."""

from attack import Attack, assert_harmless
from attack_course import FULL

ATTACK = Attack(
    cell="""
shell = get_ipython()
run, run_async = shell.run_cell, shell.run_cell_async


async def run_nothing_async(raw_cell, *args, **kwargs):
    return await run_async("", *args, **(kwargs | {"transformed_cell": ""}))


shell.run_cell = lambda raw_cell, *args, **kwargs: run("", *args, **kwargs)
shell.run_cell_async = run_nothing_async
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.score == FULL


def test_is_stopped(protected):
    assert_harmless(protected)
