# %% S1_conv_output_size
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    if n < 1 or kernel < 1 or stride < 1 or dilation < 1 or padding < 0:
        raise ValueError("a number is out of range")
    padded = n + 2 * padding
    span = dilation * (kernel - 1) + 1
    if span > padded:
        raise ValueError(f"the kernel spans {span}, the padded axis has {padded}")
    return (padded - span) // stride + 1

# %% S2_shapes
one_image = (54, 54, 96)
batch_last = (32, 54, 54, 96)
batch_torch = (32, 96, 54, 54)

# %% [markdown] S3_answer
A batch keeps all the cores of a GPU busy at the same time, and the gradient
averaged over it points in a steadier direction than that of one image. The
whole data set would not fit into memory and would give only one update per
epoch. Small batches: little memory, many updates, and noise that can help to
generalise, but a shaky gradient and idle hardware. Large batches: steady and
fast per image, but fewer updates and at some point no gain. I would take the
largest power of two that fits and then try smaller ones, comparing the
validation loss against time, and scale the learning rate along.

# %% S4_strides
steep_shape = (3, 3)
wide_shape = (2, 5)

# %% S5_stack
after_first = (8, 300, 300)
after_second = (4, 100, 100)

# %% S6_shape_table
def shape_table(layers, input_shape):
    if len(input_shape) != 1 and len(input_shape) != 3:
        raise ValueError("the input is (channels, rows, columns) or (features,)")
    table = [tuple(input_shape)]
    for layer in read_layers(layers):
        before = table[-1]
        kind = layer["type"]
        if kind in ("conv", "maxpool", "avgpool"):
            if len(before) != 3:
                raise ValueError("a window needs an image")
            after = []
            for axis in (0, 1):
                after.append(conv_output_size(before[axis + 1], layer["kernel"][axis],
                                              layer["stride"][axis], layer["padding"][axis],
                                              layer["dilation"][axis]))
            if kind == "conv":
                if before[0] % layer["groups"] != 0:
                    raise ValueError("groups must divide the channels")
                table.append((layer["out_channels"], after[0], after[1]))
            else:
                table.append((before[0], after[0], after[1]))
        elif kind == "flatten":
            size = 1
            for length in before:
                size = size * length
            table.append((size,))
        elif kind == "linear":
            if len(before) != 1:
                raise ValueError("flatten before a linear layer")
            table.append((layer["out_features"],))
        else:
            table.append(before)
    return table

# %% [markdown] S13_answer
```
 3@128x128 -> [max pool 2x2, stride 2] -> 3@64x64
           -> [conv, 12 filters 17x17, stride 1, no padding] -> 12@48x48
           -> [max pool 3x3, stride 3] -> 12@16x16
           -> [flatten] -> 3072
           -> [linear 128] -> 128 -> [ReLU] -> 128
           -> [linear 10] -> 10 -> [softmax] -> 10
```

# %% S7_count_parameters
def count_parameters(layers, input_shape):
    shapes = shape_table(layers, input_shape)
    counts = []
    for index, layer in enumerate(read_layers(layers)):
        before = shapes[index]
        if layer["type"] == "conv":
            height, width = layer["kernel"]
            per_filter = before[0] // layer["groups"] * height * width
            if layer["bias"]:
                per_filter = per_filter + 1
            counts.append(layer["out_channels"] * per_filter)
        elif layer["type"] == "linear":
            per_unit = before[0]
            if layer["bias"]:
                per_unit = per_unit + 1
            counts.append(layer["out_features"] * per_unit)
        else:
            counts.append(0)
    return counts

# %% [markdown] S8_answer
The linear layer has a weight for every pair of an input number and an output
number. The convolution does not connect everything: each output number sees
only its own window, 3·17·17 = 867 inputs instead of 12 288. And it does not
learn a new set of weights for each place: all 2304 places of a map share one
filter. We lose the freedom to treat places differently and to combine pixels
that are far apart in one step. For images this is a good bargain, because
structure is local and may appear anywhere, and fewer parameters need less data.

# %% S9_mnist_network
def mnist_network():
    return [
        {"type": "conv", "out_channels": 32, "kernel": 3},
        {"type": "conv", "out_channels": 64, "kernel": 3},
        {"type": "maxpool", "kernel": 2},
        {"type": "flatten"},
        {"type": "linear", "out_features": 128},
        {"type": "linear", "out_features": 10},
    ]

# %% S10_lenet5
def lenet5():
    return [
        {"type": "conv", "out_channels": 6, "kernel": 5},
        {"type": "avgpool", "kernel": 2},
        {"type": "conv", "out_channels": 16, "kernel": 5},
        {"type": "avgpool", "kernel": 2},
        {"type": "conv", "out_channels": 120, "kernel": 5},
        {"type": "flatten"},
        {"type": "linear", "out_features": 84},
        {"type": "linear", "out_features": 10},
    ]

# %% S10_c3
c3_in_1998 = 6 * (3 * 25 + 1) + 9 * (4 * 25 + 1) + (6 * 25 + 1)

# %% S10_alexnet_2012
def alexnet_2012():
    pool = {"type": "maxpool", "kernel": 3, "stride": 2}
    return [
        {"type": "conv", "out_channels": 96, "kernel": 11, "stride": 4},
        pool,
        {"type": "conv", "out_channels": 256, "kernel": 5, "padding": 2, "groups": 2},
        pool,
        {"type": "conv", "out_channels": 384, "kernel": 3, "padding": 1},
        {"type": "conv", "out_channels": 384, "kernel": 3, "padding": 1, "groups": 2},
        {"type": "conv", "out_channels": 256, "kernel": 3, "padding": 1, "groups": 2},
        pool,
        {"type": "flatten"},
        {"type": "linear", "out_features": 4096},
        {"type": "linear", "out_features": 4096},
        {"type": "linear", "out_features": 1000},
    ]

# %% S10_vgg16
def vgg16():
    layers = []
    for how_many, filters in [(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)]:
        for i in range(how_many):
            layers.append({"type": "conv", "out_channels": filters, "kernel": 3, "padding": 1})
        layers.append({"type": "maxpool", "kernel": 2})
    layers.append({"type": "flatten"})
    layers.append({"type": "linear", "out_features": 4096})
    layers.append({"type": "linear", "out_features": 4096})
    layers.append({"type": "linear", "out_features": 1000})
    return layers

# %% S11_conv_transpose_output_size
def conv_transpose_output_size(n, kernel, stride=1, padding=0, output_padding=0, dilation=1):
    if n < 1 or kernel < 1 or stride < 1 or dilation < 1 or padding < 0:
        raise ValueError("a number is out of range")
    if output_padding < 0 or output_padding >= max(stride, dilation):
        raise ValueError("output_padding must be below the stride or the dilation")
    result = (n - 1) * stride - 2 * padding + dilation * (kernel - 1) + output_padding + 1
    if result < 1:
        raise ValueError("nothing is left")
    return result
