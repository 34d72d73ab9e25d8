# ---
# like: correct-vectorised
# ---
# %% L1_leaky_relu
def leaky_relu(x, a=0.01):
    if not isinstance(x, np.ndarray) or x.dtype.kind != "f":
        x = np.array(x, dtype=float)
    x[x <= 0] *= a
    return x


def leaky_relu_grad(x, a=0.01):
    return np.where(np.asarray(x) > 0, 1, a)
