"""The ``course`` command."""

from course_utils.staff import patches  # noqa: F401  (first: it makes loading the others quick)
