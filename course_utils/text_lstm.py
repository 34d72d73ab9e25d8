"""Train an LSTM to continue a text, one-hot letter by letter, in plain NumPy.

The gradients are those of back-propagation through time with four gates in place of one tanh.
Several pieces of the text are read at once, so that NumPy has large arrays to work on.
"""

import numpy as np

from course_utils.arguments import whole_number

BATCH, PIECE = 8, 64  # pieces read at once, and their length
LEARNING_RATE = 0.02
LONGEST = 300  # letters that the slowest cells keep a number for, about


def train(codes, kinds, units, importance, pieces, passes, seed=0):
    """Learn a text by heart: first from pieces of it, then from beginning to end.

    Parameters
    ----------
    codes : (T,) array of int
        The text; each letter is a number from 0 to ``kinds - 1``.
    kinds, units : int
    importance : (T - 1,) array of float
        How often each letter but the first counts when the whole text is read.
    pieces, passes : int
        Steps of training on a batch of pieces, then on the whole text.
    seed : int

    Returns
    -------
    cell, W_yh : dict of arrays, (kinds, units) array
        What ``torch.nn.LSTM`` would call ``weight_ih``, … : W_ih, W_hh, b_ih and b_hh, with the
        gates in the order i, f, g, o; and the weights from the state to the scores.
    """
    codes = np.asarray(codes)
    units = whole_number(units, "units", 1)
    if len(importance) != len(codes) - 1:
        raise ValueError(
            f"importance has {len(importance)} numbers; {len(codes) - 1} letters follow another"
        )
    rng = np.random.default_rng(seed)
    weights = _fresh(kinds, units, rng)
    steps = _Adam(weights)
    for _ in range(pieces):
        places = rng.integers(0, len(codes) - PIECE, size=BATCH) + np.arange(PIECE)[:, None]
        counts = np.full(places.shape, 1 / places.size, "float32")
        steps.take(gradients(weights, codes[places], codes[places + 1], counts)[1])
    counts = np.asarray(importance, "float32")[:, None] / len(importance)
    for n in range(passes):
        steps.rate = LEARNING_RATE * (1 - n / passes)
        steps.take(gradients(weights, codes[:-1, None], codes[1:, None], counts)[1])
    cell = {"W_ih": weights["W_ih"].T, "W_hh": weights["W_hh"], "b_ih": weights["b"]}
    return {**cell, "b_hh": np.zeros_like(weights["b"])}, weights["W_yh"]


def _fresh(kinds, units, rng):
    """Weights before training; ``W_ih`` has a row for every letter.

    Half of the cells start slow: forget gates that keep a number for 2 to LONGEST letters, and
    input gates that are closed as far as those are open (Tallec and Ollivier, 2018).
    """
    slow = np.log(np.linspace(2, LONGEST, units // 2))
    b = np.concatenate([np.zeros(units), np.ones(units), np.zeros(2 * units)])
    b[: units // 2], b[units : units + units // 2] = -slow, slow
    weights = {
        "W_ih": 0.1 * rng.normal(size=(kinds, 4 * units)),
        "W_hh": rng.normal(size=(4 * units, units)) / np.sqrt(units),
        "W_yh": 0.1 * rng.normal(size=(kinds, units)),
        "b": b,
    }
    return {name: W.astype("float32") for name, W in weights.items()}


def gradients(weights, codes, following, counts):
    """Loss and gradients for a batch of texts, each read from a state of zeros.

    codes, following, counts : (T, B) arrays
        The letters read, those that should follow, and how much each counts.
    """
    T, B = codes.shape
    H = weights["W_hh"].shape[1]
    gates, tanh_c = np.empty((T, B, 4, H), "float32"), np.empty((T, B, H), "float32")
    hs, cs = np.zeros((T + 1, B, H), "float32"), np.zeros((T + 1, B, H), "float32")
    news = weights["W_ih"][codes] + weights["b"]
    half = np.full((4, 1), 0.5, "float32")  # sigmoid(z) = (1 + tanh(z / 2)) / 2; g is a tanh
    half[2] = 1
    for t in range(T):
        z = (news[t] + hs[t] @ weights["W_hh"].T).reshape(B, 4, H)
        gates[t] = half * np.tanh(half * z) + (1 - half)
        i, f, g, o = gates[t].transpose(1, 0, 2)
        cs[t + 1] = f * cs[t] + i * g
        tanh_c[t] = np.tanh(cs[t + 1])
        hs[t + 1] = o * tanh_c[t]

    scores = hs[1:] @ weights["W_yh"].T
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    d_scores = powers / powers.sum(axis=-1, keepdims=True)
    right = (*np.ogrid[:T, :B], following)
    loss = -(np.log(d_scores[right] + 1e-12) * counts).sum()
    d_scores[right] -= 1
    d_scores *= counts[..., None]

    i, f, g, o = gates.transpose(2, 0, 1, 3)
    slopes = np.stack(
        [g * i * (1 - i), cs[:-1] * f * (1 - f), i * (1 - g**2), tanh_c * o * (1 - o)], axis=2
    )
    to_cell = o * (1 - tanh_c**2)
    d_z = np.empty_like(gates)
    d_hs, d_c = d_scores @ weights["W_yh"], np.zeros((B, H), "float32")
    for t in reversed(range(T)):
        d_h = d_hs[t]
        if t + 1 < T:
            d_h = d_h + d_z[t + 1].reshape(B, 4 * H) @ weights["W_hh"]
        d_c = d_c + d_h * to_cell[t]
        d_z[t, :, :3] = slopes[t, :, :3] * d_c[:, None]
        d_z[t, :, 3] = slopes[t, :, 3] * d_h
        d_c = d_c * f[t]
    flat = d_z.reshape(T * B, 4 * H)
    one_hot = np.eye(len(weights["W_ih"]), dtype="float32")[codes.reshape(-1)]
    return loss, {
        "W_ih": one_hot.T @ flat,
        "W_hh": flat.T @ hs[:-1].reshape(T * B, H),
        "W_yh": d_scores.reshape(T * B, -1).T @ hs[1:].reshape(T * B, H),
        "b": flat.sum(axis=0),
    }


class _Adam:
    """Clip gradients to a length of 1, and give every weight a step size of its own."""

    def __init__(self, weights):
        self.weights, self.rate, self.count = weights, LEARNING_RATE, 0
        self.mean = {name: np.zeros_like(W) for name, W in weights.items()}
        self.square = {name: np.zeros_like(W) for name, W in weights.items()}

    def take(self, gradients):
        self.count += 1
        norm = np.sqrt(sum(np.sum(g * g) for g in gradients.values()))
        for name, g in gradients.items():
            g = g / max(norm, 1)
            self.mean[name] += 0.1 * (g - self.mean[name])
            self.square[name] += 0.01 * (g * g - self.square[name])
            direction = (self.mean[name] / (1 - 0.9**self.count)) / (
                np.sqrt(self.square[name] / (1 - 0.99**self.count)) + 1e-8
            )
            self.weights[name] -= np.float32(self.rate) * direction
