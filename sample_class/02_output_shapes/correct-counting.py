# ---
# like: correct-formula
# ---
# %% S1_conv_output_size
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    for value in (n, kernel, stride, dilation, padding + 1):
        if value < 1:
            raise ValueError("too small")
    taps = [tap * dilation for tap in range(kernel)]  # where the weights lie
    places = 0
    start = 0
    while start + taps[-1] < n + 2 * padding:  # the last weight is still inside
        places += 1
        start += stride
    if places == 0:
        raise ValueError("the kernel fits nowhere")
    return places

# %% S2_shapes
places = conv_output_size(224, 11, 4)
one_image = [places, places, 96]
batch_last = [32, *one_image]
batch_torch = [32, 96, places, places]

# %% [markdown] S3_answer
Because of the GPU: it can do many images at the same time. The average
gradient is also less noisy. Small batches are noisy and use less memory, large
ones need more memory but are faster. I would use 32 because most people do.

# %% S4_strides
steep_shape = tuple(conv_output_size(n, 3, s, 1) for n, s in [(5, 2), (9, 3)])
wide_shape = tuple(conv_output_size(n, 3, s, 1) for n, s in [(5, 3), (9, 2)])

# %% S6_shape_table
def shape_table(layers, input_shape):
    if len(input_shape) not in (1, 3):
        raise ValueError("one number or three")
    return _walk(read_layers(layers), tuple(input_shape))


def _walk(layers, shape):
    """The shape, followed by those of the rest of the network."""
    if not layers:
        return [shape]
    return [shape] + _walk(layers[1:], _through(layers[0], shape))


def _through(layer, shape):
    kind = layer["type"]
    if kind in ("relu", "softmax", "dropout"):
        return shape
    if kind == "flatten":
        return (int(np.prod(shape)),)
    if kind == "linear":
        (features,) = shape  # ValueError where there are three
        return (layer["out_features"],)
    channels, rows, columns = shape  # ValueError where it is flat
    down, across = ([layer[key][axis] for key in ("kernel", "stride", "padding", "dilation")]
                    for axis in (0, 1))
    rows, columns = conv_output_size(rows, *down), conv_output_size(columns, *across)
    if kind == "conv":
        if channels % layer["groups"]:
            raise ValueError("channels do not split into groups")
        channels = layer["out_channels"]
    return (channels, rows, columns)

# %% [markdown] S13_answer
image 3@128×128 → max pool 2 → 3@64×64 → conv 17×17 (12 filters) → 12@48×48 →
max pool 3 → 12@16×16 → flatten 3072 → linear 128 → ReLU → linear 10 → softmax

# %% S7_count_parameters
def count_parameters(layers, input_shape):
    counts = []
    for layer, shape in zip(read_layers(layers), shape_table(layers, input_shape)):
        tensors = []  # the shapes of what a library would store
        if layer["type"] == "conv":
            tensors.append((layer["out_channels"], shape[0] // layer["groups"], *layer["kernel"]))
        if layer["type"] == "linear":
            tensors.append((layer["out_features"], shape[0]))
        if layer.get("bias", False):
            tensors.append(tensors[0][:1])
        counts.append(sum(int(np.prod(tensor)) for tensor in tensors))
    return counts

# %% [markdown] S8_answer
A convolution shares its weights, so it needs fewer of them. It only looks at
a small window of the image.

# %% S10_vgg16
def vgg16():
    plan = "64 64 M 128 128 M 256 256 256 M 512 512 512 M 512 512 512 M".split()
    layers = [{"type": "maxpool", "kernel": 2} if step == "M" else
              {"type": "conv", "out_channels": int(step), "kernel": 3, "padding": 1}
              for step in plan]
    return layers + [{"type": "flatten"}] + [{"type": "linear", "out_features": f}
                                             for f in (4096, 4096, 1000)]

# %% S11_conv_transpose_output_size
def conv_transpose_output_size(n, kernel, stride=1, padding=0, output_padding=0, dilation=1):
    for value in (n, kernel, stride, dilation, padding + 1, output_padding + 1):
        if value < 1:
            raise ValueError("too small")
    if output_padding > stride - 1 and output_padding > dilation - 1:
        raise ValueError("too much output padding")
    touched = [pixel * stride + tap * dilation for pixel in range(n) for tap in range(kernel)]
    length = max(touched) + 1 - padding - padding + output_padding
    if length <= 0:
        raise ValueError("nothing left")
    return length
