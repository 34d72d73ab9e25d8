"""Register a hook that sees every cell before it runs, and print the hidden tests."""

from attack import Attack, assert_harmless

ATTACK = Attack(
    cell="""
def spy(info):
    if "HIDDEN" in info.raw_cell:
        print(info.raw_cell.encode().hex())


get_ipython().events.register("pre_run_cell", spy)
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.told >= {"hidden test", "expected text", "expected number"}


def test_is_stopped(protected):
    assert_harmless(protected)
