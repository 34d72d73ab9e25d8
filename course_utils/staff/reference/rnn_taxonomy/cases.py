"""Inputs on which hidden tests compare a student's recurrent networks with the reference.

Every function takes a NumPy generator and returns a list of ``Case``. Features, state and
outputs differ in number, first states are never zero, and a sequence of a single step is always
among the cases. Weights are small enough for tanh to stay off its flat ends, so that no mistake
hides there.
"""

import numpy as np

from course_utils.check import case

# What a task "by hand" may not call.
LIBRARIES = ("jax", "scipy", "sklearn", "tensorflow", "torch")
SIZES = ((3, 4, 2), (2, 5, 3), (5, 3, 4), (1, 2, 6))  # features, state, outputs


def _numbers(rng, *shape):
    return rng.normal(size=shape).round(2)


def _weights(rng, features, size, outputs):
    """W_hx, W_hh and W_yh as keywords."""
    return {
        "W_hx": _numbers(rng, size, features) * 0.6,
        "W_hh": _numbers(rng, size, size) * 0.5,
        "W_yh": _numbers(rng, outputs, size),
    }


def _first_state(rng, size):
    """A state whose every number is clearly not zero, so that forgetting it shows."""
    return rng.choice([-1.0, 1.0], size) * rng.uniform(0.3, 0.9, size).round(2)


def rnn_cell(rng):
    """Single steps of several sizes; also without input and from a state of zeros."""
    cases = []
    for features, size, _ in SIZES:
        weights = _weights(rng, features, size, 1)
        x, h = _numbers(rng, features), _first_state(rng, size)
        cases.append(case(x, h, weights["W_hx"], weights["W_hh"]))
    x, h, W_hx, W_hh = cases[0].args
    return [*cases, case(0 * x, h, W_hx, W_hh), case(x, 0 * h, W_hx, W_hh)]


def _sequences(rng):
    for (features, size, outputs), steps in zip(SIZES, (4, 6, 1, 3), strict=True):
        xs, h0 = _numbers(rng, steps, features), _first_state(rng, size)
        yield xs, h0, _weights(rng, features, size, outputs)


def rnn_forward(rng):
    """Sequences of one to six steps, and scores so high that softmax overflows unless shifted."""
    cases = [case(xs, h0, **weights) for xs, h0, weights in _sequences(rng)]
    xs, h0, weights = next(_sequences(rng))
    signs = np.sign(weights["W_yh"])
    loud, louder = 3000 * signs, 3000 * np.stack([signs[0], 2 * signs[0]])  # all high, or all low
    return cases + [case(xs, h0, **weights | {"W_yh": W_yh}) for W_yh in (loud, louder)]


def many_to_one(rng):
    """Sequences of one to six steps."""
    return [case(xs, h0, **weights) for xs, h0, weights in _sequences(rng)]


def many_to_many(rng):
    """Sequences of one to six steps."""
    return many_to_one(rng)


def one_to_many(rng):
    """One to seven outputs."""
    return [
        case(xs[0], h0, steps, **weights)
        for (xs, h0, weights), steps in zip(_sequences(rng), (3, 5, 1, 7), strict=True)
    ]


def encoder_decoder(rng):
    """Outputs shorter than, as long as and longer than the input; decoders of other widths."""
    cases = []
    for (features, size, outputs), length, steps, other in zip(
        SIZES, (4, 5, 1, 3), (2, 5, 4, 1), (0, 0, 2, 1), strict=True
    ):
        encoder = _weights(rng, features, size, outputs)
        del encoder["W_yh"]
        decoder = _weights(rng, features + other, size, outputs)
        xs, h0 = _numbers(rng, length, features), _first_state(rng, size)
        cases.append(case(xs, h0, steps, encoder, decoder))
    return cases


def bptt(rng):
    """Sequences of one to six steps, with targets of either sign."""
    return [
        case(xs, h0, _numbers(rng, len(xs), len(weights["W_yh"])), **weights)
        for xs, h0, weights in _sequences(rng)
    ]


def bptt_one_step(rng):
    """Sequences of a single step, in which no gradient comes from later."""
    cases = []
    for features, size, outputs in SIZES:
        xs, targets = _numbers(rng, 1, features), _numbers(rng, 1, outputs)
        weights = _weights(rng, features, size, outputs)
        cases.append(case(xs, _first_state(rng, size), targets, **weights))
    return cases


def gradient_norms(rng):
    """Matrices that are not symmetric, with gradients that grow and that shrink."""
    cases = []
    for size, radius, steps in ((3, 0.9, 8), (5, 1.2, 6), (4, 1.0, 10), (2, 0.8, 1)):
        W = rng.normal(size=(size, size))
        W[0, -1] += 2.0  # lopsided: its norm and its eigenvalues tell different stories
        cases.append(case(W * radius / np.abs(np.linalg.eigvals(W)).max(), steps))
    return [*cases, case([[0.0, 3.0], [0.0, 0.0]], 3), case([[0.7]], 4)]


def clip_gradients(rng):
    """Gradients too long, short enough, exactly long enough and zero; one and several arrays."""
    gradients = {"W_hx": _numbers(rng, 4, 3), "W_hh": _numbers(rng, 4, 4), "b": _numbers(rng, 4)}
    length = float(np.sqrt(sum((g**2).sum() for g in gradients.values())))
    zeros = {name: 0 * g for name, g in gradients.items()}
    return [
        case(gradients, round(length / 3, 2)),
        case(gradients, round(length * 0.8, 2)),
        case(gradients, round(length * 2, 2)),
        case(gradients, round(length * 1.3, 2)),
        case(gradients, length),
        case({"W": 10 * gradients["W_hh"]}, 1.0),
        case({"v": np.array([3.0, -4.0]), "u": np.array([12.0])}, 6.5),
        case({"v": np.array([3.0, -4.0])}, 7.0),
        case(zeros, 0.5),
    ]


def lstm_cell(rng):
    """Single steps of several sizes; also from cells and states of zeros."""
    cases = []
    for features, size, _ in SIZES:
        x, h = _numbers(rng, features), _first_state(rng, size)
        weights = _numbers(rng, 4 * size, features) * 0.6, _numbers(rng, 4 * size, size) * 0.5
        biases = _numbers(rng, 4 * size), _numbers(rng, 4 * size)
        cases.append(case(x, h, 2 * _first_state(rng, size), *weights, *biases))
    x, h, c, *rest = cases[1].args
    return [*cases, case(x, 0 * h, 0 * c, *rest), case(0 * x, h, c, *rest)]


def rnn_parameters(rng):
    """Sizes of which neither divides the other, and 1."""
    pairs = rng.permutation(np.arange(2, 60))[:8].reshape(4, 2).tolist()
    return [case(*pair) for pair in pairs] + [case(1, 7), case(9, 1), case(10, 20)]


def lstm_parameters(rng):
    """As ``rnn_parameters``."""
    return rnn_parameters(rng)
