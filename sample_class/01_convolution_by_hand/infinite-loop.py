# ---
# like: correct-loops
# ---
# %% C12_pool2d
def pool2d(x, size, stride=None, mode="max"):
    x = np.array(x, dtype=float)
    if mode not in ("max", "average"):
        raise ValueError(f"unknown mode {mode!r}")
    height, width = size if np.ndim(size) else (size, size)
    stride = size if stride is None else stride
    down, right = stride if np.ndim(stride) else (stride, stride)
    rows = []
    top = 0
    while top + height <= x.shape[0]:
        row = []
        left = 0
        while left + width <= x.shape[1]:
            window = x[top : top + height, left : left + width]
            value = window.max() if mode == "max" else window.mean()
        row.append(value)
        left += right
        rows.append(row)
        top += down
    return np.array(rows)
