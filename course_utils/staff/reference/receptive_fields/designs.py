"""Networks as students build them, and the properties that are graded in place of one answer.

A list of layers that reaches a receptive field can look in many ways, so the hidden tests
compare what trusted code finds out about the list, not the list.
"""

import functools
import math

from course_utils.arguments import whole_number
from course_utils.check import case, forbidden
from course_utils.check.plain import to_plain
from course_utils.datasets.receptive_fields import conv, pool
from course_utils.layers import read_layers
from course_utils.staff.reference import output_shapes
from course_utils.staff.reference.receptive_fields.by_hand import receptive_field

IN_CHANNELS, FEWEST_CHANNELS, LARGEST_KERNEL = 3, 8, 5
VGG_CHANNELS = (64, 128, 256, 512, 512)


def vgg_layers(blocks):
    """Return the convolutions and pools of a VGG network (Simonyan and Zisserman, 2015).

    Parameters
    ----------
    blocks : sequence of int, at least 1 each
        Convolutions in every block; VGG16 is (2, 2, 3, 3, 3). A pool ends each block.

    Returns
    -------
    list of dict, without the ReLU after every convolution
    """
    layers = []
    for index, convolutions in enumerate(blocks):
        channels = VGG_CHANNELS[min(index, len(VGG_CHANNELS) - 1)]
        for _ in range(whole_number(convolutions, "blocks", 1)):
            layers.append(conv(3, padding=1, out_channels=channels))
        layers.append(pool(2))
    return layers


def design(target, max_parameters):
    """Return convolutions that reach a receptive field of ``target`` within a budget.

    Kernels of 3 with dilations 1, 2, 4, …, 8 channels each; where these cost too much, one
    kernel of 2 (or 1, for a target of 1) whose dilation does all the work.

    Parameters
    ----------
    target : int, at least 1
        Pixels on a side; the image has 3 channels.
    max_parameters : int

    Returns
    -------
    list of dict

    Raises
    ------
    ValueError
        For a target below 1, or a budget that no network with 8 filters can keep.
    """
    whole_number(target, "target", 1)
    whole_number(max_parameters, "max_parameters", 0)
    depth = max(1, math.ceil(math.log2((target + 1) / 2)))
    pyramid = [conv(3, dilation=2**level, bias=False) for level in range(depth)]
    single = [conv(2, dilation=target - 1, bias=False) if target > 1 else conv(1, bias=False)]
    for layers in (pyramid, single):
        if count_parameters(layers) <= max_parameters:
            return layers
    raise ValueError(
        f"max_parameters is {max_parameters}; a receptive field of {target} with 8 filters on "
        f"{IN_CHANNELS} channels takes at least {count_parameters(single)}"
    )


def count_parameters(layers):
    """Return the number of weights and biases of layers on a 3-channel image.

    Raises
    ------
    ValueError
        Where ``groups`` does not divide the channels that reach a layer.
    """
    side = receptive_field(layers)[-1][0]  # the smallest image into which every kernel fits
    return sum(output_shapes.count_parameters(layers, (IN_CHANNELS, side, side)))


def judged(function):
    """Return ``function`` with its design replaced by the properties that are asked for.

    Parameters
    ----------
    function : callable
        ``function(target, max_parameters)`` returns a list of layers.

    Returns
    -------
    callable
        Same arguments; returns a dict from property to "yes" or "no".
    """

    @functools.wraps(function)
    def properties(target, max_parameters):
        layers = _network(function(target, max_parameters))
        if layers is None:
            return None
        convolutions = [layer for layer in layers if layer["type"] == "conv"]
        found = {
            "only convolutions": layers == convolutions,
            "kernels up to 5": all(max(c["kernel"]) <= LARGEST_KERNEL for c in convolutions),
            "8 channels or more": all(c["out_channels"] >= FEWEST_CHANNELS for c in convolutions),
            "reaches the target": receptive_field(layers)[-1][0] >= target,
            "within the budget": count_parameters(layers) <= max_parameters,
        }
        return {name: "yes" if holds else "no" for name, holds in found.items()}

    return properties


def never_overspends(function):
    """Return ``function`` with its design replaced by whether it keeps the budget.

    A ``ValueError`` keeps it too: the budget may be too small for the kind of network that the
    function builds.
    """

    @functools.wraps(function)
    def keeps(target, max_parameters):
        try:
            layers = function(target, max_parameters)
        except ValueError:
            return True
        layers = _network(layers)
        return None if layers is None else count_parameters(layers) <= max_parameters

    return keeps


def measured(function):
    """Return ``function``, which raises ``ValueError`` where it computes a size from numbers alone.

    A measurement looks at gradients: with the student's ``gradient_map`` or with torch. By its
    result it cannot be told from the recursion.
    """

    @functools.wraps(function)
    def looks_at_gradients(layers):
        names, cases = ("torch", "__main__.gradient_map"), [case(layers)]
        if not forbidden.find(function, names, cases):
            raise ValueError("your size is computed: measure it with gradient_map or torch")
        return function(layers)

    return looks_at_gradients


def pool_fields(function):
    """Return ``function`` with its network replaced by what the field is after every pool.

    Parameters
    ----------
    function : callable
        ``function(blocks)`` returns a list of layers. Layers that look at one place only (ReLU,
        dropout) may be in it and do not count.

    Returns
    -------
    callable
        Same arguments; returns the number of convolutions, their paddings and the kinds of pools
        (each once) and the size of the field after every pool, as a dict.
    """

    @functools.wraps(function)
    def fields(blocks):
        layers = _network(function(blocks))
        if layers is None:
            return None
        types = [layer["type"] for layer in layers]
        sizes = [size for size, _ in receptive_field(layers)]
        return {
            "convolutions": types.count("conv"),
            "paddings": sorted({layer["padding"] for layer in layers if layer["type"] == "conv"}),
            "pools": sorted({kind for kind in types if kind.endswith("pool")}),
            "sizes after the pools": [
                size for kind, size in zip(types, sizes, strict=True) if kind.endswith("pool")
            ],
        }

    return fields


def _network(layers):
    """A student's list of layers, complete and as plain data, with at least one layer in it.

    ``None``, of a function without `return`, stays what it is: the check has a word for it.
    """
    if layers is None:
        return None
    layers = read_layers(to_plain(layers))
    if not layers:
        raise ValueError("the network is an empty list; it takes at least one layer")
    return layers
