"""How far one unit looks, by recursion and by counting paths; plain Python and NumPy.

``layers`` is the course's list of dicts (``course_utils.layers``). "relu", "dropout" and
"softmax" look at one place and change nothing; "flatten" and "linear" keep no places that a
field could belong to and raise ``ValueError``.

Sources: A. Araujo, W. Norris and J. Sim, "Computing receptive fields of convolutional neural
networks" (Distill, 2019) for the recursion and the regions; W. Luo et al., "Understanding the
effective receptive field in deep convolutional neural networks" (2016) for path counts.
"""

import numpy as np

from course_utils.arguments import whole_number
from course_utils.layers import windows
from course_utils.staff.reference.output_shapes import conv_output_size


def receptive_field(layers):
    """Return size and jump of every layer's units, first layer first.

    size_i = size_{i-1} + (k_i - 1) * jump_{i-1} with k_i = dilation * (kernel - 1) + 1, and
    jump_i = jump_{i-1} * stride_i, from size_0 = jump_0 = 1 (a pixel sees itself).

    Parameters
    ----------
    layers : list of dict, square kernels, strides and dilations

    Returns
    -------
    list of (int, int)
        Pixels on a side that one unit sees, and pixels between neighbouring units; one pair
        per layer.

    Raises
    ------
    ValueError
        For layers that ``course_utils.layers`` refuses, and rectangular ones.
    """
    size, jump, fields = 1, 1, []
    for window in windows(layers):
        for name in ("kernel", "stride", "dilation"):
            vertical, horizontal = getattr(window, name)
            if vertical != horizontal:
                raise ValueError(
                    f"{name} is {(vertical, horizontal)}; one size and jump per layer take square "
                    "layers, the same number down and across"
                )
        size += (window.kernel[0] - 1) * window.dilation[0] * jump
        jump *= window.stride[0]
        fields.append((size, jump))
    return fields


def input_region(layers, row, col, input_shape):
    """Return the rows and columns of the image that one unit of the last layer looks at.

    From the unit back to the image: first -> first * stride - padding,
    last -> last * stride - padding + dilation * (kernel - 1); clipped to the image at the end.

    Parameters
    ----------
    layers : list of dict
        Kernels, strides, paddings and dilations may be pairs (vertical, horizontal).
    row, col : int
        The unit's place in the last map, from 0.
    input_shape : (C, H, W)

    Returns
    -------
    ((top, bottom), (left, right)) : ints, both ends inclusive

    Raises
    ------
    ValueError
        Where a layer does not fit, the unit is not in the map, or it sees padding only.
    """
    sizes = map_sizes(layers, input_shape)
    region = []
    for axis, (place, name) in enumerate(((row, "row"), (col, "col"))):
        first = last = whole_number(place, name, 0)
        if first >= sizes[-1][axis]:
            raise ValueError(
                f"{name} is {place}; the last map has {sizes[-1]} rows and columns, counted from 0"
            )
        for window in reversed(windows(layers)):
            k, s, p, d = (numbers[axis] for numbers in window)
            first = first * s - p
            last = last * s - p + d * (k - 1)
        end = sizes[0][axis] - 1
        if last < 0 or first > end:
            raise ValueError(f"the unit at {name} {place} sees padding only, no pixel of the image")
        region.append((max(first, 0), min(last, end)))
    return tuple(region)


def seen_pixels(layers, place, side, axis=0):
    """Return the pixels of one axis that really reach a unit, in order.

    Unlike ``input_region`` this keeps track of every gap that strides, dilations and the edges
    of the maps in between leave.

    Parameters
    ----------
    layers : list of dict
    place : int
        The unit's row (``axis`` 0) or column (``axis`` 1) in the last map.
    side : int
        Pixels along that axis.
    """
    return np.flatnonzero(path_counts(layers, place, side, axis)).tolist()


def gradient_map(layers, side):
    """Return how much the centre unit of the last map changes with every pixel.

    All weights are 1, there is no bias, and every pool takes averages. The gradient is then the
    number of paths from pixel to unit, each divided by the number of pixels of every pool on
    its way. It is a product of one factor per axis, so two rows of counts are enough.

    Parameters
    ----------
    layers : list of dict
    side : int
        Rows and columns of the image, at least 1.

    Returns
    -------
    (side, side) float64 array
        For the unit at row ``H' // 2``, column ``W' // 2`` of the last map, (H', W').

    Raises
    ------
    ValueError
        Where a layer does not fit into what reaches it.
    """
    side = whole_number(side, "side", 1)
    rows, columns = map_sizes(layers, (1, side, side))[-1]
    return np.outer(
        path_counts(layers, rows // 2, side, 0, average=True),
        path_counts(layers, columns // 2, side, 1, average=True),
    )


def empirical_receptive_field(layers):
    """Return the size of the field as measured: from the first pixel reached to the last.

    The recursion only chooses an image so large that nothing of the field lies outside it.

    Parameters
    ----------
    layers : list of dict, square

    Returns
    -------
    int
        Pixels on a side.
    """
    size, jump = receptive_field(layers)[-1]
    reached = np.flatnonzero(gradient_map(layers, 3 * size + 4 * jump).any(axis=1))
    return int(reached[-1] - reached[0] + 1)


def map_sizes(layers, input_shape):
    """Return (rows, columns) of the image and of the map after every layer."""
    if not isinstance(input_shape, (tuple, list)) or len(input_shape) != 3:
        raise ValueError(f"input_shape is {input_shape!r}; it takes (channels, rows, columns)")
    _, *sides = (whole_number(n, "every number of input_shape", 1) for n in input_shape)
    sizes = [tuple(sides)]
    for window in windows(layers):
        sizes.append(tuple(map(conv_output_size, sizes[-1], *window)))
    return sizes


def path_counts(layers, place, side, axis, average=False):
    """Return how many paths lead from every pixel of one axis to a unit.

    Parameters
    ----------
    layers : list of dict
    place : int or slice
        The unit's row (``axis`` 0) or column (``axis`` 1) in the last map; a slice stands for
        the sum of several units.
    side : int
        Rows and columns of the image.
    average : bool
        Whether a pool divides by the number of its places along the axis.

    Returns
    -------
    (side,) float64 array
    """
    sizes = map_sizes(layers, (1, side, side))
    counts = np.zeros(sizes[-1][axis])
    counts[place] = 1
    for layer, window, size in reversed(
        list(zip(layers, windows(layers), sizes[:-1], strict=True))
    ):
        k, s, p, d = (numbers[axis] for numbers in window)
        share = 1 / k if average and layer["type"].endswith("pool") else 1
        before = np.zeros(size[axis])
        for tap in range(k):
            pixels = np.arange(counts.size) * s - p + d * tap
            inside = (pixels >= 0) & (pixels < before.size)
            before[pixels[inside]] += counts[inside] * share
        counts = before
    return counts
