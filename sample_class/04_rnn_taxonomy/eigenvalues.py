# ---
# like: correct-functional
# ---
# %% T6_gradient_norms
def gradient_norms(W_hh, steps):
    if steps < 1:
        raise ValueError("steps")
    radius = np.abs(np.linalg.eigvals(W_hh)).max()
    return radius ** np.arange(1, steps + 1)
# %% [markdown] T7_answer
Clipping, because then gradients can neither vanish nor explode. Dropout, because it
makes the network robust. Smaller learning rates.
