# ---
# like: correct-loops
# ---
# %% C1_correlate2d
def correlate2d(x, w, stride=1, padding=0):
    x, w = np.array(x, dtype=float), np.array(w, dtype=float)
    if x.ndim != 2 or w.ndim != 2:
        raise ValueError("x and w must have two axes")
    down, right = stride if np.ndim(stride) else (stride, stride)
    above, left = padding if np.ndim(padding) else (padding, padding)
    if down < 1 or right < 1 or above < 0 or left < 0:
        raise ValueError("bad stride or padding")
    x = np.pad(x, ((above, above), (left, left)))
    height, width = w.shape
    if height > x.shape[0] or width > x.shape[1]:
        raise ValueError("the filter does not fit")
    rows = (x.shape[0] - height) // down + 1
    columns = (x.shape[1] - width) // right + 1
    flipped = w[::-1, ::-1]  # the lecture said that a convolution flips the kernel
    result = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            window = x[i * down : i * down + height, j * right : j * right + width]
            result[i, j] = np.sum(window * flipped)
    return result
