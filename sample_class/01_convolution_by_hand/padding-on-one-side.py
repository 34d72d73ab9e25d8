# ---
# like: correct-loops
# ---
# %% C1_correlate2d
def correlate2d(x, w, stride=1, padding=0):
    x, w = np.array(x, dtype=float), np.array(w, dtype=float)
    if x.ndim != 2 or w.ndim != 2:
        raise ValueError("x and w must have two axes")
    s = stride if np.ndim(stride) else (stride, stride)
    p = padding if np.ndim(padding) else (padding, padding)
    if min(s) < 1 or min(p) < 0:
        raise ValueError("bad stride or padding")
    padded = np.zeros((x.shape[0] + p[0], x.shape[1] + p[1]))
    padded[: x.shape[0], : x.shape[1]] = x
    rows = (padded.shape[0] - w.shape[0]) // s[0] + 1
    columns = (padded.shape[1] - w.shape[1]) // s[1] + 1
    if rows < 1 or columns < 1:
        raise ValueError("the filter does not fit")
    result = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            top, left = i * s[0], j * s[1]
            result[i, j] = np.sum(padded[top : top + w.shape[0], left : left + w.shape[1]] * w)
    return result
