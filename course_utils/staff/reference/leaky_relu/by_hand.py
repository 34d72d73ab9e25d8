"""Leaky ReLU by hand, in NumPy.

Weights lie as in ``torch.nn.Linear``: a layer of H units on D inputs has a weight (H, D) and a
bias (H,), and its pre-activations for a batch x (N, D) are x Wᵀ + b. All arithmetic is in
float64; every function returns new arrays and leaves its arguments unchanged. Impossible
arguments raise ``ValueError``.

Leaky ReLU: A. L. Maas, A. Y. Hannun and A. Y. Ng, "Rectifier nonlinearities improve neural
network acoustic models" (2013).
"""

import numpy as np

from course_utils.arguments import numeric_array, whole_number


def _numbers(value, name):
    """Return ``value`` as a float64 array of whatever shape it has."""
    try:
        rank = np.ndim(value)
    except ValueError:  # ragged: the error of numeric_array says so
        rank = 1
    return numeric_array(value, name, rank)


def _number(value, name):
    return float(numeric_array(value, name, 0)) if np.ndim(value) == 0 else _refuse(value, name)


def _refuse(value, name):
    raise ValueError(f"{name} has shape {np.shape(value)}; it takes one number")


def relu(x):
    """Return x where x > 0, else 0.

    Parameters
    ----------
    x : number or array of any shape

    Returns
    -------
    float64 array of the same shape
    """
    return leaky_relu(x, 0.0)


def relu_grad(x):
    """Return the derivative of ``relu`` at x: 1 where x > 0, else 0 (also at 0, as torch has it).

    Parameters and result are those of ``relu``.
    """
    return leaky_relu_grad(x, 0.0)


def leaky_relu(x, a=0.01):
    """Return x where x > 0, else a x.

    Parameters
    ----------
    x : number or array of any shape
    a : number
        Slope of the negative side; any, also above 1 or below 0.

    Returns
    -------
    float64 array of the same shape
    """
    x = _numbers(x, "x")
    return np.where(x > 0, x, _number(a, "a") * x)


def leaky_relu_grad(x, a=0.01):
    """Return the derivative of ``leaky_relu`` at x: 1 where x > 0, else a (also at 0, as torch).

    Parameters and result are those of ``leaky_relu``.
    """
    return np.where(_numbers(x, "x") > 0, 1.0, _number(a, "a"))


def dead_units(pre_activations):
    """Tell which units are dead on a whole data set: positive on no sample.

    Parameters
    ----------
    pre_activations : (N, H) array
        One row per sample of the data set, one column per unit.

    Returns
    -------
    (H,) bool array
    """
    return (numeric_array(pre_activations, "pre_activations", 2) <= 0).all(axis=0)


def _layers(W1, b1, W2, b2):
    W1, b1 = numeric_array(W1, "W1", 2), numeric_array(b1, "b1", 1)
    W2, b2 = numeric_array(W2, "W2", 2), numeric_array(b2, "b2", 1)
    for weight, bias, names in ((W1, b1, ("W1", "b1")), (W2, b2, ("W2", "b2"))):
        if bias.size != len(weight):
            raise ValueError(
                f"{names[0]} has shape {weight.shape} and {names[1]} {bias.shape}; "
                "there is one bias for each row"
            )
    if W2.shape[1] != W1.shape[0]:
        raise ValueError(
            f"W1 has shape {W1.shape} and W2 {W2.shape}; W2 takes as many columns as W1 has rows"
        )
    return W1, b1, W2, b2


def train(x, y, W1, b1, W2, b2, a, learning_rate, steps):
    """Train a network with one hidden layer by gradient descent on the whole data set.

    prediction = leaky_relu(x W1ᵀ + b1, a) W2ᵀ + b2; loss = mean of (prediction - y)² over all
    numbers in y. All four weights step at once, along the gradients at the same place.

    Parameters
    ----------
    x : (N, D) array
    y : (N, O) array
    W1, b1, W2, b2 : (H, D), (H,), (O, H), (O,) arrays
        Where to start.
    a : number
        Slope of the negative side; 0 is plain ReLU.
    learning_rate : number
    steps : int, at least 0

    Returns
    -------
    weights : dict
        W1, b1, W2, b2 after the last step.
    losses : (steps,) array
        The loss before each step.
    """
    x, y = numeric_array(x, "x", 2), numeric_array(y, "y", 2)
    W1, b1, W2, b2 = _layers(W1, b1, W2, b2)
    a, learning_rate = _number(a, "a"), _number(learning_rate, "learning_rate")
    if x.shape[1] != W1.shape[1]:
        raise ValueError(f"x has shape {x.shape} and W1 {W1.shape}; their columns are the inputs")
    if y.shape != (len(x), len(b2)):
        raise ValueError(f"y has shape {y.shape}; it takes (samples, outputs) {len(x), len(b2)}")
    losses = np.zeros(whole_number(steps, "steps", 0))
    for step in range(len(losses)):
        z = x @ W1.T + b1
        h = leaky_relu(z, a)
        error = h @ W2.T + b2 - y
        losses[step] = (error**2).mean()
        d_prediction = 2 * error / error.size
        d_z = d_prediction @ W2 * leaky_relu_grad(z, a)
        W2, b2 = (
            W2 - learning_rate * (d_prediction.T @ h),
            b2 - learning_rate * d_prediction.sum(axis=0),
        )
        W1, b1 = W1 - learning_rate * (d_z.T @ x), b1 - learning_rate * d_z.sum(axis=0)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, losses


def collapse(W1, b1, W2, b2):
    """Return the one linear layer that two layers make with nothing but slope 1 in between.

    W2 (W1 x + b1) + b2 = (W2 W1) x + (W2 b1 + b2).

    Parameters
    ----------
    W1, b1, W2, b2 : (H, D), (H,), (O, H), (O,) arrays

    Returns
    -------
    W, b : (O, D) and (O,) float64 arrays
    """
    W1, b1, W2, b2 = _layers(W1, b1, W2, b2)
    return W2 @ W1, W2 @ b1 + b2
