# ---
# like: correct-vectorised
# ---
# %% L3_train
def train(x, y, W1, b1, W2, b2, a, learning_rate, steps):
    x, y, W1, b1, W2, b2 = (np.array(v, dtype=float)
                            for v in (x, y, W1, b1, W2, b2))
    if y.shape != (len(x), len(b2)):
        raise ValueError("y does not fit")
    losses = []
    for _ in range(steps):
        z = x @ W1.T + b1
        h = leaky_relu(z, a)
        e = h @ W2.T + b2 - y
        losses.append((e ** 2).mean())
        d = 2 * e / e.size
        dz = (d @ W2) * relu_grad(z)
        W1, b1 = W1 - learning_rate * dz.T @ x, b1 - learning_rate * dz.sum(0)
        W2, b2 = W2 - learning_rate * d.T @ h, b2 - learning_rate * d.sum(0)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, losses

# %% [markdown] L5_one_answer
# Then it is linear. One can use dropout.
