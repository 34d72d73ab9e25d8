"""The benchmark runs and prints what it promises; its figures are for a quiet machine."""

import re

import pytest
from course_copy import CourseCopy

pytestmark = pytest.mark.slow


def test_a_small_class_is_measured(tmp_path, repository_files):
    course = CourseCopy(tmp_path / "course", repository_files)
    done = course.run("make bench ARGS='--submissions 1 --no-sample-class'")
    assert done.returncode == 0, done.stdout
    assert re.search(r"wall clock, s\W+[\d.]+\W+[\d.]+\W+[\d.]+", done.stdout), done.stdout
    for part in ("prepare", "run", "record", "the limit"):
        assert part in done.stdout
