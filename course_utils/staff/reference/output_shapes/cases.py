"""Inputs on which hidden tests compare a student's sizes and counts with the reference.

Every function takes a NumPy generator and returns a list of ``Case``. Sizes rarely divide and
images, kernels, strides and paddings are never square together, so that a forgotten floor or
swapped axes show up whatever the seed. Numbers stay small: ``check.agrees`` forgives one part in
10 000, which in a count of millions would hide a forgotten bias.
"""

from course_utils.check import case
from course_utils.staff.reference.sizes import between, two_between

# What a function that does its own arithmetic has no need of.
LIBRARIES = ("jax", "keras", "tensorflow", "torch")


def conv_output_size(rng):
    """Strides and paddings: division with every remainder, and the smallest that fits."""
    cases = []
    for stride in (2, 3, 4, 5):
        kernel, padding = between(rng, 2, 7), between(rng, 1, 3)
        steps = between(rng, 3, 12)
        room = [stride * steps + left_over for left_over in range(stride)]
        cases += [case(kernel + r, kernel, stride) for r in room]
        cases += [case(kernel + r - 2 * padding, kernel, stride, padding) for r in room]
    return cases + [
        case(between(rng, 20, 90), between(rng, 2, 9)),
        case(between(rng, 20, 90), 1),
        case(between(rng, 20, 90), 4, padding=between(rng, 1, 5)),
        case(7, 7),
        case(7, 7, 3),
        case(1, 1),
        case(1, 3, padding=1),
        case(3, 5, 4, 1),
        case(9, 2, stride=11),
    ]


def conv_output_size_dilation(rng):
    """Dilated kernels, with strides and paddings, up to one that just fits."""
    cases = []
    for dilation in (2, 3, 4):
        kernel, stride = between(rng, 2, 5), between(rng, 2, 4)
        span = dilation * (kernel - 1) + 1
        n = span + between(rng, 9, 40)
        cases += [
            case(n, kernel, dilation=dilation),
            case(n, kernel, stride, dilation=dilation),
            case(n, kernel, stride, between(rng, 1, 3), dilation),
            case(n + 1, kernel, stride, between(rng, 1, 3), dilation),
            case(span, kernel, dilation=dilation),
            case(n, 1, stride, dilation=dilation),
        ]
    return cases


def conv_transpose_output_size(rng):
    """Strides and paddings, from a single pixel up; no output padding, no dilation."""
    cases = [
        case(between(rng, 2, 30), between(rng, 5, 8), stride, padding)
        for stride in (1, 2, 3, 4)
        for padding in (0, 1, 2)
    ]
    return cases + [
        case(1, 1),
        case(1, 4),
        case(between(rng, 2, 30), 3),
        case(1, 3, 2, 1),
        case(3, 3, 2, 1),
        case(7, 2, 5),
    ]


def conv_transpose_output_size_all(rng):
    """Output padding and dilation as well."""
    cases = []
    for stride in (2, 3, 5):
        kernel, n = between(rng, 3, 6), between(rng, 3, 20)
        cases += [case(n, kernel, stride, 1, output_padding) for output_padding in range(stride)]
        cases += [
            case(n, kernel, stride, 1, 1, between(rng, 2, 4)),
            case(n, kernel, stride, dilation=between(rng, 2, 4)),
        ]
    return [*cases, case(3, 3, 1, 0, 1, 2), case(6, 1, 2, dilation=3), case(1, 2, 2, 1, 1)]


def _conv(rng, **options):
    filters = between(rng, 5, 9)
    return {"type": "conv", "out_channels": filters, "kernel": between(rng, 2, 4), **options}


def _image(rng, low=24, high=40):
    return (between(rng, 2, 4), *two_between(rng, low, high))


def windows(rng):
    """Convolutions and pools, square windows, on images that are not square."""
    max_pool, average_pool = {"type": "maxpool"}, {"type": "avgpool"}
    return [
        case([_conv(rng)], _image(rng)),
        case([_conv(rng, stride=2), _conv(rng, padding=1)], _image(rng)),
        case([_conv(rng, stride=3, padding=2)], _image(rng)),
        case([max_pool | {"kernel": 2}], (3, 25, 36)),
        case([average_pool | {"kernel": 3}, _conv(rng)], (2, 29, 40)),
        case([_conv(rng), max_pool | {"kernel": 3, "stride": 2}], (3, 28, 37)),
        case([max_pool | {"kernel": 3, "stride": 1, "padding": 1}], _image(rng)),
        case([_conv(rng), max_pool | {"kernel": 2}, _conv(rng, padding=1)], _image(rng)),
        case([average_pool | {"kernel": 4, "stride": 3, "padding": 1}], _image(rng)),
        case([{"type": "conv", "out_channels": 7, "kernel": 1}], (2, 1, 3)),
    ]


def whole_networks(rng):
    """Convolutions, pools, activations, flattening and linear layers, first to last."""
    relu, flatten = {"type": "relu"}, {"type": "flatten"}
    pool = {"type": "maxpool", "kernel": 2}

    def linear():
        return {"type": "linear", "out_features": between(rng, 10, 40)}

    def odd_after(conv):
        """An image whose map has odd sides, so that a pool of 2 leaves a row and a column out."""
        rows, columns = (2 * side - 1 + conv["kernel"] - 1 for side in two_between(rng, 2, 5))
        return (between(rng, 2, 4), rows, columns)

    first, second = _conv(rng), _conv(rng)

    return [
        case([first, relu, pool, flatten, linear(), relu, linear(), {"type": "softmax"}],
             odd_after(first)),
        case([second, pool, {"type": "dropout"}, flatten, linear()], odd_after(second)),
        case([flatten, linear(), relu, {"type": "dropout", "p": 0.2}, linear()], (3, 5, 4)),
        case([flatten], _image(rng)),
        case([relu, _conv(rng), relu], _image(rng)),
        case([linear(), {"type": "softmax"}], (between(rng, 5, 50),)),
        case([flatten, linear()], (between(rng, 5, 50),)),
        case([_conv(rng, bias=False), flatten, linear() | {"bias": False}], (2, 6, 5)),
        case([], (3, 4, 5)),
    ]  # fmt: skip


def pairs(rng):
    """Different numbers down and across, dilation and groups."""
    rows, columns = two_between(rng, 2, 4)
    wide = {"type": "conv", "out_channels": 6, "kernel": (rows, columns)}
    return [
        case([wide], _image(rng)),
        case([wide | {"stride": (2, 3)}], _image(rng)),
        case([wide | {"padding": (0, 2)}], _image(rng)),
        case([wide | {"stride": (3, 1), "padding": (2, 1)}], _image(rng)),
        case([wide | {"dilation": 2}], _image(rng)),
        case([wide | {"dilation": (1, 3), "stride": 2}], _image(rng)),
        case([wide | {"groups": 2}, wide | {"groups": 3}], (4, *two_between(rng, 15, 25))),
        case([wide | {"groups": 2, "bias": False}, wide | {"groups": 6}], (4, 16, 19)),
        case([{"type": "maxpool", "kernel": (2, 3)}], _image(rng)),
        case([{"type": "avgpool", "kernel": (4, 2), "stride": (1, 3)}], _image(rng)),
        case([{"type": "maxpool", "kernel": (2, 4), "padding": (0, 2)}], _image(rng)),
        case([{"type": "maxpool", "kernel": 3, "dilation": (1, 2)}], _image(rng)),
    ]
