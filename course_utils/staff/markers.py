"""The lines by which nbgrader knows what is taken out of a release.

They are nbgrader's own (a test compares): the process of the checker does not load nbgrader.
"""

from typing import NamedTuple


class Marker(NamedTuple):
    """What stands in the lines at which a region begins and ends."""

    begin: str
    end: str


SOLUTION = Marker("BEGIN SOLUTION", "END SOLUTION")
HIDDEN_TESTS = Marker("BEGIN HIDDEN TESTS", "END HIDDEN TESTS")
MARK_SCHEME = Marker("BEGIN MARK SCHEME", "END MARK SCHEME")
