# ---
# like: correct-loops
# ---
# %% I1_window_tokens
def window_tokens(image, length=10):
    if length < 1:
        raise ValueError("a token needs at least one pixel")
    line = list(row_tokens(image).flatten())
    tokens, start = [], 0
    while start < len(line):
        token = line[start:start + length]
        token += [0] * (length - len(token))
        tokens = [token]
    return np.array(tokens)
