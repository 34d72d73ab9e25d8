# ---
# like: correct-formula
# ---
# %% S1_conv_output_size
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    if any(value < 1 for value in (n, kernel, stride, dilation)) or padding < 0:
        raise ValueError(f"bad sizes: {n}, {kernel}, {stride}, {padding}, {dilation}")
    steps = (n + 2 * padding - dilation * (kernel - 1) - 1) / stride
    if steps < 0:
        raise ValueError("the kernel is larger than the padded axis")
    return math.floor(steps) + 1

# %% [markdown] S3_answer
With one image at a time the GPU is mostly idle and the gradient jumps around;
with all images at once there is only one step per epoch and no memory left.
A batch is the compromise: parallel work, and an average over enough images to
point roughly the right way. Small batches cost little memory and their noise
can shake the weights out of poor minima; large ones have steadier gradients
and better throughput, with diminishing returns. I would take what fits into
memory, halve it a few times, and keep the size with the best validation error
per hour (retuning the learning rate for each).

# %% S6_shape_table
def _windowed(channels):
    def after(layer, shape):
        if len(shape) != 3:
            raise ValueError(f"{layer['type']} needs three axes, not {shape}")
        window = zip(layer["kernel"], layer["stride"], layer["padding"], layer["dilation"])
        sides = (conv_output_size(n, *numbers) for n, numbers in zip(shape[1:], window))
        return (channels(layer, shape), *sides)
    return after


def _filters(layer, shape):
    if shape[0] % layer["groups"]:
        raise ValueError("the groups do not divide the channels")
    return layer["out_channels"]


def _linear(layer, shape):
    if len(shape) == 3:
        raise ValueError("a linear layer takes a flat input")
    return (layer["out_features"],)


AFTER = {
    "conv": _windowed(_filters),
    "maxpool": _windowed(lambda layer, shape: shape[0]),
    "avgpool": _windowed(lambda layer, shape: shape[0]),
    "flatten": lambda layer, shape: (math.prod(shape),),
    "linear": _linear,
}


def shape_table(layers, input_shape):
    if len(input_shape) not in (1, 3):
        raise ValueError("input_shape has one axis or three")
    shapes = [tuple(input_shape)]
    for layer in read_layers(layers):
        after = AFTER.get(layer["type"], lambda layer, shape: shape)
        shapes.append(after(layer, shapes[-1]))
    return shapes

# %% S7_count_parameters
def count_parameters(layers, input_shape):
    shapes = shape_table(layers, input_shape)
    fan_in = {
        "conv": lambda layer, shape: shape[0] // layer["groups"] * math.prod(layer["kernel"]),
        "linear": lambda layer, shape: shape[0],
    }
    return [
        layer.get("out_channels", layer.get("out_features"))
        * (fan_in[layer["type"]](layer, shape) + layer["bias"])
        if layer["type"] in fan_in else 0
        for layer, shape in zip(read_layers(layers), shapes)
    ]

# %% S10_alexnet_2012
def alexnet_2012():
    layers = [dict(layer) for layer in ALEXNET_2014]
    convolutions = [layer for layer in layers if layer["type"] == "conv"]
    for layer, filters in zip(convolutions, (96, 256, 384, 384, 256)):
        layer["out_channels"] = filters
    for index in (1, 3, 4):
        convolutions[index]["groups"] = 2
    del convolutions[0]["padding"]
    return layers

# %% S11_conv_transpose_output_size
def conv_transpose_output_size(n, kernel, stride=1, padding=0, output_padding=0, dilation=1):
    if any(value < 1 for value in (n, kernel, stride, dilation)):
        raise ValueError("too small")
    if padding < 0 or not 0 <= output_padding < max(stride, dilation):
        raise ValueError("bad padding")
    last_stamp_starts = (n - 1) * stride
    size = last_stamp_starts + dilation * (kernel - 1) + 1 - 2 * padding + output_padding
    return size if size > 0 else _nothing_left()


def _nothing_left():
    raise ValueError("all of it is cut away")
