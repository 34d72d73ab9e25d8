# %% C1_correlate2d
def correlate2d(x, w, stride=1, padding=0):
    x, w = np.array(x, dtype=np.float32), np.array(w, dtype=np.float32)
    if x.ndim != 2 or w.ndim != 2:
        raise ValueError("x and w need to be two-dimensional")
    sv, sh = pair(stride, "stride", 1)
    pv, ph = pair(padding, "padding", 0)
    x = np.pad(x, ((pv, pv), (ph, ph)))
    rows, columns = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1
    if rows < 1 or columns < 1:
        raise ValueError("the filter is larger than the image")
    z = np.zeros((rows, columns), dtype=np.float32)
    for (a, b), weight in np.ndenumerate(w):  # shift the whole image under one weight
        z += weight * x[a:a + rows, b:b + columns]
    return z[::sv, ::sh]

# %% [markdown] C2_answer
The filter sees horizontal edges. It compares the row above with the row
below a pixel. Above the bar the answer is negative (dark above, bright
below), under the bar it is positive, and inside the bar the +1 and -1 weights
cancel because everything has the same brightness there.

# %% C3_pencil
pencil_map = np.float32([[1.60, 2.59], [1.51, 1.91]])
pencil_shape = (2, 2)

# %% C4_framed
plain_shape = (3, 3)
plain_corner = -22.0
padded_shape = (5, 5)
padded_corner = 7.0

# %% C5_upright
upright_map = np.float32(
    [[-5, -4, 0, 8], [-10, -2, 2, 3], [0, -2, -4, -7], [-3, -2, -3, -16]]
)
strongest = (3, 3)

# %% C6_convolve2d
def convolve2d(x, w, stride=1, padding=0):
    turned = np.array(w, dtype=np.float32)[::-1]
    if turned.ndim != 2:
        raise ValueError("w needs to be two-dimensional")
    return correlate2d(x, turned[:, ::-1], stride, padding)

# %% [markdown] C7_answer
For a convolution you turn the filter upside down and left to right, for a
correlation you leave it. Training would find the turned weights just as
easily, so the library saves the work. I would notice the difference if I put
in a filter by hand that is not symmetric, like the arrow.

# %% C9_conv2d
def conv2d(x, weight, bias, stride=1, padding=0):
    x, weight = np.float32(x), np.float32(weight)
    if x.ndim != 3 or weight.ndim != 4 or x.shape[0] != weight.shape[1]:
        raise ValueError("the channels of x and weight have to agree")
    if np.shape(bias) != weight.shape[:1]:
        raise ValueError("there has to be one bias per filter")
    return np.float32([
        sum(map(lambda c, w: correlate2d(c, w, stride, padding), x, one_filter)) + b
        for one_filter, b in zip(weight, bias)
    ])

# %% C10_same_padding
def same_padding(kernel, dilation=1):
    def split(zeros):
        return zeros // 2, -(-zeros // 2)

    kernel, dilation = pair(kernel, "kernel", 1), pair(dilation, "dilation", 1)
    return tuple(split(d * (k - 1)) for k, d in zip(kernel, dilation))

# %% C11_pixel_use_counts
def pixel_use_counts(shape, kernel):
    kh, kw = pair(kernel, "kernel", 1)
    if kh > shape[0] or kw > shape[1]:
        raise ValueError("the kernel is larger than the image")
    return np.array([
        [min(i + 1, kh, shape[0] - kh + 1, shape[0] - i)
         * min(j + 1, kw, shape[1] - kw + 1, shape[1] - j)
         for j in range(shape[1])]
        for i in range(shape[0])
    ])

# %% C12_pool2d
def pool2d(x, size, stride=None, mode="max"):
    x = np.float32(x)
    kh, kw = pair(size, "size", 1)
    sv, sh = pair((kh, kw) if stride is None else stride, "stride", 1)
    if x.ndim != 2 or kh > x.shape[0] or kw > x.shape[1]:
        raise ValueError("the window is larger than the image")
    rows, columns = x.shape[0] - kh + 1, x.shape[1] - kw + 1
    shifted = [x[a:a + rows, b:b + columns] for a in range(kh) for b in range(kw)]
    if mode == "max":
        return np.maximum.reduce(shifted)[::sv, ::sh]
    if mode == "average":
        return (sum(shifted) / np.float32(kh * kw))[::sv, ::sh]
    raise ValueError("mode is max or average")

