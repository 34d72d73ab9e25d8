"""A bend to learn, a unit that is asleep at the start, and fresh layers of units."""

import numpy as np

from course_utils.datasets.arrays import read_only

X = read_only(np.linspace(-1, 1, 21)[:, None])  # (21, 1)
Y = read_only(np.maximum(X - 0.2, 0))  # (21, 1): flat, then rising from 0.2 on

# One hidden unit whose pre-activation x - 1.5 is negative on all of X.
SLEEPER = {
    "W1": read_only([[1.0]]),
    "b1": read_only([-1.5]),
    "W2": read_only([[1.0]]),
    "b2": read_only([0.0]),
}


def fresh_layer(inputs, units, seed=0):
    """Draw weights and biases as ``torch.nn.Linear`` does when nobody says otherwise.

    Both are uniform between -1/sqrt(inputs) and 1/sqrt(inputs).

    Parameters
    ----------
    inputs, units : int, at least 1
    seed : int

    Returns
    -------
    (units, inputs) and (units,) float64 arrays
    """
    if inputs < 1 or units < 1:
        raise ValueError(f"inputs is {inputs} and units {units}; both take whole numbers from 1 up")
    rng = np.random.default_rng(seed)
    bound = inputs**-0.5
    return rng.uniform(-bound, bound, (units, inputs)), rng.uniform(-bound, bound, units)
