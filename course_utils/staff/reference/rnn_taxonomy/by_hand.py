"""Recurrent networks by hand: one loop over time, written to be read.

A sequence is a (T, features) array, a state a vector of H numbers. Weights are named after where
they lead and where from: ``W_hx`` is (H, features), ``W_hh`` (H, H), ``W_yh`` (outputs, H). All
arithmetic is in float64; every function returns new arrays and leaves its arguments unchanged.
Impossible arguments raise ``ValueError`` (see ``course_utils.arguments``).

Formulas: J. L. Elman, "Finding structure in time" (1990), for the network; R. Pascanu, T. Mikolov
and Y. Bengio, "On the difficulty of training recurrent neural networks" (2013), for its gradients
and their clipping; S. Hochreiter and J. Schmidhuber (1997) with the forget gate of F. Gers,
J. Schmidhuber and F. Cummins (2000) for the LSTM, in torch's arrangement.
"""

import numbers

import numpy as np

from course_utils.arguments import numeric_array, shorten, whole_number


def softmax(scores):
    """Turn scores into probabilities along the last axis; large scores do not overflow."""
    powers = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def rnn_cell(x, h, W_hx, W_hh):
    """One step of a recurrent network: tanh(W_hh h + W_hx x).

    Parameters
    ----------
    x : (F,) array, this step's input
    h : (H,) array, the state before the step
    W_hx : (H, F) array
    W_hh : (H, H) array

    Returns
    -------
    (H,) float64 array, the state after the step.
    """
    x, h = numeric_array(x, "x", 1), numeric_array(h, "h", 1)
    W_hx, W_hh = _recurrent_weights(W_hx, W_hh, len(x), len(h))
    return np.tanh(W_hh @ h + W_hx @ x)


def rnn_forward(xs, h0, W_hx, W_hh, W_yh):
    """Read a sequence: h_t = tanh(W_hh h_{t-1} + W_hx x_t), y_t = softmax(W_yh h_t).

    Parameters
    ----------
    xs : (T, F) array, T at least 1
    h0 : (H,) array
        The state before the first step; it is not among the results.
    W_hx, W_hh, W_yh : (H, F), (H, H) and (O, H) arrays

    Returns
    -------
    hs, ys : (T, H) and (T, O) float64 arrays
    """
    xs, h = numeric_array(xs, "xs", 2), numeric_array(h0, "h0", 1)
    W_yh = _output_weights(W_yh, len(h))
    hs = []
    for x in xs:
        h = rnn_cell(x, h, W_hx, W_hh)
        hs.append(h)
    hs = np.stack(hs)
    return hs, softmax(hs @ W_yh.T)


def one_to_many(x, h0, steps, W_hx, W_hh, W_yh):
    """One input, a sequence out: x at the first step, zeros at all later ones.

    Parameters
    ----------
    x : (F,) array
    h0 : (H,) array
    steps : int, at least 1
    W_hx, W_hh, W_yh : as for ``rnn_forward``

    Returns
    -------
    (steps, O) float64 array of probabilities
    """
    x = numeric_array(x, "x", 1)
    xs = np.zeros((whole_number(steps, "steps", 1), len(x)))
    xs[0] = x
    return rnn_forward(xs, h0, W_hx, W_hh, W_yh)[1]


def many_to_one(xs, h0, W_hx, W_hh, W_yh):
    """A sequence in, one output: the last one. Returns an (O,) float64 array."""
    return rnn_forward(xs, h0, W_hx, W_hh, W_yh)[1][-1]


def many_to_many(xs, h0, W_hx, W_hh, W_yh):
    """An output for every input. Returns a (T, O) float64 array."""
    return rnn_forward(xs, h0, W_hx, W_hh, W_yh)[1]


