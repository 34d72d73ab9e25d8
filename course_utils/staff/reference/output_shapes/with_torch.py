"""The same functions by building the layers in torch and looking at what comes out.

Single axes go through a real layer. Whole networks live on torch's "meta" device, which has
shapes and no numbers, so that VGG16 costs nothing; it refuses less than a real layer does.
"""

import torch
from torch import nn

from course_utils.layers import read_layers


def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    """As ``by_hand.conv_output_size``; impossible input is torch's ``RuntimeError``."""
    layer = nn.Conv1d(1, 1, kernel, stride, padding, dilation)
    return layer(torch.zeros(1, 1, n)).shape[-1]


def conv_transpose_output_size(n, kernel, stride=1, padding=0, output_padding=0, dilation=1):
    """As ``by_hand.conv_transpose_output_size``."""
    layer = nn.ConvTranspose1d(1, 1, kernel, stride, padding, output_padding, dilation=dilation)
    return layer(torch.zeros(1, 1, n)).shape[-1]


def shape_table(layers, input_shape):
    """As ``by_hand.shape_table``."""
    return _build(layers, input_shape)[0]


def count_parameters(layers, input_shape):
    """As ``by_hand.count_parameters``."""
    modules = _build(layers, input_shape)[1]
    return [sum(weights.numel() for weights in module.parameters()) for module in modules]


def _build(layers, input_shape):
    x = torch.empty(1, *input_shape, device="meta")
    shapes, modules = [tuple(input_shape)], []
    for layer in read_layers(layers):
        module = _module(layer, x.shape[1]).to("meta")
        x = module(x)
        shapes.append(tuple(x.shape[1:]))
        modules.append(module)
    return shapes, modules


def _module(layer, channels):
    options = dict(layer)
    kind = options.pop("type")
    if kind == "conv":
        filters, kernel = options.pop("out_channels"), options.pop("kernel")
        return nn.Conv2d(channels, filters, kernel, **options, device="meta")
    if kind == "maxpool":
        return nn.MaxPool2d(options.pop("kernel"), **options)
    if kind == "avgpool":
        return nn.AvgPool2d(options["kernel"], options["stride"], options["padding"])
    if kind == "linear":
        return nn.Linear(channels, options["out_features"], options["bias"], device="meta")
    return {
        "flatten": nn.Flatten(),
        "relu": nn.ReLU(),
        "softmax": nn.Softmax(dim=1),
        "dropout": nn.Dropout(),
    }[kind]
