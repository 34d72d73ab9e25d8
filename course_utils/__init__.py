"""Shared tools of the course on convolutional and recurrent networks.

Importing the package loads nothing heavy: NumPy, matplotlib and torch are loaded by the
modules that use them (``course_utils.check``, ``course_utils.plotting``, …).
"""

__version__ = "0.1.0"
