"""Convolution by hand: loops over output places, written to be read.

Layouts are PyTorch's: an image is (H, W) or (C, H, W), a bank of filters (O, C, kh, kw).
``stride`` and ``padding`` take an int or a pair (vertical, horizontal). All arithmetic is in
float64; every function returns a new array and leaves its arguments unchanged. Impossible
arguments raise ``ValueError`` (see ``course_utils.arguments``).

Formulas: V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep learning"
(2016), unless a docstring names another source.
"""

import numpy as np

from course_utils.arguments import numeric_array, one_of, pair, whole_number

ACTIVATIONS = {
    "identity": lambda z: z,
    "relu": lambda z: np.maximum(z, 0.0),
    "sigmoid": lambda z: 0.5 * (1.0 + np.tanh(0.5 * z)),  # equal to 1 / (1 + e^-z), no overflow
    "tanh": np.tanh,
}


def output_size(image_shape, kernel_shape, stride, padding):
    """Rows and columns of the map: floor((n + 2p - k) / s) + 1 on each axis.

    Parameters are pairs (vertical, horizontal). Raises ``ValueError`` when the kernel is larger
    than the padded image.
    """
    padded = tuple(n + 2 * p for n, p in zip(image_shape, padding, strict=True))
    if any(k > n for k, n in zip(kernel_shape, padded, strict=True)):
        raise ValueError(
            f"the kernel {tuple(kernel_shape)} is larger than the padded image {padded}; "
            "it must fit inside on both axes"
        )
    return tuple((n - k) // s + 1 for n, k, s in zip(padded, kernel_shape, stride, strict=True))


def correlate2d(x, w, stride=1, padding=0):
    """Slide the kernel over the image; at every place, sum the products.

    z[i, j] = sum over a, b of w[a, b] * x[i*s + a - p, j*s + b - p], with x zero outside.

    Parameters
    ----------
    x : (H, W) array of numbers
    w : (kh, kw) array of numbers
    stride : int or pair, at least 1
    padding : int or pair, at least 0; rows and columns of zeros on each side

    Returns
    -------
    (H', W') float64 array with H' = floor((H + 2p - kh) / s) + 1, W' likewise.
    """
    x, w = numeric_array(x, "x", 2), numeric_array(w, "w", 2)
    stride, padding = pair(stride, "stride", 1), pair(padding, "padding", 0)
    rows, columns = output_size(x.shape, w.shape, stride, padding)
    x = np.pad(x, [(padding[0],) * 2, (padding[1],) * 2])
    z = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride[0], j * stride[1]
            z[i, j] = np.vdot(x[top : top + w.shape[0], left : left + w.shape[1]], w)
    return z


def convolve2d(x, w, stride=1, padding=0):
    """Convolution in the mathematical sense: rotate the kernel by 180 degrees, then correlate.

    Arguments and result are those of ``correlate2d``.
    """
    return correlate2d(x, numeric_array(w, "w", 2)[::-1, ::-1], stride, padding)


def conv2d(x, weight, bias, stride=1, padding=0):
    """The convolutional layer's sum: correlate every channel, add the channels, add the bias.

    Parameters
    ----------
    x : (C, H, W) array
    weight : (O, C, kh, kw) array, one filter per output map, each as deep as the image
    bias : (O,) array
    stride, padding : int or pair

    Returns
    -------
    (O, H', W') float64 array
    """
    x, weight, bias = layer_arrays(x, weight, bias)
    maps = [
        b + sum(correlate2d(channel, w, stride, padding) for channel, w in zip(x, f, strict=True))
        for f, b in zip(weight, bias, strict=True)
    ]
    return np.stack(maps)


def layer_arrays(x, weight, bias):
    """Return a layer's image, filters and biases as arrays that fit, or raise ``ValueError``."""
    x, weight = numeric_array(x, "x", 3), numeric_array(weight, "weight", 4)
    bias = numeric_array(bias, "bias", 1)
    if weight.shape[1] != x.shape[0]:
        raise ValueError(
            f"weight has {weight.shape[1]} channels and x has {x.shape[0]}; they must be equal"
        )
    if bias.shape[0] != weight.shape[0]:
        raise ValueError(
            f"bias has {bias.shape[0]} numbers and weight {weight.shape[0]} filters; "
            "there is one number per filter"
        )
    return x, weight, bias


def conv_layer(x, weight, bias, activation="relu"):
    """Convolution, bias and activation: the perceptron's weighted sum at every place.

    Parameters are those of ``conv2d`` (stride 1, no padding) and ``activation``: "identity",
    "relu", "sigmoid" or "tanh". Returns an (O, H', W') float64 array.
    """
    return ACTIVATIONS[one_of(activation, "activation", ACTIVATIONS)](conv2d(x, weight, bias))


def same_padding(kernel, dilation=1):
    """Zeros before and after each axis that keep the size at stride 1.

    The kernel spans d*(k - 1) + 1 pixels, so d*(k - 1) zeros are needed in all; where that is
    odd the extra one goes after.

    Parameters
    ----------
    kernel, dilation : int or pair, at least 1

    Returns
    -------
    ((top, bottom), (left, right)), ints
    """
    kernel, dilation = pair(kernel, "kernel", 1), pair(dilation, "dilation", 1)
    totals = [d * (k - 1) for k, d in zip(kernel, dilation, strict=True)]
    return tuple((total // 2, total - total // 2) for total in totals)


def pixel_use_counts(shape, kernel):
    """In how many windows does each pixel lie, at stride 1 without padding?

    Along one axis of length n, pixel i lies in min(i + 1, k, n - k + 1, n - i) windows; the two
    axes multiply.

    Parameters
    ----------
    shape : pair (H, W)
    kernel : int or pair, no larger than ``shape``

    Returns
    -------
    (H, W) int64 array
    """
    shape, kernel = pair(shape, "shape", 1), pair(kernel, "kernel", 1)
    rows, columns = output_size(shape, kernel, (1, 1), (0, 0))
    counts = np.zeros(shape, dtype=np.int64)
    for i in range(rows):
        for j in range(columns):
            counts[i : i + kernel[0], j : j + kernel[1]] += 1
    return counts


def pool2d(x, size, stride=None, mode="max"):
    """Summarise each window by one number; a window that does not fit is dropped.

    Parameters
    ----------
    x : (H, W) array
    size : int or pair, at least 1, no larger than the image
    stride : int or pair; None means ``size``, so that windows touch without overlap
    mode : "max" or "average"

    Returns
    -------
    (H', W') float64 array with H' = floor((H - size) / stride) + 1
    """
    x, size = numeric_array(x, "x", 2), pair(size, "size", 1)
    stride = size if stride is None else pair(stride, "stride", 1)
    summarise = {"max": np.max, "average": np.mean}[one_of(mode, "mode", ("max", "average"))]
    rows, columns = output_size(x.shape, size, stride, (0, 0))
    z = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride[0], j * stride[1]
            z[i, j] = summarise(x[top : top + size[0], left : left + size[1]])
    return z


def conv_transpose2d(x, w, stride=1, padding=0):
    """Transposed convolution: every input pixel adds its own scaled copy of the kernel.

    Copies start ``stride`` apart and add where they overlap; then ``padding`` rows and columns
    are cut from every side. It is the adjoint of ``correlate2d`` with the same stride and
    padding: <correlate2d(y, w), x> = <y, conv_transpose2d(x, w)>.

    Parameters
    ----------
    x : (H, W) array
    w : (kh, kw) array
    stride : int or pair, at least 1
    padding : int or pair, at least 0

    Returns
    -------
    ((H - 1)*s - 2p + kh, …) float64 array; ``ValueError`` where a side would be 0 or less.
    """
    x, w = numeric_array(x, "x", 2), numeric_array(w, "w", 2)
    stride, padding = pair(stride, "stride", 1), pair(padding, "padding", 0)
    height, width = ((n - 1) * s + k for n, s, k in zip(x.shape, stride, w.shape, strict=True))
    if height <= 2 * padding[0] or width <= 2 * padding[1]:
        raise ValueError(
            f"padding {padding} cuts away the whole {height}×{width} result; "
            "it must leave at least one row and one column"
        )
    z = np.zeros((height, width))
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            top, left = i * stride[0], j * stride[1]
            z[top : top + w.shape[0], left : left + w.shape[1]] += x[i, j] * w
    return z[padding[0] : height - padding[0], padding[1] : width - padding[1]].copy()


def dilate(w, dilation):
    """Spread a kernel: ``dilation`` - 1 zeros between its entries, none outside.

    Parameters
    ----------
    w : (kh, kw) array
    dilation : int or pair, at least 1

    Returns
    -------
    (d*(kh - 1) + 1, d*(kw - 1) + 1) float64 array
    """
    w, dilation = numeric_array(w, "w", 2), pair(dilation, "dilation", 1)
    return _spread(w, dilation)


def insert_zeros(x, stride):
    """Spread an input: ``stride`` - 1 zeros between its pixels, none outside.

    This is the first step of a transposed convolution done as an ordinary one. The arithmetic
    is that of ``dilate``; what differs is where it is used.

    Parameters
    ----------
    x : (H, W) array
    stride : int or pair, at least 1

    Returns
    -------
    (s*(H - 1) + 1, s*(W - 1) + 1) float64 array
    """
    x, stride = numeric_array(x, "x", 2), pair(stride, "stride", 1)
    return _spread(x, stride)


def _spread(array, step):
    spread = np.zeros([s * (n - 1) + 1 for n, s in zip(array.shape, step, strict=True)])
    spread[:: step[0], :: step[1]] = array
    return spread


def shift_error(x, w, rows, cols):
    """How far correlation and shift are from commuting, place by place.

    |correlate2d(shift(x), w) - shift(correlate2d(x, w))|: zero inside, and not zero in a band
    along the border where pixels left the image or zeros entered.

    Parameters
    ----------
    x : (H, W) array
    w : (kh, kw) array
    rows, cols : int
        The content moves down by ``rows`` and right by ``cols`` (up and left where negative);
        zeros fill the place it left. Each must be smaller than the image's side.

    Returns
    -------
    (H - kh + 1, W - kw + 1) float64 array
    """
    x = shiftable(x, rows, cols)
    return np.abs(correlate2d(shift(x, rows, cols), w) - shift(correlate2d(x, w), rows, cols))


def shiftable(x, rows, cols):
    """Return ``x`` as an (H, W) array that can be moved so far, or raise ``ValueError``."""
    x = numeric_array(x, "x", 2)
    for name, value, side in (("rows", rows, x.shape[0]), ("cols", cols, x.shape[1])):
        if whole_number(value, name, 1 - side) >= side:
            raise ValueError(
                f"{name} is {value}; it takes a whole number from {1 - side} to {side - 1}"
            )
    return x


def shift(x, rows, cols):
    """Move the content down and right, up and left where negative; zeros fill the gap."""
    shifted = np.zeros_like(x)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            if 0 <= i - rows < x.shape[0] and 0 <= j - cols < x.shape[1]:
                shifted[i, j] = x[i - rows, j - cols]
    return shifted


def filter_gradients(x, weights, target):
    """Gradient of a squared error with respect to every filter of a one-layer network.

    prediction = sum over o of relu(z_o) with z_o = correlate2d(x, weights[o]);
    loss = 1/2 * sum of (prediction - target)^2. By the chain rule the gradient for filter o is
    the image correlated with the error that reaches z_o:
    correlate2d(x, (prediction - target) * [z_o > 0]).

    Parameters
    ----------
    x : (H, W) array
    weights : (O, kh, kw) array
    target : (H - kh + 1, W - kw + 1) array

    Returns
    -------
    (O, kh, kw) float64 array
    """
    x, weights = numeric_array(x, "x", 2), numeric_array(weights, "weights", 3)
    maps = [correlate2d(x, w) for w in weights]
    target = target_of(maps[0], target)
    error = sum(np.maximum(z, 0.0) for z in maps) - target
    return np.stack([correlate2d(x, error * (z > 0)) for z in maps])


def target_of(feature_map, target):
    """Return ``target`` as an array of the map's shape, or raise ``ValueError``."""
    target = numeric_array(target, "target", 2)
    if target.shape != feature_map.shape:
        raise ValueError(
            f"target has shape {target.shape}; the filters' maps have {feature_map.shape}, "
            "and it must equal that"
        )
    return target
