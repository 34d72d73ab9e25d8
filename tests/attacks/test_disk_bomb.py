"""Fill the disk from the working directory; 200 MB stand for all of it."""

from attack import Attack, assert_harmless

ATTACK = Attack(
    cell="""
with open("big.bin", "wb") as file:
    for _ in range(200):
        file.write(b"x" * 1_000_000)
""",
    stock_group="writes",
)


def test_works_without_protection(unprotected):
    assert (unprotected.folder / "big.bin").stat().st_size == 200_000_000


def test_is_stopped(protected):
    assert_harmless(protected)
