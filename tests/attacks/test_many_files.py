"""Make very many files; 3000 stand for all that a disk can name."""

from attack import Attack, assert_harmless

ATTACK = Attack(
    cell="""
for number in range(3000):
    open(f"file-{number}.txt", "w").close()
""",
    stock_group="writes",
)


def test_works_without_protection(unprotected):
    assert len(list(unprotected.folder.glob("file-*.txt"))) == 3000


def test_is_stopped(protected):
    assert_harmless(protected)
