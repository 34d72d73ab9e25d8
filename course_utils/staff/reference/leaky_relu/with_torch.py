"""The same functions through torch: its own activations, gradients and optimiser.

Arguments and results are those of ``course_utils.staff.reference.leaky_relu.by_hand``, in float64.
"""

import numpy as np
import torch
from torch.nn import functional


def _tensor(value):
    return torch.tensor(np.asarray(value), dtype=torch.float64)


def _gradient(function, x):
    x = _tensor(x).requires_grad_()
    function(x).sum().backward()
    return x.grad.numpy()


def relu(x):
    """As ``by_hand.relu``."""
    return functional.relu(_tensor(x)).numpy()


def relu_grad(x):
    """As ``by_hand.relu_grad``, by automatic differentiation."""
    return _gradient(functional.relu, x)


def leaky_relu(x, a=0.01):
    """As ``by_hand.leaky_relu``."""
    return functional.leaky_relu(_tensor(x), a).numpy()


def leaky_relu_grad(x, a=0.01):
    """As ``by_hand.leaky_relu_grad``, by automatic differentiation."""
    return _gradient(lambda x: functional.leaky_relu(x, a), x)


def train(x, y, W1, b1, W2, b2, a, learning_rate, steps):
    """As ``by_hand.train``, with ``torch.nn.Linear`` and ``torch.optim.SGD``."""
    x, y = _tensor(x), _tensor(y)
    weights = [_tensor(value) for value in (W1, b1, W2, b2)]
    hidden = torch.nn.Linear(*weights[0].shape[::-1], dtype=torch.float64)
    output = torch.nn.Linear(*weights[2].shape[::-1], dtype=torch.float64)
    model = torch.nn.Sequential(hidden, torch.nn.LeakyReLU(a), output)
    with torch.no_grad():
        for parameter, start in zip(model.parameters(), weights, strict=True):
            parameter.copy_(start)
    optimiser = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for _ in range(steps):
        optimiser.zero_grad()
        loss = functional.mse_loss(model(x), y)
        losses.append(loss.item())
        loss.backward()
        optimiser.step()
    ends = (parameter.detach().numpy() for parameter in model.parameters())
    return dict(zip(("W1", "b1", "W2", "b2"), ends, strict=True)), np.array(losses)
