"""Show twenty megabytes, which stock nbgrader keeps in the graded notebook."""

from attack import Attack, assert_harmless

ATTACK = Attack(
    cell="""
from IPython.display import HTML, display

display(HTML("x" * 20_000_000))
print("y" * 20_000_000)
""",
    stock_group="writes",
)


def test_works_without_protection(unprotected):
    assert len(unprotected.outputs) > 20_000_000


def test_is_stopped(protected):
    assert_harmless(protected)
    assert len(protected.outputs) < 5_000_000