def encoder_decoder(xs, h0, steps, encoder, decoder):
    """Read a whole sequence with one network, then write another of any length with a second.

    The decoder starts from the encoder's last state and is given zeros as input, so its first
    output comes after its first step.

    Parameters
    ----------
    xs : (T, F) array
    h0 : (H,) array, the encoder's first state
    steps : int, at least 1; length of the output
    encoder : dict of "W_hx" (H, F) and "W_hh" (H, H)
    decoder : dict of "W_hx" (H, G), "W_hh" (H, H) and "W_yh" (O, H)

    Returns
    -------
    (steps, O) float64 array of probabilities
    """
    encoder = _named(encoder, "encoder", ("W_hx", "W_hh"))
    decoder = _named(decoder, "decoder", ("W_hx", "W_hh", "W_yh"))
    state = numeric_array(h0, "h0", 1)
    for x in numeric_array(xs, "xs", 2):
        state = rnn_cell(x, state, **encoder)
    silence = np.zeros(numeric_array(decoder["W_hx"], "W_hx", 2).shape[1])
    return one_to_many(silence, state, steps, **decoder)


def bptt(xs, h0, targets, W_hx, W_hh, W_yh):
    """Back-propagation through time: gradients of 1/2 sum over t of |W_yh h_t - target_t|^2.

    The outputs are linear here, without softmax. With e_t = W_yh h_t - target_t, and going from
    the last step to the first: delta_t = (W_yh' e_t + W_hh' delta_{t+1}) * (1 - h_t^2). The
    gradient of a shared weight is the sum over all steps: e_t h_t', delta_t x_t' and
    delta_t h_{t-1}'.

    Parameters
    ----------
    xs : (T, F) array
    h0 : (H,) array
    targets : (T, O) array
    W_hx, W_hh, W_yh : as for ``rnn_forward``

    Returns
    -------
    dict of float64 arrays, "W_hx", "W_hh" and "W_yh", each of its weight's shape
    """
    hs, _ = rnn_forward(xs, h0, W_hx, W_hh, W_yh)
    xs, h0 = numeric_array(xs, "xs", 2), numeric_array(h0, "h0", 1)
    targets = numeric_array(targets, "targets", 2)
    W_hh, W_yh = numeric_array(W_hh, "W_hh", 2), numeric_array(W_yh, "W_yh", 2)
    if targets.shape != (len(xs), len(W_yh)):
        raise ValueError(
            f"targets has shape {targets.shape}; {len(xs)} steps with {len(W_yh)} outputs need "
            f"{(len(xs), len(W_yh))}"
        )
    errors = hs @ W_yh.T - targets
    before = np.vstack([h0, hs[:-1]])
    gradients = {
        "W_hx": np.zeros((len(h0), xs.shape[1])),
        "W_hh": np.zeros_like(W_hh),
        "W_yh": np.zeros_like(W_yh),
    }
    from_later = np.zeros(len(h0))
    for t in reversed(range(len(xs))):
        delta = (W_yh.T @ errors[t] + from_later) * (1 - hs[t] ** 2)
        gradients["W_hx"] += np.outer(delta, xs[t])
        gradients["W_hh"] += np.outer(delta, before[t])
        gradients["W_yh"] += np.outer(errors[t], hs[t])
        from_later = W_hh.T @ delta
    return gradients


def gradient_norms(W_hh, steps):
    """How much a gradient can grow on its way back: spectral norms of W_hh' to the power k.

    The factors 1 - h^2 of tanh, all at most 1, are left out: this is the bound without them.

    Parameters
    ----------
    W_hh : (H, H) array
    steps : int, at least 1

    Returns
    -------
    (steps,) float64 array for k = 1 … steps; a spectral norm is the largest singular value.
    """
    W_hh = numeric_array(W_hh, "W_hh", 2)
    _need_shape(W_hh, "W_hh", (len(W_hh), len(W_hh)))
    power = np.eye(len(W_hh))
    norms = []
    for _ in range(whole_number(steps, "steps", 1)):
        power = W_hh.T @ power
        norms.append(np.linalg.norm(power, 2))
    return np.array(norms)


