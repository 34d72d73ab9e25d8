"""The measured receptive field, through torch's automatic differentiation.

Arguments and results are those of ``course_utils.staff.reference.receptive_fields.by_hand``.
"""

import numpy as np
import torch
from torch import nn

from course_utils.layers import windows


def network(layers):
    """Return the layers as a torch module with all weights 1, pools taking averages."""
    modules = []
    for layer, (kernel, stride, padding, dilation) in zip(layers, windows(layers), strict=True):
        if layer["type"] == "conv":
            module = nn.Conv2d(1, 1, kernel, stride, padding, dilation, bias=False)
            nn.init.ones_(module.weight)
            modules.append(module)
        elif layer["type"] in ("maxpool", "avgpool"):
            modules.append(nn.AvgPool2d(kernel, stride, padding))
    return nn.Sequential(*modules).double()


def gradient_map(layers, side):
    """As ``by_hand.gradient_map``."""
    image = torch.ones(1, 1, side, side, dtype=torch.double, requires_grad=True)
    output = network(layers)(image)[0, 0]
    rows, columns = output.shape
    (gradient,) = torch.autograd.grad(output[rows // 2, columns // 2], image)
    return gradient[0, 0].numpy()


def seen_region(layers, row, col, input_shape):
    """Return the bounding box of the pixels with a gradient: ((top, bottom), (left, right)).

    ``None`` where no pixel has one.
    """
    image = torch.ones(1, 1, *input_shape[1:], dtype=torch.double, requires_grad=True)
    (gradient,) = torch.autograd.grad(network(layers)(image)[0, 0, row, col], image)
    reached = gradient[0, 0].numpy() > 0
    if not reached.any():
        return None
    rows, columns = (np.flatnonzero(reached.any(axis=axis)) for axis in (1, 0))
    return (int(rows[0]), int(rows[-1])), (int(columns[0]), int(columns[-1]))
