"""For visible checks of a task that needs an optional package: what cannot run is not passed."""

import importlib.util
import os

from course_utils.check.verdict import CheckFailed, not_checked
from course_utils.explore import is_grading, why_missing


def needs(package, subject, points):
    """Whether a package can be used; where not, show a card that says what goes unchecked.

    Parameters
    ----------
    package : str
        A module's name, for example ``"torch"``. It is imported, except while grading, which does
        not begin where it is not installed.
    subject : str
        The function that cannot be checked without it.
    points : int
        What the task's checks are worth, visible and hidden ones together.

    Returns
    -------
    bool

    Raises
    ------
    CheckFailed
        Under nbgrader's *Validate* only, which calls every cell without an error a success.
    """
    reason = "" if is_grading() and is_installed(package) else why_missing(package)
    if not reason:
        return True
    head = f"{points} points of {subject}, because {reason}"
    details = (
        f"They are graded all the same, by hidden checks too, where {package} is installed. To "
        f"check your work before, run `%pip install {package}` in a new cell and restart the "
        "kernel."
    )
    not_checked(subject, head, details)
    if os.environ.get("NBGRADER_EXECUTION") == "validate":
        # in one line, which is all that Validate's window shows of it
        raise CheckFailed(f"Not checked: {head}. {details}")
    return False


def is_installed(package):
    """Whether a package is here; it is looked for, not imported."""
    try:
        return importlib.util.find_spec(package) is not None
    except ValueError:  # something without a spec stands in its place
        return False
