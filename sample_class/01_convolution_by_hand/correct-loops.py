# %% C1_correlate2d
def correlate2d(x, w, stride=1, padding=0):
    sv, sh = pair(stride, "stride", 1)
    pv, ph = pair(padding, "padding", 0)
    if np.ndim(x) != 2 or np.ndim(w) != 2:
        raise ValueError("x and w must both have rows and columns")
    H, W = np.shape(x)
    kh, kw = np.shape(w)
    if kh > H + 2 * pv or kw > W + 2 * ph:
        raise ValueError("the filter does not fit")
    z = np.zeros(((H + 2 * pv - kh) // sv + 1, (W + 2 * ph - kw) // sh + 1))
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            for a in range(kh):
                for b in range(kw):
                    # where this weight lies in the image without its frame
                    r, c = i * sv + a - pv, j * sh + b - ph
                    if 0 <= r < H and 0 <= c < W:
                        z[i, j] += x[r][c] * w[a][b]
    return z

# %% [markdown] C2_answer
It finds horizontal edges. The filter adds up the row above a pixel and
subtracts the row below it, the row of the pixel itself counts zero. If the
image does not change from top to bottom the two cancel and the answer is
about 0, also for vertical edges. Positive: bright above, dark below.
Negative: dark above, bright below.

# %% C3_pencil
pencil_map = [[1.60, 2.59], [1.51, 1.91]]
pencil_shape = (2, 2)

# %% C4_framed
plain_shape = (3, 3)
plain_corner = -22
padded_shape = (5, 5)
padded_corner = 7

# %% C5_upright
upright_map = np.array([[-5, -4, 0, 8], [-10, -2, 2, 3], [0, -2, -4, -7], [-3, -2, -3, -16]])
strongest = (3, 3)

# %% C6_convolve2d
def convolve2d(x, w, stride=1, padding=0):
    if np.ndim(w) != 2:
        raise ValueError("w must have rows and columns")
    kh, kw = np.shape(w)
    turned = np.zeros((kh, kw))
    for a in range(kh):
        for b in range(kw):
            turned[kh - 1 - a, kw - 1 - b] = w[a][b]
    return correlate2d(x, turned, stride, padding)

# %% [markdown] C7_answer
Convolution rotates the filter by 180 degrees before sliding it, correlation
does not. The filters of a CNN are learned, so a network that correlates just
learns the rotated filter, and nothing is lost. If I copied a filter from a
book about signal processing into `Conv2d`, I would have to flip it myself.

# %% C9_conv2d
def conv2d(x, weight, bias, stride=1, padding=0):
    if np.ndim(x) != 3 or np.ndim(weight) != 4:
        raise ValueError("x needs three axes and weight four")
    if len(weight[0]) != len(x):
        raise ValueError("every filter needs as many channels as x")
    if len(bias) != len(weight):
        raise ValueError("one bias per filter")
    maps = []
    for o in range(len(weight)):
        z = correlate2d(x[0], weight[o][0], stride, padding)
        for c in range(1, len(x)):
            z = z + correlate2d(x[c], weight[o][c], stride, padding)
        maps.append(z + bias[o])
    return np.array(maps)

# %% C10_same_padding
def same_padding(kernel, dilation=1):
    result = []
    for k, d in zip(pair(kernel, "kernel", 1), pair(dilation, "dilation", 1)):
        total = d * (k - 1)
        before = total // 2
        result.append((before, total - before))
    return tuple(result)

# %% C11_pixel_use_counts
def pixel_use_counts(shape, kernel):
    H, W = shape
    kh, kw = pair(kernel, "kernel", 1)
    if kh > H or kw > W:
        raise ValueError("the kernel does not fit")
    counts = np.zeros((H, W), dtype=int)
    for i in range(H - kh + 1):
        for j in range(W - kw + 1):
            for a in range(kh):
                for b in range(kw):
                    counts[i + a, j + b] += 1
    return counts

# %% C12_pool2d
def pool2d(x, size, stride=None, mode="max"):
    kh, kw = pair(size, "size", 1)
    sv, sh = (kh, kw) if stride is None else pair(stride, "stride", 1)
    if np.ndim(x) != 2 or kh > len(x) or kw > len(x[0]):
        raise ValueError("the window does not fit")
    if mode not in ("max", "average"):
        raise ValueError("mode must be max or average")
    rows = []
    for top in range(0, len(x) - kh + 1, sv):
        row = []
        for left in range(0, len(x[0]) - kw + 1, sh):
            block = [x[top + a][left + b] for a in range(kh) for b in range(kw)]
            row.append(max(block) if mode == "max" else sum(block) / len(block))
        rows.append(row)
    return np.array(rows)

# %% C13_conv_transpose2d
def conv_transpose2d(x, w, stride=1, padding=0):
    sv, sh = pair(stride, "stride", 1)
    pv, ph = pair(padding, "padding", 0)
    H, W = np.shape(x)
    kh, kw = np.shape(w)
    sheet = np.zeros(((H - 1) * sv + kh, (W - 1) * sh + kw))
    for i in range(H):
        for j in range(W):
            for a in range(kh):
                for b in range(kw):
                    sheet[i * sv + a, j * sh + b] += x[i][j] * w[a][b]
    if 2 * pv >= sheet.shape[0] or 2 * ph >= sheet.shape[1]:
        raise ValueError("nothing is left after cutting")
    return sheet[pv:sheet.shape[0] - pv, ph:sheet.shape[1] - ph]

# %% C13_insert_zeros
def insert_zeros(x, stride):
    sv, sh = pair(stride, "stride", 1)
    H, W = np.shape(x)
    result = np.zeros(((H - 1) * sv + 1, (W - 1) * sh + 1))
    for i in range(H):
        for j in range(W):
            result[i * sv, j * sh] = x[i][j]
    return result

# %% C13_dilate
def dilate(w, dilation):
    dv, dh = pair(dilation, "dilation", 1)
    kh, kw = np.shape(w)
    result = np.zeros(((kh - 1) * dv + 1, (kw - 1) * dh + 1))
    for a in range(kh):
        for b in range(kw):
            result[a * dv, b * dh] = w[a][b]
    return result

# %% C14_conv_layer
def conv_layer(x, weight, bias, activation="relu"):
    z = conv2d(x, weight, bias)
    if activation == "relu":
        return np.where(z > 0, z, 0)
    if activation == "sigmoid":
        return 1 / (1 + np.exp(-z))
    if activation == "tanh":
        return np.tanh(z)
    if activation == "identity":
        return z
    raise ValueError(f"unknown activation {activation}")

# %% C17_shift_error
def shift(a, rows, cols):
    moved = np.zeros(np.shape(a))
    for i in range(moved.shape[0]):
        for j in range(moved.shape[1]):
            if 0 <= i - rows < moved.shape[0] and 0 <= j - cols < moved.shape[1]:
                moved[i, j] = a[i - rows][j - cols]
    return moved

def shift_error(x, w, rows, cols):
    first = correlate2d(shift(x, rows, cols), w)
    second = shift(correlate2d(x, w), rows, cols)
    return abs(first - second)

# %% C17_filter_gradients
def filter_gradients(x, weights, target):
    maps = [correlate2d(x, w) for w in weights]
    prediction = 0
    for z in maps:
        prediction = prediction + np.maximum(z, 0)
    error = prediction - target
    gradients = np.zeros(np.shape(weights))
    for o, z in enumerate(maps):
        for i in range(z.shape[0]):
            for j in range(z.shape[1]):
                if z[i, j] > 0:
                    for a in range(gradients.shape[1]):
                        for b in range(gradients.shape[2]):
                            gradients[o, a, b] += error[i, j] * x[i + a][j + b]
    return gradients

# %% [markdown] C16_filters_answer
A filter is a small grid of weights with one layer per input channel. It is
moved over the whole image and gives a large number where the window looks
like the filter. The weights start random and are learned with gradient
descent. I have to choose: the number of filters (one output map each), their
size (how many neighbours they see), the stride (bigger stride, smaller map),
the padding (keep the size, do not lose the border) and the activation.

# %% [markdown] C16_pooling_answer
Pooling makes the maps smaller, so there is less to compute afterwards, and a
small shift of the image hardly changes the result. It has no weights. A
convolution with stride 2 also makes the map smaller, but it learns what to
keep, and it has parameters for that.

# %% [markdown] C16_dense_answer
1. Far fewer parameters, because the weights are shared between all places.
2. If a filter has learned something in one place it finds it in every place.
3. The network learns its own features (edges, then corners, then things), no
one has to invent them, and it keeps track of who is whose neighbour.
