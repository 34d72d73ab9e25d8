"""Figures of the tutorial on convolution by hand."""

from course_utils.plotting.convolution_by_hand.diagrams import channels, perceptron
from course_utils.plotting.convolution_by_hand.photos import (
    filter_bank,
    filter_gallery,
    hide_and_seek,
    hierarchy,
    photo_and_pixels,
)
from course_utils.plotting.convolution_by_hand.training import learning, weights_over_time
from course_utils.plotting.convolution_by_hand.windows import (
    grids,
    move_window,
    pixel_use,
    pooling,
    sliding_channels,
    sliding_window,
    window,
)

__all__ = [
    "channels",
    "filter_bank",
    "filter_gallery",
    "grids",
    "hide_and_seek",
    "hierarchy",
    "learning",
    "move_window",
    "perceptron",
    "photo_and_pixels",
    "pixel_use",
    "pooling",
    "sliding_channels",
    "sliding_window",
    "weights_over_time",
    "window",
]
