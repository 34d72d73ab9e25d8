"""Shared tools of the course on convolutional and recurrent networks.

Importing the package loads nothing heavy: NumPy, matplotlib and torch are loaded by the
modules that use them (``course_utils.check``, ``course_utils.plotting``, …).

Imports go one way: ``staff`` may use ``sandbox`` and what students have, ``sandbox`` what students
have, and what students have only itself (contracts in ``pyproject.toml``, run by ``make lint``).
"""

__version__ = "0.1.0"

# The folder of all that students must never have. The wheel leaves it out, the sandbox hides it,
# a release that names it is refused.
STAFF = "staff"
# What a confined process may import besides: no secret, and of no use to a student.
SANDBOX = "sandbox"
