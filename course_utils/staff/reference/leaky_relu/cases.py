"""Inputs on which hidden tests compare a student's functions with the reference.

Every function takes a NumPy generator and returns a list of ``Case``. Zeros and integers are
always among the pre-activations; samples, inputs, units and outputs differ in number, except
where two have to be equal for a wrong product to be possible at all.
"""

import numpy as np

from course_utils.check import case
from course_utils.staff.reference.leaky_relu import by_hand

FROM_THE_CORNER = 1e-4
# What may not do the work in a task by hand.
LIBRARIES = ("jax", "keras", "scipy", "sklearn", "tensorflow", "torch")


def _pre_activations(rng):
    """Arrays of several shapes with both signs and zeros, integers among them, and numbers."""
    mixed = rng.normal(size=(4, 3)).round(2)
    mixed[rng.integers(4), rng.integers(3)] = 0.0
    return [
        mixed,
        rng.permutation([-3.5, -0.25, 0.0, 0.5, 2.0, 7.0]),
        rng.permutation([-4, -1, 0, 2, 5]),
        rng.integers(1, 9, (2, 3)) * np.array([[1], [-1]]),
        np.array([-1.5, 0.25, 2.5]),  # np.vectorize takes the dtype of its first result
        -3,
        0.0,
        2.5,
    ]


def relu(rng):
    """Several shapes and dtypes, zeros among them."""
    return [case(x) for x in _pre_activations(rng)]


def relu_grad(rng):
    """As ``relu``."""
    return relu(rng)


def leaky_relu(rng):
    """The default slope and others: none, 1, above 1 and below 0."""
    slopes = (0.3, 0.0, 1.0, 2.5, -1.0)
    return [case(x) for x in _pre_activations(rng)] + [
        case(x, a) for a in slopes for x in _pre_activations(rng)[:4]
    ]


def leaky_relu_grad(rng):
    """As ``leaky_relu``."""
    return leaky_relu(rng)


def _awake_once(rng, samples):
    """Units awake on the first, on the last and on one sample in between, and a dead one."""
    z = -rng.integers(1, 400, (samples, 4)) / 100
    z[[0, -1, rng.integers(samples // 3, 2 * samples // 3)], [0, 1, 2]] = 0.01
    return case(z[:, rng.permutation(4)])


def dead_units(rng):
    """Units that are dead, nearly dead, alive on one sample anywhere, or exactly 0 throughout.

    Few samples and many: a part of a large data set is not the whole.
    """
    cases = []
    for samples, units in ((6, 4), (20, 5), (3, 7)):
        z = -np.abs(rng.normal(size=(samples, units))).round(2) - 0.01
        z[:, 0] *= -1  # always awake
        z[-1, 1] = 0.01  # awake on the last sample only
        z[rng.integers(1, samples), 2] = 0.0  # touches 0, and is dead
        order = rng.permutation(units)
        cases.append(case(z[:, order]))
    barely = -np.ones((8, 4))
    barely[0, 0] = 50.0  # on average far above 0 …
    barely[0, 1] = 0.5  # … and on average below, awake on the first sample …
    barely[7, 2] = 0.5  # … or on the last
    return [
        *cases,
        case(barely),
        *(_awake_once(rng, samples) for samples in (45, 90, 260, 1300)),
        case(np.zeros((2, 3))),
        case(rng.integers(-5, 0, (4, 2))),
        case([[0.5, -1.0]]),
    ]


def _start(rng, samples, inputs, units, outputs):
    """Data and a start with both signs of every pre-activation likely, and none of them 0.

    Not rounded: a pre-activation of 0 up to float noise would fall on either side of the corner.
    """
    return (
        rng.uniform(-1, 1, (samples, inputs)),
        rng.normal(size=(samples, outputs)).round(2),
        rng.choice([-1, 1], (units, inputs)) * rng.uniform(0.4, 1.2, (units, inputs)),
        rng.uniform(-0.4, 0.4, units),
        rng.choice([-1, 1], (outputs, units)) * rng.uniform(0.4, 1.2, (outputs, units)).round(2),
        rng.uniform(-0.5, 0.5, outputs).round(2),
    )


def _nearest_to_the_corner(x, y, W1, b1, W2, b2, a, learning_rate, steps):
    """The smallest size of any pre-activation before any step of a training."""
    weights = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    nearest = np.inf
    for _ in range(steps):
        nearest = min(nearest, np.abs(x @ weights["W1"].T + weights["b1"]).min())
        weights, _ = by_hand.train(x, y, **weights, a=a, learning_rate=learning_rate, steps=1)
    return nearest


def _training(rng, samples, inputs, units, outputs, a, learning_rate, steps):
    """One training in which no pre-activation comes so near to 0 that rounding decides its sign.

    There the gradient jumps from a to 1: sums in another order, or in float32, would part.
    """
    while True:
        start = _start(rng, samples, inputs, units, outputs)
        if _nearest_to_the_corner(*start, a, learning_rate, steps) > FROM_THE_CORNER:
            return case(*start, a=a, learning_rate=learning_rate, steps=steps)


def train_one_step(rng):
    """One step each: several sizes and slopes, one below 0; also no step at all."""
    sizes = ((7, 2, 4, 3), (9, 3, 2, 1), (5, 1, 3, 2))
    return [
        _training(rng, *size, a=a, learning_rate=0.1, steps=1)
        for size in sizes
        for a in (0.0, 0.3, -0.5)
    ] + [case(*_start(rng, 4, 2, 3, 2), a=0.1, learning_rate=0.1, steps=0)]


def train_many_steps(rng):
    """Up to twelve steps, with slopes from 0 to above 1 and learning rates small and larger."""
    return [
        _training(rng, 8, 2, 5, 3, a=0.0, learning_rate=0.1, steps=8),
        _training(rng, 8, 3, 4, 2, a=0.1, learning_rate=0.2, steps=12),
        _training(rng, 6, 1, 3, 2, a=1.0, learning_rate=0.05, steps=6),
        _training(rng, 10, 2, 3, 2, a=1.5, learning_rate=0.05, steps=5),
    ]


def train_asleep(rng):
    """All units dead at the start: with ReLU only the output's bias moves."""
    cases = []
    for a in (0.0, 0.05, 0.3):
        x, y, W1, b1, W2, b2 = _start(rng, 8, 2, 3, 2)
        cases.append(case(x, y, W1, b1 - 3.0, W2, b2, a, 0.1, 10))
    return cases


def collapse(rng):
    """Layers of different sizes; some square, so that wrong products fit as well."""
    sizes = ((2, 4, 3), (3, 5, 1), (1, 2, 4), (3, 4, 3), (4, 3, 3), (2, 3, 3))
    return [
        case(
            rng.normal(size=(units, inputs)).round(2),
            rng.normal(size=units).round(2) + 0.5,
            rng.normal(size=(outputs, units)).round(2),
            rng.normal(size=outputs).round(2) + 0.5,
        )
        for inputs, units, outputs in sizes
    ]
