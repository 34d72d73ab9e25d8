"""Give oneself full marks in the gradebook, and another student none, by a manual grade."""

from attack import Attack, assert_harmless
from attack_course import HONEST, TESTS

ATTACK = Attack(
    cell="""
import sqlite3

for path in ("../../../gradebook.db", "$course/gradebook.db"):
    try:
        with sqlite3.connect(f"file:{path}?mode=rw", uri=True) as gradebook:
            gradebook.execute("UPDATE grade SET manual_score = 0")
            gradebook.execute(
                "UPDATE grade SET manual_score = 1 WHERE notebook_id IN (SELECT n.id FROM "
                "submitted_notebook n JOIN submitted_assignment a ON n.assignment_id = a.id "
                "WHERE a.student_id = '$me')"
            )
    except sqlite3.Error as error:
        print(error)
""",
    stock_group="writes",
)


def test_works_without_protection(unprotected):
    assert unprotected.score == len(TESTS)
    assert sum(unprotected.points_of(HONEST[0]).values()) == 0


def test_is_stopped(protected):
    assert_harmless(protected)