# %% C13_conv_transpose2d
def conv_transpose2d(x, w, stride=1, padding=0):
    x, w = np.float32(x), np.float32(w)
    sv, sh = pair(stride, "stride", 1)
    pv, ph = pair(padding, "padding", 0)
    height, width = (x.shape[0] - 1) * sv + w.shape[0], (x.shape[1] - 1) * sh + w.shape[1]
    sheet = np.zeros((height, width), dtype=np.float32)
    for (i, j), pixel in np.ndenumerate(x):
        sheet[i * sv:i * sv + w.shape[0], j * sh:j * sh + w.shape[1]] += pixel * w
    result = sheet[pv:height - pv, ph:width - ph]
    if result.size == 0:
        raise ValueError("the padding cuts everything away")
    return result

# %% C13_insert_zeros
def insert_zeros(x, stride):
    sv, sh = pair(stride, "stride", 1)
    x = np.float32(x)
    for axis, s in ((0, sv), (1, sh)):
        gaps = np.repeat(np.arange(1, x.shape[axis]), s - 1)
        x = np.insert(x, gaps, 0, axis=axis)
    return x

# %% C13_dilate
def dilate(w, dilation):
    dv, dh = pair(dilation, "dilation", 1)
    w = np.float32(w)
    wide = np.zeros((w.shape[0] * dv, w.shape[1] * dh), dtype=np.float32)
    wide[::dv, ::dh] = w
    return wide[:(w.shape[0] - 1) * dv + 1, :(w.shape[1] - 1) * dh + 1]

# %% C14_conv_layer
def conv_layer(x, weight, bias, activation="relu"):
    names = ["relu", "sigmoid", "tanh", "identity"]
    if activation not in names:
        raise ValueError(f"activation is one of {names}")
    z = conv2d(x, weight, bias)
    return [np.maximum(z, 0), 1 / (1 + np.exp(-z)), np.tanh(z), z][names.index(activation)]

# %% C17_shift_error
def shift_error(x, w, rows, cols):
    def shift(a):
        height, width = a.shape
        if abs(rows) > height or abs(cols) > width:
            return np.zeros_like(a)
        frame = np.zeros((3 * height, 3 * width), dtype=np.float32)
        frame[height + rows:2 * height + rows, width + cols:2 * width + cols] = a
        return frame[height:2 * height, width:2 * width]

    x = np.float32(x)
    return np.abs(correlate2d(shift(x), w) - shift(correlate2d(x, w)))

# %% C17_filter_gradients
def filter_gradients(x, weights, target):
    maps = np.float32([correlate2d(x, w) for w in weights])
    error = np.maximum(maps, 0).sum(axis=0) - np.float32(target)
    error = np.where(maps > 0, error, 0)
    return np.float32([correlate2d(x, e) for e in error])

# %% [markdown] C16_filters_answer
A filter is like a small stencil with numbers in it. You lay it on every part
of the picture and it says how much that part looks like the stencil. Nobody
fills in the numbers: they start random and the network changes them step by
step so that the loss goes down. Before training I decide how many filters I
want, how big they are, how far they jump (stride), whether there is a frame
of zeros (padding), and which activation comes after them.

# %% [markdown] C16_pooling_answer
After pooling the picture is smaller, so the next layer has less work and sees
more of it at once. When something moves by one pixel, the maximum often stays
the same. Pooling itself has no weights and learns nothing. With stride 2
instead, the network can learn how to make the picture smaller.

# %% [markdown] C16_dense_answer
A dense layer needs a weight for every pixel and would have to learn the same
edge again at every place. A convolutional layer shares its few weights, so it
finds the edge everywhere after learning it once. And it knows which pixels
are neighbours, while a dense layer would work just as well (or badly) on a
scrambled picture.