def clip_gradients(gradients, max_norm):
    """Scale all gradients by min(1, max_norm / norm), where norm is that of all of them together.

    Parameters
    ----------
    gradients : dict of arrays of any shape
    max_norm : number greater than 0

    Returns
    -------
    dict of float64 arrays with the same keys and shapes. Gradients of 0 stay 0.
    """
    if not isinstance(gradients, dict) or not gradients:
        raise ValueError(f"gradients is {shorten(gradients)}; it takes a dict of arrays")
    arrays = {
        name: numeric_array(value, f"gradients[{name!r}]", np.ndim(value))
        for name, value in gradients.items()
    }
    is_number = isinstance(max_norm, numbers.Real) and not isinstance(max_norm, bool)
    if not is_number or not 0 < max_norm < np.inf:
        raise ValueError(f"max_norm is {shorten(max_norm)}; it takes a number greater than 0")
    norm = np.sqrt(sum((array**2).sum() for array in arrays.values()))
    scale = 1.0 if norm <= max_norm else max_norm / norm
    return {name: scale * array for name, array in arrays.items()}


def lstm_cell(x, h, c, W_ih, W_hh, b_ih, b_hh):
    """One step of an LSTM, with torch's gate order and two biases.

    W_ih x + b_ih + W_hh h + b_hh is cut into four blocks of H rows: input gate i, forget gate f,
    candidate g and output gate o. With sigma the logistic function,
    c_new = sigma(f) * c + sigma(i) * tanh(g) and h_new = sigma(o) * tanh(c_new).

    Parameters
    ----------
    x : (F,) array
    h, c : (H,) arrays, state and cell before the step
    W_ih, W_hh : (4H, F) and (4H, H) arrays
    b_ih, b_hh : (4H,) arrays

    Returns
    -------
    h, c : (H,) float64 arrays after the step
    """
    x, h, c = numeric_array(x, "x", 1), numeric_array(h, "h", 1), numeric_array(c, "c", 1)
    size = len(h)
    _need_shape(c, "c", (size,))
    parts = [
        numeric_array(W_ih, "W_ih", 2),
        numeric_array(W_hh, "W_hh", 2),
        numeric_array(b_ih, "b_ih", 1),
        numeric_array(b_hh, "b_hh", 1),
    ]
    shapes = ((4 * size, len(x)), (4 * size, size), (4 * size,), (4 * size,))
    for part, name, shape in zip(parts, ("W_ih", "W_hh", "b_ih", "b_hh"), shapes, strict=True):
        _need_shape(part, name, shape)
    W_ih, W_hh, b_ih, b_hh = parts
    i, f, g, o = np.split(W_ih @ x + b_ih + W_hh @ h + b_hh, 4)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def rnn_parameters(input_size, hidden_size):
    """How many numbers torch's RNN layer learns: H*F + H*H weights and two biases of H.

    Parameters
    ----------
    input_size, hidden_size : int, at least 1

    Returns
    -------
    int; the length of the sequence plays no part.
    """
    input_size = whole_number(input_size, "input_size", 1)
    hidden_size = whole_number(hidden_size, "hidden_size", 1)
    return hidden_size * (input_size + hidden_size + 2)


def lstm_parameters(input_size, hidden_size):
    """How many numbers torch's LSTM layer learns: four blocks, each as large as an RNN."""
    return 4 * rnn_parameters(input_size, hidden_size)


def sigmoid(z):
    """The logistic function 1 / (1 + e^-z), written so that it does not overflow."""
    return 0.5 * (1.0 + np.tanh(0.5 * z))


def _recurrent_weights(W_hx, W_hh, features, size):
    W_hx, W_hh = numeric_array(W_hx, "W_hx", 2), numeric_array(W_hh, "W_hh", 2)
    _need_shape(W_hx, "W_hx", (size, features))
    _need_shape(W_hh, "W_hh", (size, size))
    return W_hx, W_hh


def _output_weights(W_yh, size):
    W_yh = numeric_array(W_yh, "W_yh", 2)
    _need_shape(W_yh, "W_yh", (len(W_yh), size))
    return W_yh


def _need_shape(array, name, shape):
    if array.shape != shape:
        raise ValueError(f"{name} has shape {array.shape}; here it must be {shape}")


def _named(weights, name, keys):
    """The entries ``keys`` of a dict of weights; a missing one is a ``ValueError``."""
    if not isinstance(weights, dict):
        raise ValueError(f"{name} is {shorten(weights)}; it takes a dict of {', '.join(keys)}")
    missing = [key for key in keys if key not in weights]
    if missing:
        raise ValueError(f"{name} lacks {', '.join(missing)}; it takes {', '.join(keys)}")
    return {key: weights[key] for key in keys}
