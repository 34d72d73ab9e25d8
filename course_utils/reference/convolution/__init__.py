"""Convolution three ways: by hand, vectorised, and with torch.

The names exported here are the by-hand versions, written to be read; ``vectorised`` and
``with_torch`` hold the same functions under the same names. ``cases`` makes the random inputs
on which the hidden tests compare a student's function with these.

``with_torch`` is not imported here: it is the only one that needs torch.
"""

from course_utils.reference.convolution.by_hand import (
    ACTIVATIONS,
    conv2d,
    conv_layer,
    conv_transpose2d,
    convolve2d,
    correlate2d,
    dilate,
    filter_gradients,
    insert_zeros,
    pixel_use_counts,
    pool2d,
    same_padding,
    shift_error,
)

__all__ = [
    "ACTIVATIONS",
    "conv2d",
    "conv_layer",
    "conv_transpose2d",
    "convolve2d",
    "correlate2d",
    "dilate",
    "filter_gradients",
    "insert_zeros",
    "pixel_use_counts",
    "pool2d",
    "same_padding",
    "shift_error",
]
