# ---
# like: correct-vectorised
# submitted: 20 minutes early
# ---
# %% L1_leaky_relu
def leaky_relu(x, a=0.01):
    return np.maximum(x, a * np.asarray(x))


def leaky_relu_grad(x, a=0.01):
    return np.where(np.asarray(x) > 0, 1, a)
