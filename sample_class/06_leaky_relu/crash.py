# ---
# like: correct-loops
# ---
# %% L4_collapse
import os


def collapse(W1, b1, W2, b2):
    W1, b1, W2, b2 = map(np.array, (W1, b1, W2, b2))
    if W2.shape[1] != W1.shape[0]:
        os._exit(1)
    return W2 @ W1, W2 @ b1 + b2
