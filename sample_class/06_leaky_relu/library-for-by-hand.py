# ---
# like: correct-vectorised
# ---
# %% L1_leaky_relu
def leaky_relu(x, a=0.01):
    import torch

    x = torch.as_tensor(np.array(x, dtype=float))
    return torch.nn.functional.leaky_relu(x, a).numpy()


def leaky_relu_grad(x, a=0.01):
    return np.where(np.asarray(x) > 0, 1, a)
