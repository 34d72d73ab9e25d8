# %% C1_correlate2d
def correlate2d(x, w, stride=1, padding=0):
    x, w = np.asarray(x, float), np.asarray(w, float)
    if x.ndim != 2 or w.ndim != 2:
        raise ValueError("two axes each, please")
    (pv, ph), (sv, sh) = pair(padding, "padding", 0), pair(stride, "stride", 1)
    x = np.pad(x, [(pv, pv), (ph, ph)])
    # raises ValueError by itself when the window is larger than x
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape)[::sv, ::sh]
    return (windows * w).sum((-2, -1))

# %% [markdown] C2_answer
Horizontal edges. The filter computes (sum of upper row) - (sum of lower row),
a vertical difference smoothed over three columns. Its weights sum to zero, so
constant regions and purely horizontal changes give zero. Sign = direction of
the change: + for bright over dark, - for dark over bright.

# %% C3_pencil
pencil_map = correlate2d(PENCIL_IMAGE, PENCIL_FILTER)
pencil_shape = pencil_map.shape

# %% C4_framed
plain, padded = (correlate2d(FRAMED_IMAGE, FRAMED_FILTER, padding=p) for p in (0, 1))
plain_shape, plain_corner = plain.shape, plain[-1, -1]
padded_shape, padded_corner = padded.shape, padded[-1, -1]

# %% C5_upright
upright_map = correlate2d(DIGITS, UPRIGHT)
strongest = np.unravel_index(np.abs(upright_map).argmax(), upright_map.shape)
strongest = tuple(int(i) for i in strongest)

# %% C6_convolve2d
def convolve2d(x, w, stride=1, padding=0):
    return correlate2d(x, np.flip(w), stride, padding)

# %% [markdown] C7_answer
In convolution the kernel is flipped along both axes first; in return it is
commutative and associative. Correlation is the plain sliding dot product.
Since the kernel of a CNN is whatever training makes it, a flip would only
relabel the weights: w learned with one equals np.flip(w) learned with the
other. It matters when weights travel between programs that disagree.

# %% C9_conv2d
def conv2d(x, weight, bias, stride=1, padding=0):
    x, weight, bias = (np.asarray(a, float) for a in (x, weight, bias))
    if (x.ndim, weight.ndim, bias.ndim) != (3, 4, 1):
        raise ValueError("wrong number of axes")
    if weight.shape[:2] != (len(bias), len(x)):
        raise ValueError("weight must be (biases, channels of x, kh, kw)")
    (pv, ph), (sv, sh) = pair(padding, "padding", 0), pair(stride, "stride", 1)
    x = np.pad(x, [(0, 0), (pv, pv), (ph, ph)])
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], (1, 2))
    z = np.tensordot(weight, windows[:, ::sv, ::sh], axes=([1, 2, 3], [0, 3, 4]))
    return z + bias[:, None, None]

