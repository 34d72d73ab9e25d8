"""A bend to learn, a unit that is asleep at the start, and fresh layers of units.

The arrays are read-only, so that no cell can change what a later cell computes.
"""

import numpy as np


def _fixed(values):
    array = np.array(values, dtype=float)
    array.setflags(write=False)
    return array


X = _fixed(np.linspace(-1, 1, 21)[:, None])  # (21, 1)
Y = _fixed(np.maximum(X - 0.2, 0))  # (21, 1): flat, then rising from 0.2 on

# One hidden unit whose pre-activation x - 1.5 is negative on all of X.
SLEEPER = {
    "W1": _fixed([[1.0]]),
    "b1": _fixed([-1.5]),
    "W2": _fixed([[1.0]]),
    "b2": _fixed([0.0]),
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
