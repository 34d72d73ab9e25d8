# ---
# like: correct-functional
# ---
# %% I1_window_tokens
def window_tokens(image, length=10):
    if length < 1:
        raise ValueError("no such window")
    line = row_tokens(image).ravel()
    count = line.size // length
    return line[:count * length].reshape(count, length)
