# ---
# like: correct-loops
# ---
# %% C1_correlate2d
def correlate2d(x, w, stride=1, padding=0):
    x, w = np.array(x, dtype=float), np.array(w, dtype=float)
    if x.ndim != 2 or w.ndim != 2:
        raise ValueError("x and w must have two axes")
    if np.min(stride) < 1 or np.min(padding) < 0:
        raise ValueError("bad stride or padding")
    above, left = padding if np.ndim(padding) else (padding, padding)
    x = np.pad(x, ((above, above), (left, left)))
    rows = x.shape[0] - w.shape[0] + 1
    columns = x.shape[1] - w.shape[1] + 1
    if rows < 1 or columns < 1:
        raise ValueError("the filter does not fit")
    result = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            result[i, j] = (x[i : i + w.shape[0], j : j + w.shape[1]] * w).sum()
    return result
