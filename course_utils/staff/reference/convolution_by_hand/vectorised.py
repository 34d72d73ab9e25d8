"""The same functions without loops over places, on ``sliding_window_view``.

Arguments, results and errors are those of ``by_hand``.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from course_utils.arguments import numeric_array, one_of, pair
from course_utils.staff.reference.convolution_by_hand import by_hand


def _windows(x, size, stride, padding=(0, 0)):
    """(…, H', W', kh, kw) read-only view of every window of the last two axes of ``x``."""
    by_hand.output_size(x.shape[-2:], size, stride, padding)  # raises where nothing fits
    if any(padding):
        x = np.pad(x, [(0, 0)] * (x.ndim - 2) + [(p, p) for p in padding])
    windows = sliding_window_view(x, size, axis=(-2, -1))
    return windows[..., :: stride[0], :: stride[1], :, :]


def correlate2d(x, w, stride=1, padding=0):
    """As ``by_hand.correlate2d``: all windows at once, one tensor contraction."""
    x, w = numeric_array(x, "x", 2), numeric_array(w, "w", 2)
    windows = _windows(x, w.shape, pair(stride, "stride", 1), pair(padding, "padding", 0))
    return np.einsum("ijab,ab->ij", windows, w)


def convolve2d(x, w, stride=1, padding=0):
    """As ``by_hand.convolve2d``."""
    return correlate2d(x, np.rot90(numeric_array(w, "w", 2), 2), stride, padding)


def conv2d(x, weight, bias, stride=1, padding=0):
    """As ``by_hand.conv2d``: the windows of all channels against all filters."""
    x, weight, bias = by_hand.layer_arrays(x, weight, bias)
    stride, padding = pair(stride, "stride", 1), pair(padding, "padding", 0)
    windows = _windows(x, weight.shape[2:], stride, padding)
    return np.einsum("cijab,ocab->oij", windows, weight) + bias[:, None, None]


def conv_layer(x, weight, bias, activation="relu"):
    """As ``by_hand.conv_layer``."""
    activate = by_hand.ACTIVATIONS[one_of(activation, "activation", by_hand.ACTIVATIONS)]
    return activate(conv2d(x, weight, bias))


def pixel_use_counts(shape, kernel):
    """As ``by_hand.pixel_use_counts``, from the closed formula on each axis."""
    shape, kernel = pair(shape, "shape", 1), pair(kernel, "kernel", 1)
    by_hand.output_size(shape, kernel, (1, 1), (0, 0))
    rows, columns = (
        np.minimum.reduce(
            [np.arange(n) + 1, np.full(n, k), np.full(n, n - k + 1), n - np.arange(n)]
        )
        for n, k in zip(shape, kernel, strict=True)
    )
    return np.outer(rows, columns)


def pool2d(x, size, stride=None, mode="max"):
    """As ``by_hand.pool2d``."""
    x, size = numeric_array(x, "x", 2), pair(size, "size", 1)
    stride = size if stride is None else pair(stride, "stride", 1)
    windows = _windows(x, size, stride)
    summarise = {"max": np.max, "average": np.mean}[one_of(mode, "mode", ("max", "average"))]
    return summarise(windows, axis=(-2, -1))


def conv_transpose2d(x, w, stride=1, padding=0):
    """As ``by_hand.conv_transpose2d``, as an ordinary convolution of the spread input.

    Spread the input by ``stride``, surround it with k - 1 zeros, convolve with w, cut
    ``padding`` from every side (Dumoulin and Visin 2016, section 4).
    """
    x, w = numeric_array(x, "x", 2), numeric_array(w, "w", 2)
    stride, padding = pair(stride, "stride", 1), pair(padding, "padding", 0)
    full = convolve2d(by_hand.insert_zeros(x, stride), w, padding=(w.shape[0] - 1, w.shape[1] - 1))
    rows, columns = full.shape[0] - 2 * padding[0], full.shape[1] - 2 * padding[1]
    if min(rows, columns) < 1:
        raise ValueError(
            f"padding {padding} cuts away the whole {full.shape[0]}×{full.shape[1]} result; "
            "it must leave at least one row and one column"
        )
    return full[padding[0] : padding[0] + rows, padding[1] : padding[1] + columns].copy()


def shift_error(x, w, rows, cols):
    """As ``by_hand.shift_error``."""
    x = by_hand.shiftable(x, rows, cols)
    return np.abs(correlate2d(_shift(x, rows, cols), w) - _shift(correlate2d(x, w), rows, cols))


def _shift(x, rows, cols):
    """Move the content down and right; a negative number moves it up or left."""
    shifted = np.zeros_like(x)
    height, width = x.shape
    if abs(rows) >= height or abs(cols) >= width:  # a map is smaller than its image
        return shifted
    shifted[max(rows, 0) : height + min(rows, 0), max(cols, 0) : width + min(cols, 0)] = x[
        max(-rows, 0) : height - max(rows, 0), max(-cols, 0) : width - max(cols, 0)
    ]
    return shifted


def filter_gradients(x, weights, target):
    """As ``by_hand.filter_gradients``: the windows against all filters, then all errors."""
    x, weights = numeric_array(x, "x", 2), numeric_array(weights, "weights", 3)
    maps = np.einsum("ijab,oab->oij", _windows(x, weights.shape[1:], (1, 1)), weights)
    target = by_hand.target_of(maps[0], target)
    error = np.maximum(maps, 0.0).sum(axis=0) - target
    return np.einsum("abij,oij->oab", _windows(x, target.shape, (1, 1)), error * (maps > 0))
