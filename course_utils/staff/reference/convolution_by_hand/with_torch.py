"""The same functions through ``torch.nn.functional``.

Arguments and results are NumPy's, as in ``by_hand``; the checks of the arguments are torch's own,
except that NumPy input is read by ``course_utils.arguments``.
"""

import torch
from torch.nn import functional

from course_utils.arguments import numeric_array, pair


def correlate2d(x, w, stride=1, padding=0):
    """As ``by_hand.correlate2d``; "convolution" in torch is correlation."""
    x = torch.from_numpy(numeric_array(x, "x", 2))
    w = torch.from_numpy(numeric_array(w, "w", 2))
    stride, padding = pair(stride, "stride", 1), pair(padding, "padding", 0)
    return functional.conv2d(x[None, None], w[None, None], None, stride, padding)[0, 0].numpy()


def conv2d(x, weight, bias, stride=1, padding=0):
    """As ``by_hand.conv2d``."""
    x = torch.from_numpy(numeric_array(x, "x", 3))
    weight = torch.from_numpy(numeric_array(weight, "weight", 4))
    bias = torch.from_numpy(numeric_array(bias, "bias", 1))
    stride, padding = pair(stride, "stride", 1), pair(padding, "padding", 0)
    return functional.conv2d(x[None], weight, bias, stride, padding)[0].numpy()


def pool2d(x, size, stride=None, mode="max"):
    """As ``by_hand.pool2d``; ``mode`` "average" is torch's ``avg_pool2d``."""
    x, size = torch.from_numpy(numeric_array(x, "x", 2)), pair(size, "size", 1)
    stride = size if stride is None else pair(stride, "stride", 1)
    pool = {"max": functional.max_pool2d, "average": functional.avg_pool2d}[mode]
    return pool(x[None, None], size, stride)[0, 0].numpy()


def conv_transpose2d(x, w, stride=1, padding=0):
    """As ``by_hand.conv_transpose2d``."""
    x = torch.from_numpy(numeric_array(x, "x", 2))
    w = torch.from_numpy(numeric_array(w, "w", 2))
    stride, padding = pair(stride, "stride", 1), pair(padding, "padding", 0)
    z = functional.conv_transpose2d(x[None, None], w[None, None], None, stride, padding)
    return z[0, 0].numpy()


def filter_gradients(x, weights, target):
    """As ``by_hand.filter_gradients``, by automatic differentiation."""
    x = torch.from_numpy(numeric_array(x, "x", 2))
    weights = torch.from_numpy(numeric_array(weights, "weights", 3)).requires_grad_()
    target = torch.from_numpy(numeric_array(target, "target", 2))
    maps = functional.conv2d(x[None, None], weights[:, None])[0]
    loss = 0.5 * ((maps.relu().sum(0) - target) ** 2).sum()
    loss.backward()
    return weights.grad.numpy()
