"""Output sizes, shapes and parameter counts with integer arithmetic alone.

Shapes are PyTorch's without the batch: (channels, rows, columns), or (features,) once flat.
A network is the list of dicts that ``course_utils.layers`` describes.

Formulas: V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep learning"
(2016), relationships 6, 14 and 15, and the documentation of ``torch.nn.ConvTranspose2d`` for
``output_padding`` and ``dilation``.
"""

import math

from course_utils.arguments import shorten, whole_number
from course_utils.layers import POINTWISE, read_layers


def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    """How many times a window fits along one axis: floor((n + 2p - d(k-1) - 1) / s) + 1.

    Parameters
    ----------
    n : int, at least 1
        Pixels along the axis.
    kernel, stride, dilation : int, at least 1
    padding : int, at least 0
        Zeros at each end.

    Returns
    -------
    int, at least 1

    Raises
    ------
    ValueError
        Where the dilated kernel is larger than the padded axis, or an argument is out of range.
    """
    n, kernel = whole_number(n, "n", 1), whole_number(kernel, "kernel", 1)
    stride, padding = whole_number(stride, "stride", 1), whole_number(padding, "padding", 0)
    span = whole_number(dilation, "dilation", 1) * (kernel - 1) + 1
    if span > n + 2 * padding:
        raise ValueError(
            f"the kernel spans {span} pixels and the padded axis has {n + 2 * padding}; "
            "the kernel must fit inside"
        )
    return (n + 2 * padding - span) // stride + 1


def conv_transpose_output_size(n, kernel, stride=1, padding=0, output_padding=0, dilation=1):
    """Size after a transposed convolution: (n-1)s - 2p + d(k-1) + output_padding + 1.

    Parameters
    ----------
    n, kernel, stride, dilation : int, at least 1
    padding : int, at least 0
        Cut from each end.
    output_padding : int, at least 0
        Added at one end, to choose among the sizes that a strided convolution maps to the same
        ``n``; smaller than the stride or the dilation, as in PyTorch.

    Returns
    -------
    int, at least 1

    Raises
    ------
    ValueError
        Where nothing would be left, or an argument is out of range.
    """
    n, kernel = whole_number(n, "n", 1), whole_number(kernel, "kernel", 1)
    stride, padding = whole_number(stride, "stride", 1), whole_number(padding, "padding", 0)
    dilation = whole_number(dilation, "dilation", 1)
    if whole_number(output_padding, "output_padding", 0) >= max(stride, dilation):
        raise ValueError(
            f"output_padding is {output_padding}; it takes a whole number below the stride "
            f"({stride}) or the dilation ({dilation})"
        )
    size = (n - 1) * stride - 2 * padding + dilation * (kernel - 1) + output_padding + 1
    if size < 1:
        raise ValueError(f"padding {padding} cuts away all pixels; at least one must be left")
    return size


def shape_table(layers, input_shape):
    """The shape of the input and of what leaves every layer.

    Parameters
    ----------
    layers : list of dict
    input_shape : (channels, rows, columns) or (features,), each at least 1

    Returns
    -------
    list of tuples of ints, one longer than ``layers``

    Raises
    ------
    ValueError
        For layers that ``read_layers`` refuses, and where a layer does not fit the shape that
        arrives: a kernel larger than the padded image, groups that do not divide the channels,
        a window on a flat input, a linear layer on an input that is not flat.
    """
    shapes = [_read_shape(input_shape)]
    for index, layer in enumerate(read_layers(layers)):
        shapes.append(_leaving(layer, shapes[-1], f"layers[{index}]"))
    return shapes


def count_parameters(layers, input_shape):
    """Weights and biases of every layer.

    A convolution has out_channels · (channels / groups) · kh · kw weights, a linear layer
    out_features · features; each has one bias per output channel or feature unless ``bias`` is
    False. All other layers have none.

    Parameters and errors are those of ``shape_table``.

    Returns
    -------
    list of int, as long as ``layers``
    """
    shapes = shape_table(layers, input_shape)
    return [
        _parameters(layer, shape)
        for layer, shape in zip(read_layers(layers), shapes[:-1], strict=True)
    ]


def _read_shape(shape):
    if not isinstance(shape, (tuple, list)) or len(shape) not in (1, 3):
        raise ValueError(
            f"input_shape is {shorten(shape)}; it takes (channels, rows, columns) or (features,)"
        )
    return tuple(whole_number(length, "every number of input_shape", 1) for length in shape)


def _leaving(layer, shape, name):
    kind = layer["type"]
    if kind in POINTWISE:
        return shape
    if kind == "flatten":
        return (math.prod(shape),)
    if kind == "linear":
        if len(shape) != 1:
            raise ValueError(f"{name} is linear and gets {shape}; flatten it first")
        return (layer["out_features"],)
    if len(shape) != 3:
        raise ValueError(f"{name} is {kind} and gets {shape}; it takes (channels, rows, columns)")
    sizes = (
        conv_output_size(
            n, *(layer[key][axis] for key in ("kernel", "stride", "padding", "dilation"))
        )
        for axis, n in enumerate(shape[1:])
    )
    if kind != "conv":
        return (shape[0], *sizes)
    if shape[0] % layer["groups"]:
        raise ValueError(
            f"{name} splits {shape[0]} channels into {layer['groups']} groups; "
            "groups must divide the channels"
        )
    return (layer["out_channels"], *sizes)


def _parameters(layer, shape):
    if layer["type"] == "conv":
        outputs = layer["out_channels"]
        weights = outputs * (shape[0] // layer["groups"]) * math.prod(layer["kernel"])
    elif layer["type"] == "linear":
        outputs = layer["out_features"]
        weights = outputs * shape[0]
    else:
        return 0
    return weights + (outputs if layer["bias"] else 0)
