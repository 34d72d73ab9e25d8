"""What became of a submission is saved with its grades."""

from dataclasses import replace

import pytest
from nbgrader.api import Student
from sqlalchemy import select

from course_utils.staff.grading.ledger import Ledger
from course_utils.staff.grading.outcomes import Outcome, forget_keys, read_outcomes, save_outcome

ADA = Outcome("graded", "timed out (C1)", "Too slow.", "", "abc", "full", 1.5)
BOB = Outcome("ungradable", "not a notebook file", "Send it again.", "Ask him.", "def")


@pytest.fixture
def ledger(tmp_path):
    ledger = Ledger(f"sqlite:///{tmp_path / 'gradebook.db'}", "neural_networks")
    yield ledger
    ledger.close()


def test_what_is_saved_is_read_back(ledger, tmp_path):
    with ledger.transaction():
        save_outcome(ledger.db, "01_tiny", "ada", BOB)
        save_outcome(ledger.db, "01_tiny", "ada", ADA)
        save_outcome(ledger.db, "01_tiny", "bob", BOB)
        save_outcome(ledger.db, "02_other", "ada", BOB)
    assert read_outcomes(tmp_path / "gradebook.db") == {
        "01_tiny": {"ada": ADA, "bob": BOB},
        "02_other": {"ada": BOB},
    }


def test_a_transaction_that_breaks_off_saves_neither_grades_nor_outcome(ledger, tmp_path):
    with pytest.raises(KeyboardInterrupt), ledger.transaction():
        ledger.add_student("ada")
        save_outcome(ledger.db, "01_tiny", "ada", ADA)
        raise KeyboardInterrupt
    assert read_outcomes(tmp_path / "gradebook.db") == {}
    assert ledger.db.scalars(select(Student)).all() == []


def test_a_forgotten_key_takes_nothing_else_along(ledger, tmp_path):
    with ledger.transaction():
        save_outcome(ledger.db, "01_tiny", "ada", ADA)
        save_outcome(ledger.db, "01_tiny", "bob", BOB)
        forget_keys(ledger.db, "01_tiny", ["ada", "nobody"])
    saved = read_outcomes(tmp_path / "gradebook.db")["01_tiny"]
    assert saved["ada"].resume_key == ""
    assert (saved["ada"].label, saved["ada"].seconds) == ("timed out (C1)", 1.5)
    assert saved["bob"] == BOB


def test_a_row_of_another_version_is_read_as_far_as_it_is_known(ledger, tmp_path):
    with ledger.transaction():
        save_outcome(ledger.db, "01_tiny", "ada", ADA)
    with ledger.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE course_outcome SET outcome = "
            "json_set(json_remove(outcome, '$.resume_key'), '$.digest', 'abc')"
        )
    assert read_outcomes(tmp_path / "gradebook.db")["01_tiny"]["ada"] == replace(ADA, resume_key="")


def test_no_gradebook_or_one_without_outcomes_means_no_outcomes(ledger, tmp_path):
    assert read_outcomes(tmp_path / "nothing.db") == {}
    assert not (tmp_path / "nothing.db").exists()
    with ledger.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE course_outcome")
    assert read_outcomes(tmp_path / "gradebook.db") == {}
