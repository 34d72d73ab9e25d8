"""For visible checks of a task that needs an optional package: what cannot run is not passed."""

import importlib.util
import os

from course_utils.check.verdict import CheckFailed, not_checked


def needs(package, subject, points):
    """Whether a package is here; where it is not, show a card that says what goes unchecked.

    Parameters
    ----------
    package : str
        A module's name, for example ``"torch"``. It is looked for, not imported.
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
    if is_installed(package):
        return True
    head = f"{subject} needs {package}, which is not installed here"
    details = (
        f"{points} points are at stake, hidden checks included: they are graded "
        f"where {package} is installed."
    )
    not_checked(subject, head, details)
    if os.environ.get("NBGRADER_EXECUTION") == "validate":
        # in one line, which is all that Validate's window shows of it
        raise CheckFailed(f"Not checked: {head}. {details}")
    return False


def is_installed(package):
    """Whether a package can be imported; it is looked for, not imported."""
    try:
        return importlib.util.find_spec(package) is not None
    except ValueError:  # something without a spec stands in its place
        return False
