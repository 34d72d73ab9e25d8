"""nbgrader's step that runs a notebook."""

import pytest
from tiny_course import tiny_notebook
from traitlets.config import Config

from course_utils.staff.grading.execute import ExecuteSubmission


def test_a_notebook_that_is_not_run_is_not_graded():
    step = ExecuteSubmission(config=Config({"Execute": {"enabled": False}}))
    with pytest.raises(ValueError, match="--no-execute.*expected True"):
        step(tiny_notebook(), {})
