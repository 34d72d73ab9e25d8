"""Inputs on which hidden tests compare a student's convolutions with the reference.

Every function takes a NumPy generator and returns a list of ``Case``. Images and kernels are
never square together and sizes rarely divide, so that swapped axes, a forgotten floor or one
stride used for both axes show up whatever the seed; the smallest and the largest fitting kernel
are always among them.
"""

import numpy as np

from course_utils.check import case
from course_utils.staff.reference.sizes import two_between

VARIANTS = 4


def _image(rng, rows, columns):
    return rng.normal(size=(rows, columns)).round(2)


def _image_and_kernel(rng):
    rows, columns = two_between(rng, 5, 8)
    return _image(rng, rows, columns), _image(rng, *two_between(rng, 2, 4))


def correlate2d_plain(rng):
    """Stride 1, no padding: random rectangles, a 1×1 kernel, a kernel as large as the image."""
    return [case(*_image_and_kernel(rng)) for _ in range(VARIANTS)] + [
        case(_image(rng, 3, 5), _image(rng, 1, 1)),
        case(_image(rng, 4, 3), _image(rng, 4, 3)),
        case(_image(rng, 1, 6), _image(rng, 1, 2)),
        case(rng.integers(0, 9, (5, 7)), rng.integers(-2, 3, (3, 2))),
    ]


def correlate2d_stride(rng):
    """Strides as one number and as pairs, most of which do not divide the way that is left."""
    cases = [
        case(*_image_and_kernel(rng), stride=stride)
        for stride in (2, 3, (2, 1), (1, 3), (3, 2), (2, 5))
    ]
    return cases + [
        case(_image(rng, 6, 8), _image(rng, 3, 3), stride=2),
        case(_image(rng, 4, 5), _image(rng, 2, 3), stride=(7, 6)),
    ]


def correlate2d_padding(rng):
    """Padding as one number and as pairs, alone and with strides, and larger than the kernel."""
    cases = [
        case(*_image_and_kernel(rng), padding=padding) for padding in (1, 2, (0, 2), (2, 1), 5)
    ]
    return cases + [
        case(_image(rng, 6, 10), _image(rng, 3, 2), stride=(2, 3), padding=(2, 1)),  # inexact
        case(_image(rng, 7, 6), _image(rng, 2, 3), stride=2, padding=1),
        case(_image(rng, 2, 2), _image(rng, 3, 4), padding=(1, 2)),
    ]


def convolve2d(rng):
    """All of the above, a few each: convolution takes the same arguments."""
    return correlate2d_plain(rng)[2:6] + correlate2d_stride(rng)[:4] + correlate2d_padding(rng)[2:6]


def _layer(rng, channels, filters):
    rows, columns = two_between(rng, 4, 6)
    kernel_rows, kernel_columns = two_between(rng, 1, 3)
    return (
        rng.normal(size=(channels, rows, columns)).round(2),
        rng.normal(size=(filters, channels, kernel_rows, kernel_columns)).round(2),
        (rng.normal(size=filters) + 0.5).round(2),
    )


def conv2d(rng):
    """One or many filters on one or many channels, stride 1, no padding."""
    shapes = ((1, 1), (1, 3), (3, 1), (3, 2), (6, 4), (2, 5))
    return [case(*_layer(rng, channels, filters)) for channels, filters in shapes]


def conv2d_stride_padding(rng):
    """Strides and paddings on several channels."""
    options = (
        {"stride": 2},
        {"padding": 1},
        {"stride": (2, 1), "padding": (0, 2)},
        {"stride": (1, 3), "padding": 2},
        {"stride": (3, 2), "padding": (2, 1)},
    )
    return [case(*_layer(rng, 3, 2), **option) for option in options]


def conv_layer(rng):
    """Each activation, on several channels and filters."""
    activations = ("relu", "sigmoid", "tanh", "identity")
    layers = [case(*_layer(rng, 2, 3), activation) for activation in activations]
    x, weight, bias = _layer(rng, 3, 2)
    return [*layers, case(x, weight, bias), case(4 * x, weight, bias, activation="tanh")]


def same_padding(rng):
    """Odd and even kernels, pairs, dilations."""
    kernels = [int(k) for k in rng.permutation(range(1, 10))]
    mixed = [(int(rng.integers(1, 8)), int(rng.integers(1, 8))) for _ in range(VARIANTS)]
    return (
        [case(k) for k in kernels]
        + [case(pair) for pair in mixed]
        + [case(2), case((4, 3)), case((3, 4)), case(2, 3), case(4, dilation=(1, 3))]
        + [case((3, 2), (4, 5))]
        + [case(pair, dilation=int(rng.integers(2, 5))) for pair in mixed]
    )


def pixel_use_counts(rng):
    """Square and rectangular kernels, from 1×1 up to the whole image."""
    shapes = [two_between(rng, 5, 9) for _ in range(VARIANTS)]
    return [
        case(shapes[0], 3),
        case(shapes[1], (2, 4)),
        case(shapes[2], (5, 1)),
        case(shapes[3], (3, 5)),
        case((4, 6), 1),
        case((4, 6), (4, 6)),
        case((3, 7), (2, 6)),
        case((1, 4), (1, 2)),
        case((5, 1), (3, 1)),
        case((33, 35), (17, 18)),  # more windows than a byte can count
    ]


