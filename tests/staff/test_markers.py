"""The markers are nbgrader's own."""

import pytest
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearSolutions

from course_utils.staff.markers import HIDDEN_TESTS, MARK_SCHEME, SOLUTION


@pytest.mark.parametrize(
    ("marker", "begin", "end"),
    [
        (
            SOLUTION,
            ClearSolutions.begin_solution_delimeter,
            ClearSolutions.end_solution_delimeter,
        ),
        (HIDDEN_TESTS, ClearHiddenTests.begin_test_delimeter, ClearHiddenTests.end_test_delimeter),
        (
            MARK_SCHEME,
            ClearMarkScheme.begin_mark_scheme_delimeter,
            ClearMarkScheme.end_mark_scheme_delimeter,
        ),
    ],
)
def test_markers_are_nbgraders_own(marker, begin, end):
    assert marker == (begin.default_value, end.default_value)
