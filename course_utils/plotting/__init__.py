"""Figures that teach: each draws, then shows itself with alt text and a caption.

While nbgrader grades, every function of this package returns at once (``explore.grading``).
Every figure function takes ``caption=""`` besides its own arguments, and keeps the plain
drawing as ``function.draw``, which returns ``(matplotlib Figure, alt text)``.
"""

from course_utils.plotting.curves import learning, weights_over_time
from course_utils.plotting.diagrams import channels, perceptron
from course_utils.plotting.display import animate, figure_html, picture, show
from course_utils.plotting.number_grids import (
    grids,
    landing,
    pixel_use,
    pooling,
    sliding_window,
    window,
)
from course_utils.plotting.photos import (
    filter_gallery,
    hide_and_seek,
    hierarchy,
    photo_and_pixels,
)

__all__ = [
    "animate",
    "channels",
    "figure_html",
    "filter_gallery",
    "grids",
    "hide_and_seek",
    "hierarchy",
    "landing",
    "learning",
    "perceptron",
    "photo_and_pixels",
    "picture",
    "pixel_use",
    "pooling",
    "show",
    "sliding_window",
    "weights_over_time",
    "window",
]
