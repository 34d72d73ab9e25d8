"""The file of outcomes is whole at every moment and never forgets anyone."""

import os

import pytest

from course_utils.grading import outcomes
from course_utils.grading.outcomes import Outcome, read_outcomes, write_outcome


def test_what_is_written_is_read_back(tmp_path):
    path = tmp_path / "autograded" / "outcomes.json"
    ada = Outcome("graded", "timed out: C1", "Too slow.", "", "abc")
    bob = Outcome("ungradable", "not a notebook file", "Send it again.", "Ask him.", "def")
    write_outcome(path, "01_tiny", "ada", ada)
    write_outcome(path, "01_tiny", "bob", bob)
    write_outcome(path, "02_other", "ada", bob)
    assert read_outcomes(path) == {"01_tiny": {"ada": ada, "bob": bob}, "02_other": {"ada": bob}}


def test_no_file_means_no_outcomes(tmp_path):
    assert read_outcomes(tmp_path / "outcomes.json") == {}


def test_a_damaged_file_is_named_with_what_to_do(tmp_path):
    path = tmp_path / "outcomes.json"
    path.write_text('{"01_tiny": ')
    with pytest.raises(ValueError, match="outcomes.json is damaged.*--again"):
        read_outcomes(path)


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "outcomes.json"
    outcomes.write_atomically(path, "old")

    def full_disk(*_):
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", full_disk)
    with pytest.raises(OSError, match="no space left"):
        outcomes.write_atomically(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
