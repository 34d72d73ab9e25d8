"""What all attacks of the other files together do to the class they are graded in."""

import pytest


@pytest.fixture
def result(protected_class):
    return next(iter(protected_class.values()))


def test_the_command_reports_no_failure_of_its_own(result):
    assert result.code == 0, result.log[-2000:]


def test_no_process_is_left(result):
    assert result.left_processes == []


def test_no_file_is_left(result):
    assert result.left_files == []
