# ---
# like: correct-loops
# ---
# %% I1_patch_tokens
def patch_tokens(image, size, stride=None):
    image = np.array(image, dtype=float)
    if image.ndim != 2 or size < 1 or size > min(image.shape):
        raise ValueError("no such patches")
    down, right = pair(size if stride is None else stride, "stride", 1)
    rows = (image.shape[0] - size) // down + 1
    columns = (image.shape[1] - size) // right + 1
    # np.resize repeats or cuts the pixels until the shape is right
    return np.resize(image, (rows * columns, size * size))
