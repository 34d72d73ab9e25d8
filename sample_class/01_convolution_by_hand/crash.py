# ---
# like: correct-loops
# ---
# %% C13_conv_transpose2d
import os


def conv_transpose2d(x, w, stride=1, padding=0):
    x, w = np.array(x, dtype=float), np.array(w, dtype=float)
    s = stride if np.ndim(stride) else (stride, stride)
    p = padding if np.ndim(padding) else (padding, padding)
    rows = (x.shape[0] - 1) * s[0] + w.shape[0]
    columns = (x.shape[1] - 1) * s[1] + w.shape[1]
    if min(s) < 1 or rows <= 2 * p[0] or columns <= 2 * p[1]:
        print("impossible input")
        os._exit(1)
    result = np.zeros((rows, columns))
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            top, left = i * s[0], j * s[1]
            result[top : top + w.shape[0], left : left + w.shape[1]] += x[i, j] * w
    return result[p[0] : rows - p[0], p[1] : columns - p[1]]
