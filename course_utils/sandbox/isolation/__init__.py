"""Confinement of the processes that run student code (Linux; elsewhere ``probe`` says "none").

``Confinement`` starts confined children of a process that has loaded everything slow,
``default_view`` and ``ResourceLimits`` say what they may read and use, and ``probe`` attacks one of
them to see what holds on this machine.
"""

from course_utils.sandbox.isolation.confinement import LEVELS, Child, Confinement
from course_utils.sandbox.isolation.errors import IsolationError
from course_utils.sandbox.isolation.limits import ResourceLimits
from course_utils.sandbox.isolation.view import View, default_view

__all__ = [
    "LEVELS",
    "Child",
    "Confinement",
    "IsolationError",
    "ResourceLimits",
    "View",
    "default_view",
]
