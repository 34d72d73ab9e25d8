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

OUTSIDE, MARK, INSIDE = "outside", "mark", "inside"


def not_released(source):
    """Yield every line of a text, and where it stands to what a release leaves out of a test.

    That is ``OUTSIDE`` or ``INSIDE`` of hidden tests and mark schemes, or the ``MARK`` at which one
    begins. Where one ends is left out.
    """
    inside = False
    for line in source.splitlines():
        if HIDDEN_TESTS.begin in line or MARK_SCHEME.begin in line:
            inside = True
            yield line, MARK
        elif HIDDEN_TESTS.end in line or MARK_SCHEME.end in line:
            inside = False
        else:
            yield line, INSIDE if inside else OUTSIDE
