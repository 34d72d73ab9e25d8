# ---
# like: correct-loops
# ---
# %% L4_collapse
def collapse(W1, b1, W2, b2):
    return np.array(W2) @ np.array(W1), np.array(b2)
