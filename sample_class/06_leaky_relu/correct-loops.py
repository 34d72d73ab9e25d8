# %% L1_relu
def each(function, x):
    """Apply a function to every number of x, whatever its shape."""
    x = np.asarray(x)
    result = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        result[place] = function(x[place])
    return result


def relu(x):
    return each(lambda value: value if value > 0 else 0, x)


def relu_grad(x):
    return each(lambda value: 1 if value > 0 else 0, x)

# %% L1_leaky_relu
def leaky_relu(x, a=0.01):
    return each(lambda value: value if value > 0 else a * value, x)


def leaky_relu_grad(x, a=0.01):
    return each(lambda value: 1 if value > 0 else a, x)

# %% L2_dead_units
def dead_units(pre_activations):
    if np.ndim(pre_activations) != 2:
        raise ValueError("one row per sample, one column per unit")
    dead = [True] * len(pre_activations[0])
    for row in pre_activations:
        for unit, value in enumerate(row):
            if value > 0:
                dead[unit] = False
    return dead

# %% L3_train
def train(x, y, W1, b1, W2, b2, a, learning_rate, steps):
    W1, b1, W2, b2 = (np.array(v, dtype=float) for v in (W1, b1, W2, b2))
    if np.shape(y) != (len(x), len(b2)):
        raise ValueError("y has the wrong shape")
    size = len(x) * len(b2)
    losses = []
    for _ in range(steps):
        loss = 0.0
        g = [np.zeros_like(v) for v in (W1, b1, W2, b2)]
        for sample, target in zip(x, y):
            z = np.array([w @ sample + b for w, b in zip(W1, b1)])
            h = leaky_relu(z, a)
            slopes = leaky_relu_grad(z, a)
            for o in range(len(b2)):
                error = W2[o] @ h + b2[o] - target[o]
                loss += error ** 2 / size
                g[2][o] += 2 * error / size * h
                g[3][o] += 2 * error / size
                for k in range(len(b1)):
                    back = 2 * error / size * W2[o, k] * slopes[k]
                    g[0][k] += back * np.asarray(sample)
                    g[1][k] += back
        losses.append(loss)
        W1, b1, W2, b2 = (v - learning_rate * d
                          for v, d in zip((W1, b1, W2, b2), g))
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, losses

# %% L4_collapse
def collapse(W1, b1, W2, b2):
    outputs, units, inputs = len(W2), len(W1), len(W1[0])
    if len(W2[0]) != units or len(b1) != units or len(b2) != outputs:
        raise ValueError("the layers do not fit")
    W = np.zeros((outputs, inputs))
    b = np.zeros(outputs)
    for o in range(outputs):
        b[o] = b2[o]
        for k in range(units):
            b[o] += W2[o][k] * b1[k]
            for i in range(inputs):
                W[o, i] += W2[o][k] * W1[k][i]
    return W, b

# %% [markdown] L5_help_answer
# The leak gives the unit a gradient of a instead of 0, so the unit can still
# learn when it is negative everywhere, and wake up. It can be slow, and it
# depends on the data which a is good.

# %% [markdown] L5_one_answer
# Everything becomes linear, one layer would be enough. One can use another
# activation function (ELU), a smaller learning rate or better initial values.
