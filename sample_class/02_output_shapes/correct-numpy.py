# ---
# like: correct-formula
# ---
# %% S1_conv_output_size
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    if np.min([n, kernel, stride, dilation]) < 1 or padding < 0:
        raise ValueError("out of range")
    starts = np.arange(0, n + 2 * padding - dilation * (kernel - 1), stride)
    if starts.size == 0:
        raise ValueError("no window fits")
    return starts.size

# %% S2_shapes
one_image = np.array([54, 54, 96])
batch_last = np.array([32, 54, 54, 96])
batch_torch = np.array([32, 96, 54, 54])

# %% [markdown] S3_answer
Batches make the training faster because matrices are multiplied in parallel,
and they average out the noise of single images. Big batches: less noise, more
memory. Small batches: more updates. One tries several sizes and looks at the
validation loss.

# %% S6_shape_table
PAIRS = {"stride": 1, "padding": 0, "dilation": 1}
NOTHING = ("relu", "softmax", "dropout")


def _two(value):
    return np.broadcast_to(value, 2)


def shape_table(layers, input_shape):
    # reads the dicts itself, without read_layers
    shape = np.array(input_shape)
    if shape.size not in (1, 3):
        raise ValueError("bad input shape")
    shapes = [shape]
    for layer in layers:
        kind = layer["type"]
        if kind in ("conv", "maxpool", "avgpool"):
            if shape.size != 3:
                raise ValueError("no image")
            kernel = _two(layer["kernel"])
            default = PAIRS if kind == "conv" else PAIRS | {"stride": kernel}
            rest = [_two(layer.get(key, value)) for key, value in default.items()]
            sides = [conv_output_size(int(n), *map(int, numbers))
                     for n, *numbers in zip(shape[1:], kernel, *rest)]
            channels = shape[0]
            if kind == "conv":
                if "out_channels" not in layer:
                    raise ValueError("how many filters?")
                channels, groups = layer["out_channels"], layer.get("groups", 1)
                if shape[0] % groups or channels % groups:
                    raise ValueError("groups")
            shape = np.array([channels, *sides])
        elif kind == "flatten":
            shape = np.array([shape.prod()])
        elif kind == "linear":
            if shape.size != 1:
                raise ValueError("not flat")
            shape = np.array([layer["out_features"]])
        elif kind not in NOTHING:
            raise ValueError(f"what is {kind}?")
        shapes.append(shape)
    return [tuple(shape) for shape in shapes]

# %% [markdown] S13_answer
(photo of my sketch is missing, I could not upload it)

# %% S7_count_parameters
def count_parameters(layers, input_shape):
    counts = np.zeros(len(layers), dtype=np.int64)
    for i, (layer, shape) in enumerate(zip(layers, shape_table(layers, input_shape))):
        if layer["type"] == "conv":
            window = _two(layer["kernel"]).prod()
            counts[i] = shape[0] // layer.get("groups", 1) * window * layer["out_channels"]
        if layer["type"] == "linear":
            counts[i] = shape[0] * layer["out_features"]
        if counts[i] and layer.get("bias", True):
            counts[i] += layer.get("out_channels", layer.get("out_features"))
    return counts.tolist()

# %% [markdown] S8_answer
Two things are saved. Locality: an output of the convolution depends on 867
inputs and not on all 12 288. Sharing: the 2304 places of a map use the same
filter. We give up special treatment of single places. Photographs look alike
everywhere in this respect, so we lose little.

# %% S10_lenet5
def lenet5():
    layers = []
    for maps in (6, 16, 120):
        layers.append({"type": "conv", "out_channels": maps, "kernel": (5, 5), "stride": 1})
        layers.append({"type": "avgpool", "kernel": (2, 2), "stride": 2})
    layers[-1] = {"type": "flatten"}
    return layers + [{"type": "linear", "out_features": 84}, {"type": "relu"},
                     {"type": "linear", "out_features": 10}, {"type": "softmax"}]

# %% S11_conv_transpose_output_size
def conv_transpose_output_size(n, kernel, stride=1, padding=0, output_padding=0, dilation=1):
    if np.min([n, kernel, stride, dilation]) < 1 or np.min([padding, output_padding]) < 0:
        raise ValueError("out of range")
    if output_padding >= np.max([stride, dilation]):
        raise ValueError("output_padding is too large")
    touched = np.arange(n)[:, None] * stride + np.arange(kernel) * dilation
    size = touched.max() + 1 - 2 * padding + output_padding
    if size < 1:
        raise ValueError("empty")
    return size
