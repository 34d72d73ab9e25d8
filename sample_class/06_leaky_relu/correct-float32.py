# ---
# like: correct-vectorised
# ---
# %% L1_leaky_relu
def leaky_relu(x, a=0.01):
    x = np.array(x, dtype=np.float32)
    x[x < 0] *= a
    return x


def leaky_relu_grad(x, a=0.01):
    slopes = np.ones(np.shape(x), dtype=np.float32)
    slopes[np.asarray(x) <= 0] = a
    return slopes

# %% L3_train
def train(x, y, W1, b1, W2, b2, a, learning_rate, steps):
    x, y, W1, b1, W2, b2 = (np.array(v, dtype=np.float32)
                            for v in (x, y, W1, b1, W2, b2))
    rate = np.float32(learning_rate)
    if y.shape != (len(x), len(b2)):
        raise ValueError(f"{y.shape}")
    losses = []
    for _ in range(steps):
        z = x @ W1.T + b1
        h = leaky_relu(z, a)
        e = h @ W2.T + b2 - y
        losses.append(np.mean(e * e))
        d = e * np.float32(2 / e.size)
        dz = d @ W2 * leaky_relu_grad(z, a)
        W1, b1 = W1 - rate * dz.T @ x, b1 - rate * dz.sum(axis=0)
        W2, b2 = W2 - rate * d.T @ h, b2 - rate * d.sum(axis=0)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, losses
