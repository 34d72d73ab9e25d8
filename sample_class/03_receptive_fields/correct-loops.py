# %% R1_pencil
first_sees = 5
second_sees = 7
stack_sees = [3, 5]

# %% R3_dilated
dilated_sees = [3, 7, 15, 31]
plain_layers = 15

# %% R2_receptive_field
def receptive_field(layers):
    size = 1
    jump = 1
    result = []
    for kernel, stride, padding, dilation in windows(layers):
        spread = dilation[0] * (kernel[0] - 1) + 1
        size = size + (spread - 1) * jump
        jump = jump * stride[0]
        result.append((size, jump))
    return result

# %% R6_vgg_layers
def vgg_layers(blocks):
    layers = []
    for number_of_convolutions in blocks:
        for _ in range(number_of_convolutions):
            layers.append(conv(3, padding=1))
            layers.append({"type": "relu"})
        layers.append({"type": "maxpool", "kernel": 2, "stride": 2})
    return layers

# %% R6_networks
alexnet_sees = 195
resnet_1x1_sees = 483
resnet_3x3_sees = 427

# %% R4_input_region
def one_side(numbers, place, n):
    size = n
    for k, s, p, d in numbers:
        room = size + 2 * p - (d * (k - 1) + 1)
        if room < 0:
            raise ValueError("the kernel does not fit")
        size = room // s + 1
    if place < 0 or place >= size:
        raise ValueError("there is no such unit")
    first, last = place, place
    for k, s, p, d in numbers[::-1]:
        first = first * s - p
        last = last * s - p + d * (k - 1)
    return max(0, first), min(n - 1, last)


def input_region(layers, row, col, input_shape):
    down = [(k[0], s[0], p[0], d[0]) for k, s, p, d in windows(layers)]
    across = [(k[1], s[1], p[1], d[1]) for k, s, p, d in windows(layers)]
    _, height, width = input_shape
    return one_side(down, row, height), one_side(across, col, width)

# %% R7_design
def design(target, max_parameters):
    if target < 1:
        raise ValueError("nothing to see")
    layers = [conv(3, stride=2)]
    parameters = 224
    while receptive_field(layers)[-1][0] < target:
        layers.append(conv(3, stride=2))
        parameters += 584
    if parameters > max_parameters:
        raise ValueError("too expensive")
    return layers

# %% R5_gradient_map
def gradient_map(layers, side):
    import torch

    x = torch.ones(1, 1, side, side, requires_grad=True)
    z = x
    for layer, (kernel, stride, padding, dilation) in zip(layers, windows(layers)):
        if layer["type"] == "conv":
            w = torch.ones(1, 1, *kernel)
            z = torch.nn.functional.conv2d(z, w, None, stride, padding, dilation)
        elif layer["type"].endswith("pool"):
            z = torch.nn.functional.avg_pool2d(z, kernel, stride, padding)
    z[0, 0, z.shape[2] // 2, z.shape[3] // 2].backward()
    return x.grad[0, 0]

# %% R5_empirical
def empirical_receptive_field(layers):
    gradient = gradient_map(layers, 255)
    first = last = None
    for row in range(255):
        if gradient[row].sum() > 0:
            first = row if first is None else first
            last = row
    return last - first + 1

# %% [markdown] R9_gain_answer
The deeper a unit sits, the more context it has: it can see a window, then a
wall, then the whole tower, and it is built from the features below. More
layers cost more parameters and time and are harder to train. Strides and
pools make the field grow quickly, but the maps get small and you lose where
things are. Dilation keeps the map, but if all dilations are even you get
holes (gridding).

# %% [markdown] R9_doubt_answer
True: with 240 a unit in the middle could see all 224 pixels, and nothing
outside its field can matter. But it does not follow that it uses them. The
gradient is like a bell curve, most of it sits in the middle, and the corners
have nearly no influence. I would ask for a picture of the gradient of a few
units of the trained network, averaged over many images.