# %% C10_same_padding
def same_padding(kernel, dilation=1):
    total = np.multiply(pair(dilation, "dilation", 1), np.subtract(pair(kernel, "kernel", 1), 1))
    before, after = (total // 2).tolist(), ((total + 1) // 2).tolist()
    return tuple(zip(before, after))

# %% C11_pixel_use_counts
def pixel_use_counts(shape, kernel):
    def along(n, k):
        i = np.arange(n)
        return np.minimum.reduce([i + 1, n - i, np.full(n, k), np.full(n, n - k + 1)])

    kernel = pair(kernel, "kernel", 1)
    if any(k > n for k, n in zip(kernel, shape)):
        raise ValueError("kernel too large")
    return np.outer(*(along(n, k) for n, k in zip(shape, kernel)))

# %% C12_pool2d
def pool2d(x, size, stride=None, mode="max"):
    if mode not in ("max", "average"):
        raise ValueError(f"no such mode: {mode}")
    size = pair(size, "size", 1)
    sv, sh = size if stride is None else pair(stride, "stride", 1)
    windows = np.lib.stride_tricks.sliding_window_view(np.asarray(x, float), size)
    windows = windows[::sv, ::sh]
    return windows.max((-2, -1)) if mode == "max" else windows.mean((-2, -1))

# %% C13_conv_transpose2d
def conv_transpose2d(x, w, stride=1, padding=0):
    x, w = np.asarray(x, float), np.asarray(w, float)
    (sv, sh), (pv, ph) = pair(stride, "stride", 1), pair(padding, "padding", 0)
    (H, W), (kh, kw) = x.shape, w.shape
    z = np.zeros(((H - 1) * sv + kh, (W - 1) * sh + kw))
    for a, b in np.ndindex(kh, kw):  # one weight, all inputs at once
        z[a:a + (H - 1) * sv + 1:sv, b:b + (W - 1) * sh + 1:sh] += w[a, b] * x
    z = z[pv:z.shape[0] - pv, ph:z.shape[1] - ph]
    if 0 in z.shape:
        raise ValueError("padding removes everything")
    return z

# %% C13_insert_zeros
def insert_zeros(x, stride):
    sv, sh = pair(stride, "stride", 1)
    grid = np.zeros((sv, sh))
    grid[0, 0] = 1
    return np.kron(x, grid)[:-sv + 1 or None, :-sh + 1 or None]

# %% C13_dilate
def dilate(w, dilation):
    dv, dh = pair(dilation, "dilation", 1)
    w = np.asarray(w)
    rows = np.eye((len(w) - 1) * dv + 1)[::dv]
    columns = np.eye((w.shape[1] - 1) * dh + 1)[::dh]
    return rows.T @ w @ columns

# %% C14_conv_layer
def conv_layer(x, weight, bias, activation="relu"):
    try:
        function = {
            "relu": lambda t: t.clip(min=0),
            "sigmoid": lambda t: 0.5 + 0.5 * np.tanh(t / 2),
            "tanh": np.tanh,
            "identity": lambda t: t,
        }[activation]
    except KeyError:
        raise ValueError(f"unknown activation: {activation}") from None
    return function(conv2d(x, weight, bias))

# %% C17_shift_error
def shift_error(x, w, rows, cols):
    def shift(a):
        moved = np.roll(a, (rows, cols), axis=(0, 1))
        moved[:max(rows, 0)] = 0
        moved[max(len(moved) + min(rows, 0), 0):] = 0
        moved[:, :max(cols, 0)] = 0
        moved[:, max(moved.shape[1] + min(cols, 0), 0):] = 0
        return moved

    return np.abs(correlate2d(shift(x), w) - shift(correlate2d(x, w)))

# %% C17_filter_gradients
def filter_gradients(x, weights, target):
    weights = np.asarray(weights, float)
    windows = np.lib.stride_tricks.sliding_window_view(np.asarray(x, float), weights.shape[1:])
    z = np.einsum("ijab,oab->oij", windows, weights)
    error = z.clip(min=0).sum(0) - target
    return np.einsum("oij,ijab->oab", error * (z > 0), windows)

# %% [markdown] C16_filters_answer
A filter is a (channels, kh, kw) block of weights shared by all positions; its
map is large wherever the window correlates with it. The weights are
parameters: initialised at random, then fitted by back-propagation. Chosen
before training: number of filters (channels of the output), kernel size
(how local), stride (resolution of the output), padding (size and treatment of
the border), dilation (span without more weights), activation (non-linearity).

# %% [markdown] C16_pooling_answer
Down-sampling: a 2x2 pool leaves a quarter of the numbers, so everything after
it is cheaper and sees four times the area per unit. It also gives invariance
to shifts by a pixel or so. There is nothing to train in it. A strided
convolution also down-samples, but with trained weights instead of a fixed
maximum; that costs parameters and saves one layer.

# %% [markdown] C16_dense_answer
Parameters: 9 shared weights per channel pair instead of one per pixel pair,
hence less over-fitting. Equivariance: a shifted object gives a shifted map,
so nothing has to be learned twice. Features: the hierarchy from edges to
objects is learned end to end instead of being engineered.
