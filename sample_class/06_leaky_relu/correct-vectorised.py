# %% L1_relu
def relu(x):
    return np.maximum(0, x)


def relu_grad(x):
    return np.greater(x, 0).astype(float)

# %% L1_leaky_relu
def leaky_relu(x, a=0.01):
    return np.where(np.greater(x, 0), x, a * np.asarray(x))


def leaky_relu_grad(x, a=0.01):
    return np.where(np.greater(x, 0), 1, a)

# %% L2_dead_units
def dead_units(pre_activations):
    z = np.asarray(pre_activations)
    if z.ndim != 2:
        raise ValueError(f"expected two axes, got {z.ndim}")
    return np.all(z <= 0, axis=0)

# %% L3_train
def train(x, y, W1, b1, W2, b2, a, learning_rate, steps):
    x, y = np.array(x, dtype=float), np.array(y, dtype=float)
    w = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    w = {name: np.array(value, dtype=float) for name, value in w.items()}
    if y.ndim != 2 or len(y) != len(x) or y.shape[1] != w["b2"].size:
        raise ValueError("y does not fit")
    losses = np.empty(steps)
    for i in range(steps):
        z = x @ w["W1"].T + w["b1"]
        h = leaky_relu(z, a)
        e = h @ w["W2"].T + w["b2"] - y
        losses[i] = (e ** 2).mean()
        dp = 2 / y.size * e
        dz = (dp @ w["W2"]) * leaky_relu_grad(z, a)
        gradients = {"W1": dz.T @ x, "b1": dz.sum(0),
                     "W2": dp.T @ h, "b2": dp.sum(0)}
        w = {name: w[name] - learning_rate * gradients[name] for name in w}
    return w, losses

# %% L4_collapse
def collapse(W1, b1, W2, b2):
    W2 = np.asarray(W2)
    return W2 @ np.asarray(W1), W2 @ np.asarray(b1) + b2

# %% [markdown] L5_help_answer
# Under ReLU a unit that is negative everywhere has gradient 0, so its weights
# stay what they are for ever. Leaky ReLU has gradient a there: the error still
# gets through, the weights move, and the unit may come back. Limits: with a
# small a it takes very long (5210 steps for 0.003). With a large a it may not
# happen at all: for a = 0.3 the sleeping unit drew the best straight line, the
# gradient became 0, and it stayed asleep.

# %% [markdown] L5_one_answer
# With a = 1 the activation is x itself, so the layers are matrix products in a
# row, which is a single matrix: W2 W1 x + W2 b1 + b2. Other remedies: smaller
# steps, so that no unit is thrown far below 0; He initialisation with biases
# at 0; batch normalisation, which keeps the pre-activations around 0.
