"""Read the class list in the gradebook."""

from attack import Attack, assert_harmless

ATTACK = Attack(
    cell="""
import sqlite3

for path in ("../../../gradebook.db", "$course/gradebook.db"):
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as gradebook:
            for row in gradebook.execute("SELECT last_name FROM student"):
                print(str(row[0]).encode().hex())
    except sqlite3.Error as error:
        print(error)
""",
    stock_group="reads",
)


def test_works_without_protection(unprotected):
    assert unprotected.told >= {"gradebook"}


def test_is_stopped(protected):
    assert_harmless(protected)
