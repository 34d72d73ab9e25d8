"""Confinement of the processes that run student code (Linux; elsewhere ``probe`` says "none").

``Confinement`` starts confined children of a warm process, ``default_view`` and ``Limits`` say
what they may read and use, and ``probe`` attacks one of them to see what holds on this machine.
"""

from course_utils.sandbox.isolation.confinement import LEVELS, Child, Confinement, Ended
from course_utils.sandbox.isolation.errors import IsolationError
from course_utils.sandbox.isolation.limits import Limits
from course_utils.sandbox.isolation.view import View, default_view

__all__ = [
    "LEVELS",
    "Child",
    "Confinement",
    "Ended",
    "IsolationError",
    "Limits",
    "View",
    "default_view",
]
