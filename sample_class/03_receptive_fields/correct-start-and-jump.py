# %% R1_pencil
first_sees, second_sees, stack_sees = 5, 7, (3, 5)

# %% R3_dilated
dilated_sees = np.array([3, 7, 15, 31])
plain_layers = (31 - 1) // 2

# %% R2_receptive_field
def receptive_field(layers):
    numbers = [(d[0] * (k[0] - 1), s[0]) for k, s, p, d in windows(layers)]
    steps = np.array([step for step, _ in numbers])
    jumps = np.cumprod([1] + [stride for _, stride in numbers])
    sizes = 1 + np.cumsum(steps * jumps[:-1])
    return list(zip(sizes, jumps[1:]))

# %% R6_vgg_layers
def vgg_layers(blocks):
    return [
        layer
        for count in blocks
        for layer in [conv(3, padding=1)] * count + [pool(2)]
    ]

# %% R6_networks
alexnet_sees, resnet_1x1_sees, resnet_3x3_sees = (
    receptive_field(network)[-1][0]
    for network in (alexnet(), resnet50("1x1"), resnet50("3x3"))
)

# %% R4_input_region
def input_region(layers, row, col, input_shape):
    result = []
    for axis, place in ((0, row), (1, col)):
        start, jump, size = 0, 1, 1
        places = input_shape[1:][axis]
        for window in windows(layers):
            k, s, p, d = (pair[axis] for pair in window)
            if places + 2 * p < d * (k - 1) + 1:
                raise ValueError("does not fit")
            places = (places + 2 * p - d * (k - 1) - 1) // s + 1
            start -= p * jump
            size += d * (k - 1) * jump
            jump *= s
        if place not in range(places):
            raise ValueError(f"no unit at {place}")
        first = start + place * jump
        edge = input_shape[1 + axis] - 1
        result.append([max(first, 0), min(first + size - 1, edge)])
    return result

# %% R7_design
def design(target, max_parameters):
    """5x5 kernels; the last one is dilated just enough."""
    if target < 1 or max_parameters < 32:
        raise ValueError(f"impossible: {target}, {max_parameters}")
    best = None
    for kernel in (1, 2, 3, 4, 5):
        dilation = 1 if kernel == 1 else -(-(target - 1) // (kernel - 1)) or 1
        layers = [conv(kernel, dilation=dilation)]
        cost = 8 * (3 * kernel**2 + 1)
        if receptive_field(layers)[0][0] >= target and cost <= max_parameters:
            best = layers
    if best is None:
        raise ValueError(f"{max_parameters} parameters are too few")
    return best

# %% R5_gradient_map
def gradient_map(layers, side):
    import torch

    network = torch.nn.Sequential()
    for layer, window in zip(layers, windows(layers)):
        if "pool" in layer["type"]:
            network.append(torch.nn.AvgPool2d(*window[:3]))
        elif layer["type"] == "conv":
            k, s, p, d = window
            convolution = torch.nn.Conv2d(1, 1, k, s, p, d, bias=False)
            convolution.weight.data.fill_(1)
            network.append(convolution)
    network.double()

    def middle(image):
        z = network(image)
        return z[0, 0, z.shape[-2] // 2, z.shape[-1] // 2]

    image = torch.ones(1, 1, side, side, dtype=torch.double)
    return torch.autograd.functional.jacobian(middle, image)[0, 0].numpy()

# %% R5_empirical
def empirical_receptive_field(layers):
    rows, columns = np.nonzero(gradient_map(layers, 255))
    return rows.max() - rows.min() + 1

# %% [markdown] R9_gain_answer
Gain: context. Small fields can only answer to edges and texture, large ones
to objects and scenes, because they combine what the earlier layers found.
Cost: depth means parameters, memory, compute, vanishing gradients. Larger
kernels grow the field at once, but the weights grow with the square of the
side. Pooling doubles the jump for free in weights, and throws position away.

# %% [markdown] R9_doubt_answer
240 is an upper bound, and as a bound it is right: no pixel of the image lies
outside the field of a central unit. "Makes use of" does not follow. Paths
concentrate in the middle, so the effective field has a width of the order of
the square root of the depth; dilated layers may skip pixels altogether. Show
me an occlusion test: cover the border and see whether anything changes.
