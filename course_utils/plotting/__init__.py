"""Figures that teach: each draws, then shows itself with alt text and a caption.

A tutorial's figures are in the module called like it; here is what several of them use.

While nbgrader grades, every function of this package returns at once (``explore.is_grading``).
Every figure function takes ``caption=""`` besides its own arguments, and keeps the plain
drawing as ``function.draw``, which returns ``(matplotlib Figure, alt text)``.
"""

from course_utils.plotting.animation import animate
from course_utils.plotting.display import figure_html, picture, show
from course_utils.plotting.window_places import landing

__all__ = ["animate", "figure_html", "landing", "picture", "show"]
