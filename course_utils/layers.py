"""Read the description of a network: a list of dicts, one per layer, first layer first.

    layers = [
        {"type": "conv", "out_channels": 12, "kernel": 17},
        {"type": "maxpool", "kernel": 3},
        {"type": "relu"},
        {"type": "flatten"},
        {"type": "linear", "out_features": 10},
    ]

``read_layers(layers)`` returns the same list with nothing left to guess: every key is there
(missing ones with PyTorch's defaults), ``kernel``, ``stride``, ``padding`` and ``dilation`` are
pairs (vertical, horizontal), and whatever no network could mean has raised ``ValueError``.
``windows(layers)`` returns one ``Window(kernel, stride, padding, dilation)`` of such pairs per
layer, for networks that slide windows from the image to the last layer. ``SPATIAL`` names the
types that slide a window, ``POINTWISE`` those that change no shape and have no weights.

Whether a layer fits the shape that arrives at it is for the caller to see, and so is the size of
what leaves it: that is an exercise, so its answer is not here.

=================  =================================================================
type               keys (with defaults)
=================  =================================================================
conv               out_channels, kernel, stride=1, padding=0, dilation=1, groups=1, bias=True
maxpool            kernel, stride=kernel, padding=0, dilation=1
avgpool            kernel, stride=kernel, padding=0, dilation=1 (no other)
flatten            none
linear             out_features, bias=True
relu, softmax      none
dropout            p=0.5
=================  =================================================================
"""

import numbers
from typing import NamedTuple

from course_utils.arguments import one_of, pair, shorten, whole_number

POOLS = ("maxpool", "avgpool")
SPATIAL = ("conv", *POOLS)
POINTWISE = ("relu", "softmax", "dropout")

REQUIRED = object()
# What each type may hold; a pool's stride of None becomes its kernel.
KEYS = {
    "conv": {
        "out_channels": REQUIRED,
        "kernel": REQUIRED,
        "stride": 1,
        "padding": 0,
        "dilation": 1,
        "groups": 1,
        "bias": True,
    },
    "maxpool": {"kernel": REQUIRED, "stride": None, "padding": 0, "dilation": 1},
    "avgpool": {"kernel": REQUIRED, "stride": None, "padding": 0, "dilation": 1},
    "flatten": {},
    "linear": {"out_features": REQUIRED, "bias": True},
    "relu": {},
    "softmax": {},
    "dropout": {"p": 0.5},
}
SMALLEST = {"kernel": 1, "stride": 1, "padding": 0, "dilation": 1}


class Window(NamedTuple):
    """What a layer slides over its input; four pairs (vertical, horizontal)."""

    kernel: tuple[int, int] = (1, 1)
    stride: tuple[int, int] = (1, 1)
    padding: tuple[int, int] = (0, 0)
    dilation: tuple[int, int] = (1, 1)


def windows(layers):
    """Return the window of every layer; a pointwise layer (ReLU, …) has the 1×1 window.

    Parameters
    ----------
    layers : list or tuple of dict
        Only types in ``SPATIAL`` and ``POINTWISE``.

    Returns
    -------
    list of Window, as long as ``layers``

    Raises
    ------
    ValueError
        As ``read_layers``; also for flatten and linear layers, whose units have no place.
    """
    return [_window(layer, f"layers[{index}]") for index, layer in enumerate(read_layers(layers))]


def _window(layer, name):
    if layer["type"] in POINTWISE:
        return Window()
    if layer["type"] not in SPATIAL:
        raise ValueError(
            f"{name} is a {layer['type']} layer, which slides no window; "
            f"it takes one of {', '.join(SPATIAL + POINTWISE)}"
        )
    return Window(*(layer[key] for key in Window._fields))


def read_layers(layers):
    """Return ``layers`` complete and checked, as a new list of new dicts.

    Parameters
    ----------
    layers : list or tuple of dict
        As in this module's description. An empty list is a network that changes nothing.

    Returns
    -------
    list of dict
        All keys of the type, in a fixed order; reading it again changes nothing. ``kernel``,
        ``stride``, ``padding`` and ``dilation`` are pairs of ints, and every type in ``SPATIAL``
        has all four. ``out_channels``, ``out_features`` and ``groups`` are ints, ``bias`` is a
        bool, ``p`` a float.

    Raises
    ------
    ValueError
        For anything but a list of dicts, an unknown type, an unknown or missing key, a kernel,
        stride or dilation below 1, a negative padding, a pool padded by more than half its
        kernel (PyTorch refuses that too: a window could lie in the padding alone), a dilated
        average pool, and ``out_channels`` that ``groups`` does not divide.
    """
    if not isinstance(layers, (list, tuple)):
        raise ValueError(f"layers is {shorten(layers)}; it takes a list of dicts, one per layer")
    return [_read_layer(layer, f"layers[{index}]") for index, layer in enumerate(layers)]


def _read_layer(layer, name):
    if not isinstance(layer, dict):
        raise ValueError(f"{name} is {shorten(layer)}; it takes a dict with the key 'type'")
    kind = one_of(layer.get("type"), f"{name}['type']", tuple(KEYS))
    keys = KEYS[kind]
    unknown = [key for key in layer if key != "type" and key not in keys]
    if unknown:
        takes = ", ".join(keys) or "no key besides 'type'"
        raise ValueError(f"{name} ({kind}) has the key {unknown[0]!r}; it takes {takes}")
    missing = [key for key, value in keys.items() if value is REQUIRED and key not in layer]
    if missing:
        raise ValueError(f"{name} ({kind}) has no {missing[0]!r}; that key has no default")
    values = keys | layer
    if kind in POOLS and values["stride"] is None:
        values["stride"] = values["kernel"]
    complete = {"type": kind} | {
        key: _read_value(key, values[key], f"{name}[{key!r}]") for key in keys
    }
    if kind in POOLS:
        _check_pool(complete, name)
    if kind == "conv" and complete["out_channels"] % complete["groups"]:
        raise ValueError(
            f"{name} has {complete['out_channels']} out_channels in {complete['groups']} groups; "
            "groups must divide out_channels"
        )
    return complete


def _read_value(key, value, name):
    if key in SMALLEST:
        return pair(value, name, SMALLEST[key])
    if key == "bias":
        if not isinstance(value, bool):
            raise ValueError(f"{name} is {shorten(value)}; it takes True or False")
        return value
    if key == "p":
        is_number = isinstance(value, numbers.Real) and not isinstance(value, bool)
        if not is_number or not 0 <= value <= 1:
            raise ValueError(f"{name} is {shorten(value)}; it takes a number from 0 to 1")
        return float(value)
    return whole_number(value, name, 1)


def _check_pool(pool, name):
    if any(2 * p > k for p, k in zip(pool["padding"], pool["kernel"], strict=True)):
        raise ValueError(
            f"{name}['padding'] is {pool['padding']} for the kernel {pool['kernel']}; "
            "a pool takes at most half its kernel"
        )
    if pool["type"] == "avgpool" and pool["dilation"] != (1, 1):
        raise ValueError(
            f"{name}['dilation'] is {pool['dilation']}; an average pool takes no dilation but 1"
        )
