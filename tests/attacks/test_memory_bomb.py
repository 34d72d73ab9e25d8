"""Take all the memory there is; 600 MB stand for it."""

from attack import Attack, assert_harmless

ATTACK = Attack(
    cell="""
hoard = [bytes([number]) * 100_000_000 for number in range(1, 7)]
print("took", len(hoard))
""",
    stock_group="writes",
)


def test_works_without_protection(unprotected):
    assert "took 6" in unprotected.outputs


def test_is_stopped(protected):
    assert_harmless(protected)
    assert "took 6" not in protected.outputs
