"""The same functions through torch's own recurrent layers and automatic differentiation.

Arguments and results are NumPy's, as in ``course_utils.staff.reference.rnn_taxonomy.by_hand``.
"""

import numpy as np
import torch

from course_utils.arguments import numeric_array


def _tensor(value, name, rank):
    return torch.from_numpy(numeric_array(value, name, rank))


def _layer(kind, weights, hidden_size):
    """A torch layer with the given weights, in order, in float64."""
    layer = kind(weights[0].shape[1], hidden_size).double()
    with torch.no_grad():
        for parameter, values in zip(layer.parameters(), weights, strict=True):
            parameter.copy_(values)
    return layer


def rnn_cell(x, h, W_hx, W_hh):
    """As ``by_hand.rnn_cell``, by ``torch.nn.RNNCell`` with biases of 0."""
    h = _tensor(h, "h", 1)
    zeros = torch.zeros_like(h)
    weights = _tensor(W_hx, "W_hx", 2), _tensor(W_hh, "W_hh", 2), zeros, zeros
    cell = _layer(torch.nn.RNNCell, weights, len(h))
    return cell(_tensor(x, "x", 1), h).detach().numpy()


def rnn_forward(xs, h0, W_hx, W_hh, W_yh):
    """As ``by_hand.rnn_forward``, by ``torch.nn.RNN`` and ``torch.softmax``."""
    h0 = _tensor(h0, "h0", 1)
    zeros = torch.zeros_like(h0)
    weights = _tensor(W_hx, "W_hx", 2), _tensor(W_hh, "W_hh", 2), zeros, zeros
    hs, _ = _layer(torch.nn.RNN, weights, len(h0))(_tensor(xs, "xs", 2), h0[None])
    ys = torch.softmax(hs @ _tensor(W_yh, "W_yh", 2).T, dim=-1)
    return hs.detach().numpy(), ys.detach().numpy()


def bptt(xs, h0, targets, W_hx, W_hh, W_yh):
    """As ``by_hand.bptt``, by automatic differentiation."""
    weights = {
        name: _tensor(value, name, 2).requires_grad_()
        for name, value in (("W_hx", W_hx), ("W_hh", W_hh), ("W_yh", W_yh))
    }
    h, loss = _tensor(h0, "h0", 1), 0.0
    for x, target in zip(_tensor(xs, "xs", 2), _tensor(targets, "targets", 2), strict=True):
        h = torch.tanh(weights["W_hh"] @ h + weights["W_hx"] @ x)
        loss = loss + 0.5 * ((weights["W_yh"] @ h - target) ** 2).sum()
    loss.backward()
    return {name: weight.grad.numpy() for name, weight in weights.items()}


def gradient_norms(W_hh, steps):
    """As ``by_hand.gradient_norms``, by ``torch.linalg.matrix_power``."""
    W = _tensor(W_hh, "W_hh", 2).T
    powers = [torch.linalg.matrix_power(W, k) for k in range(1, steps + 1)]
    return np.array([torch.linalg.matrix_norm(power, 2).item() for power in powers])


def clip_gradients(gradients, max_norm):
    """As ``by_hand.clip_gradients``, by ``torch.nn.utils.clip_grad_norm_``."""
    parameters = {}
    for name, value in gradients.items():
        gradient = _tensor(value, name, np.ndim(value))
        parameters[name] = torch.zeros_like(gradient, requires_grad=True)
        parameters[name].grad = gradient
    torch.nn.utils.clip_grad_norm_(parameters.values(), max_norm)
    return {name: parameter.grad.numpy() for name, parameter in parameters.items()}


def lstm_cell(x, h, c, W_ih, W_hh, b_ih, b_hh):
    """As ``by_hand.lstm_cell``, by ``torch.nn.LSTM`` on a sequence of one step."""
    h, c = _tensor(h, "h", 1), _tensor(c, "c", 1)
    weights = (
        _tensor(W_ih, "W_ih", 2),
        _tensor(W_hh, "W_hh", 2),
        _tensor(b_ih, "b_ih", 1),
        _tensor(b_hh, "b_hh", 1),
    )
    layer = _layer(torch.nn.LSTM, weights, len(h))
    _, (h, c) = layer(_tensor(x, "x", 1)[None], (h[None], c[None]))
    return h[0].detach().numpy(), c[0].detach().numpy()


def _learned_numbers(layer):
    return sum(parameter.numel() for parameter in layer.parameters())


def rnn_parameters(input_size, hidden_size):
    """As ``by_hand.rnn_parameters``, by counting what ``torch.nn.RNN`` holds."""
    return _learned_numbers(torch.nn.RNN(input_size, hidden_size))


def lstm_parameters(input_size, hidden_size):
    """As ``by_hand.lstm_parameters``, by counting what ``torch.nn.LSTM`` holds."""
    return _learned_numbers(torch.nn.LSTM(input_size, hidden_size))
