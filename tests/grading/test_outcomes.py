"""What became of a submission is saved with its grades, and files are whole at every moment."""

import os

import pytest
from nbgrader.api import Student
from sqlalchemy import select

from course_utils.grading import outcomes
from course_utils.grading.ledger import Ledger
from course_utils.grading.outcomes import Outcome, forget_digests, read_outcomes, save_outcome

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


def test_a_forgotten_digest_takes_nothing_else_along(ledger, tmp_path):
    with ledger.transaction():
        save_outcome(ledger.db, "01_tiny", "ada", ADA)
        save_outcome(ledger.db, "01_tiny", "bob", BOB)
        forget_digests(ledger.db, "01_tiny", ["ada", "nobody"])
    saved = read_outcomes(tmp_path / "gradebook.db")["01_tiny"]
    assert saved["ada"].digest == ""
    assert (saved["ada"].label, saved["ada"].seconds) == ("timed out (C1)", 1.5)
    assert saved["bob"] == BOB


def test_no_gradebook_or_one_without_outcomes_means_no_outcomes(ledger, tmp_path):
    assert read_outcomes(tmp_path / "nothing.db") == {}
    assert not (tmp_path / "nothing.db").exists()
    with ledger.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE course_outcome")
    assert read_outcomes(tmp_path / "gradebook.db") == {}


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "grades.csv"
    outcomes.write_atomically(path, "old")

    def full_disk(*_):
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", full_disk)
    with pytest.raises(OSError, match="no space left"):
        outcomes.write_atomically(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