def _pools(rng, mode):
    image = _image(rng, *two_between(rng, 7, 10))
    return [
        case(image, 2, mode=mode),
        case(image, (2, 3), mode=mode),
        case(image.T, (3, 2), mode=mode),
        case(image, 3, stride=1, mode=mode),
        case(image, 3, stride=2, mode=mode),
        case(image, (2, 3), stride=(3, 1), mode=mode),
        case(-abs(image), (3, 2), stride=(1, 2), mode=mode),
        case(image, image.shape, mode=mode),
        case(image, 1, stride=2, mode=mode),
    ]


def pool2d_max(rng):
    """Windows that touch, overlap and leave gaps; also an image of negative numbers only."""
    return [*_pools(rng, "max"), case(_image(rng, 5, 7), 2)]


def pool2d_average(rng):
    """As ``pool2d_max``, for averages; zeros count in them."""
    half_empty = _image(rng, 7, 8) + 10
    half_empty[:, ::2] = 0
    half_empty[:2, :2] = 0
    return [*_pools(rng, "average"), case(half_empty, (2, 3), stride=2, mode="average")]


def _small_image_and_kernel(rng):
    return _image(rng, *two_between(rng, 2, 5)), _image(rng, *two_between(rng, 2, 4))


def conv_transpose2d(rng):
    """Strides smaller than, equal to and larger than the kernel; no padding."""
    cases = [
        case(*_small_image_and_kernel(rng), stride=stride)
        for stride in (1, 2, 3, (1, 2), (3, 1), (2, 5))
    ]
    return [*cases, case(*_small_image_and_kernel(rng)), case(_image(rng, 1, 1), _image(rng, 2, 3))]


def conv_transpose2d_padding(rng):
    """Paddings that cut rows and columns, with and without strides, down to one that is left."""
    options = (
        {"padding": 1},
        {"padding": (0, 1)},
        {"stride": 2, "padding": (1, 0)},
        {"stride": (3, 2), "padding": 1},
        {"stride": 3, "padding": (2, 1)},
    )
    cases = [
        case(_image(rng, *two_between(rng, 3, 5)), _image(rng, 3, 4), **option)
        for option in options
    ]
    return [
        *cases,
        case(_image(rng, 5, 4), _image(rng, 3, 4), padding=3),  # 7×7 before, 1×1 after
        case(_image(rng, 3, 2), _image(rng, 2, 2), padding=(0, 1)),  # 4×3 before, 4×1 after
        case(_image(rng, 5, 6), _image(rng, 4, 2), padding=(3, 0)),
        case(_image(rng, 6, 5), _image(rng, 2, 4), padding=(0, 3)),
    ]


def dilate(rng):
    """Kernels spread by one number and by pairs; 1 changes nothing."""
    steps = (1, 2, 3, (1, 2), (3, 1), (4, 2))
    return [case(_image(rng, *two_between(rng, 2, 4)), step) for step in steps] + [
        case(_image(rng, 1, 3), 2),
        case(_image(rng, 4, 2), (3, 5)),  # (n - 1) * step is odd on both axes
    ]


def insert_zeros(rng):
    """Inputs spread by one number and by pairs."""
    return dilate(rng)


def shift_error(rng):
    """Shifts in all directions and none; as far as the map is large, and the image allows."""
    shifts = ((1, 0), (0, 1), (-1, 0), (0, -2), (2, 1), (-2, 3), (3, -1), (0, 0))
    far = ((3, 0), (0, -3), (4, 1), (-5, 0), (0, 5), (1, -4), (-5, 4))  # the map is 3×3
    return [case(*_image_and_kernel(rng), rows, columns) for rows, columns in shifts] + [
        case(_image(rng, 6, 7), _image(rng, 4, 5), rows, columns) for rows, columns in far
    ]


def filter_gradients(rng):
    """One, two and three filters; two that are equal; targets of either sign."""
    cases = []
    for filters in (1, 2, 3):
        x, w = _image_and_kernel(rng)
        rows, columns = (n - k + 1 for n, k in zip(x.shape, w.shape, strict=True))
        # Not rounded: sums of round products are 0 now and then, up to float noise that decides
        # which side of relu's kink they fall on.
        x, weights = rng.normal(size=x.shape), rng.normal(size=(filters, *w.shape))
        cases.append(case(x, weights, _image(rng, rows, columns)))
    x, weights, target = cases[1].args
    cases.append(case(x, weights[[0, 0]], target))
    cases.append(case(x, weights, 3 * abs(target)))
    # On a flat image a filter whose weights cancel gives exactly 0, where relu's slope is 0.
    edge = np.array([[1.0, -1.0, 0.0], [2.0, 0.0, -2.0]])
    flat = np.full((5, 6), 1.0 + rng.integers(1, 4))
    cases.append(case(flat, np.stack([edge, np.ones((2, 3))]), _image(rng, 4, 4)))
    return cases
