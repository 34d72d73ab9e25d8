# ---
# like: correct-loops
# ---
# %% M6_softmax
def softmax(scores):
    powers = np.exp(np.asarray(scores, dtype=float))
    return powers / powers.sum(axis=-1, keepdims=True)
