# %% C1_correlate2d
def unfold(x, kernel, stride=(1, 1), padding=(0, 0)):
    """(H, W) -> (H', W', kh, kw) without copying, like torch's unfold."""
    x = np.ascontiguousarray(np.pad(x, [(p, p) for p in padding]))
    out = [(n - k) // s + 1 for n, k, s in zip(x.shape, kernel, stride)]
    if min(out) < 1:
        raise ValueError(f"kernel {kernel} is larger than the image {x.shape}")
    steps = [step * s for step, s in zip(x.strides, stride)]
    return np.lib.stride_tricks.as_strided(
        x, (*out, *kernel), (*steps, *x.strides), writeable=False
    )

def correlate2d(x, w, stride=1, padding=0):
    x, w = np.asarray(x, dtype=float), np.asarray(w, dtype=float)
    if x.ndim != 2 or w.ndim != 2:
        raise ValueError(f"expected (H, W) and (kh, kw), got {x.shape} and {w.shape}")
    columns = unfold(x, w.shape, pair(stride, "stride", 1), pair(padding, "padding", 0))
    return columns.reshape(*columns.shape[:2], -1) @ w.ravel()

# %% [markdown] C2_answer
It reacts to horizontal edges: it takes the difference of the row above and
the row below. Flat areas give 0.

# %% C3_pencil
pencil_map = np.array([[1.6, 2.59], [1.51, 1.91]])
pencil_shape = 4 - 3 + 1, 4 - 3 + 1

# %% C4_framed
plain_shape, plain_corner = (3, 3), -9 * 1 + 0 * 2 + 3 * -2 + 7 * -1
padded_shape, padded_corner = (5, 5), 7 * 1

# %% C5_upright
upright_map = [
    [-5, -4, 0, 8],
    [-10, -2, 2, 3],
    [0, -2, -4, -7],
    [-3, -2, -3, -16],
]
strongest = [3, 3]

# %% C6_convolve2d
def convolve2d(x, w, stride=1, padding=0):
    w = np.asarray(w)
    if w.ndim != 2:
        raise ValueError(f"expected (kh, kw), got {w.shape}")
    return correlate2d(x, np.rot90(w, 2), stride, padding)

# %% [markdown] C7_answer
Convolution = correlation with the kernel rotated by 180 degrees. Libraries
skip the rotation because the kernel is learned anyway.

# %% C9_conv2d
def conv2d(x, weight, bias, stride=1, padding=0):
    x, weight = np.asarray(x, dtype=float), np.asarray(weight, dtype=float)
    if x.ndim != 3 or weight.ndim != 4:
        raise ValueError(f"expected (C, H, W) and (O, C, kh, kw), got {x.shape}, {weight.shape}")
    filters, depth, *kernel = weight.shape
    if depth != len(x) or filters != len(bias):
        raise ValueError(f"{weight.shape} does not fit {len(x)} channels and {len(bias)} biases")
    stride, padding = pair(stride, "stride", 1), pair(padding, "padding", 0)
    columns = np.stack([unfold(channel, kernel, stride, padding) for channel in x], axis=2)
    rows, cols = columns.shape[:2]
    table = columns.reshape(rows * cols, -1)  # im2col: one row per window
    maps = table @ weight.reshape(filters, -1).T + bias
    return maps.T.reshape(filters, rows, cols)

# %% C10_same_padding
def same_padding(kernel, dilation=1):
    (kh, kw), (dv, dh) = pair(kernel, "kernel", 1), pair(dilation, "dilation", 1)
    top, odd_rows = divmod(dv * (kh - 1), 2)
    left, odd_columns = divmod(dh * (kw - 1), 2)
    return (top, top + odd_rows), (left, left + odd_columns)

# %% C11_pixel_use_counts
def pixel_use_counts(shape, kernel):
    # every window stamps a 1 on each of its pixels: a transposed convolution
    kh, kw = pair(kernel, "kernel", 1)
    H, W = shape
    if kh > H or kw > W:
        raise ValueError(f"a {kh}x{kw} window does not fit into {shape}")
    counts = np.zeros((H, W), dtype=int)
    for a in range(kh):
        for b in range(kw):
            counts[a:H - kh + 1 + a, b:W - kw + 1 + b] += 1
    return counts

# %% C12_pool2d
def pool2d(x, size, stride=None, mode="max"):
    reduce = {"max": np.amax, "average": np.average}.get(mode)
    if reduce is None:
        raise ValueError(f"mode should be max or average, got {mode!r}")
    x = np.asarray(x, dtype=float)
    if x.ndim != 2:
        raise ValueError(f"expected (H, W), got {x.shape}")
    size = pair(size, "size", 1)
    stride = size if stride is None else pair(stride, "stride", 1)
    return reduce(unfold(x, size, stride), axis=(2, 3))

# %% C13_conv_transpose2d
def conv_transpose2d(x, w, stride=1, padding=0):
    # the other way: zeros between the inputs, a frame, the turned filter
    (pv, ph), (kh, kw) = pair(padding, "padding", 0), np.shape(w)
    full = correlate2d(insert_zeros(x, stride), np.rot90(w, 2), padding=(kh - 1, kw - 1))
    H, W = full.shape
    if H <= 2 * pv or W <= 2 * ph:
        raise ValueError(f"padding {padding} leaves nothing of {full.shape}")
    return full[pv:H - pv, ph:W - ph]

# %% C13_insert_zeros
def insert_zeros(x, stride):
    sv, sh = pair(stride, "stride", 1)
    x = np.asarray(x, dtype=float)
    blocks = np.zeros((x.shape[0], sv, x.shape[1], sh))
    blocks[:, 0, :, 0] = x
    spread = blocks.reshape(x.shape[0] * sv, x.shape[1] * sh)
    return spread[:spread.shape[0] - sv + 1, :spread.shape[1] - sh + 1]

# %% C13_dilate
def dilate(w, dilation):
    return insert_zeros(w, dilation)

# %% C14_conv_layer
def conv_layer(x, weight, bias, activation="relu"):
    z = conv2d(x, weight, bias)
    match activation:
        case "relu":
            return z * (z > 0)
        case "sigmoid":
            return 1 / (1 + np.exp(-z))
        case "tanh":
            return np.tanh(z)
        case "identity":
            return z
        case _:
            raise ValueError(f"unknown activation {activation!r}")

# %% C17_shift_error
def shift_error(x, w, rows, cols):
    def shift(a):
        H, W = a.shape
        moved = np.zeros((H, W))
        if abs(rows) >= H or abs(cols) >= W:
            return moved
        moved[max(rows, 0):H + min(rows, 0), max(cols, 0):W + min(cols, 0)] = a[
            max(-rows, 0):H - max(rows, 0), max(-cols, 0):W - max(cols, 0)
        ]
        return moved

    return np.abs(correlate2d(shift(np.asarray(x)), w) - shift(correlate2d(x, w)))

# %% C17_filter_gradients
def filter_gradients(x, weights, target):
    weights = np.asarray(weights, dtype=float)
    columns = unfold(np.asarray(x, dtype=float), weights.shape[1:])
    table = columns.reshape(-1, weights[0].size)
    z = table @ weights.reshape(len(weights), -1).T
    error = np.maximum(z, 0).sum(axis=1) - np.ravel(target)
    gradients = (error[:, None] * (z > 0)).T @ table
    return gradients.reshape(weights.shape)

# %% [markdown] C16_filters_answer
Small learned weight matrix that is slid over the input, weight sharing.
Hyper-parameters: number of filters, kernel size, stride, padding.

# %% [markdown] C16_pooling_answer
Smaller feature maps and less computation. No weights. You can use a
convolution with stride 2 instead.
