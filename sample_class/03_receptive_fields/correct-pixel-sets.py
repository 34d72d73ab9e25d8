# %% R1_pencil
first_sees = 5
second_sees = 5 + (2 - 1) * 2
stack_sees = [3, 3 + 2]

# %% R3_dilated
dilated_sees = [3, 3 + 4, 3 + 4 + 8, 3 + 4 + 8 + 16]
plain_layers = 15

# %% R2_receptive_field
def reach(numbers, unit):
    """All places of the input that one unit depends on, without an edge."""
    places = {unit}
    for kernel, stride, dilation in reversed(numbers):
        places = {u * stride + dilation * tap for u in places for tap in range(kernel)}
    return places


def receptive_field(layers):
    numbers = [(k[0], s[0], d[0]) for k, s, _, d in windows(layers)]
    fields = []
    for depth in range(1, len(numbers) + 1):
        here, there = (reach(numbers[:depth], unit) for unit in (0, 1))
        fields.append((max(here) - min(here) + 1, min(there) - min(here)))
    return fields

# %% R6_vgg_layers
def vgg_layers(blocks):
    block = lambda n: [conv(3, padding=1, out_channels=64)] * n + [pool(2, stride=2)]
    return sum(map(block, blocks), [])

# %% R6_networks
alexnet_sees = receptive_field(alexnet())[-1][0]
resnet_1x1_sees = receptive_field(resnet50("1x1"))[-1][0]
resnet_3x3_sees = receptive_field(resnet50("3x3"))[-1][0]

# %% R4_input_region
def input_region(layers, row, col, input_shape):
    region = []
    for axis, place in enumerate([row, col]):
        sizes = [input_shape[axis + 1]]
        for k, s, p, d in windows(layers):
            size = (sizes[-1] + 2 * p[axis] - d[axis] * (k[axis] - 1) - 1) // s[axis] + 1
            if size <= 0:
                raise ValueError("a kernel does not fit")
            sizes.append(size)
        if not 0 <= place <= sizes[-1] - 1:
            raise ValueError("no such unit")
        places = {place}
        for (k, s, p, d), n in zip(windows(layers)[::-1], sizes[-2::-1]):
            places = {
                u * s[axis] - p[axis] + d[axis] * tap
                for u in places
                for tap in range(k[axis])
            }
            places = {u for u in places if 0 <= u < n}
        region.append((min(places), max(places)))
    return tuple(region)

# %% R7_design
def design(target, max_parameters):
    """Plain 3x3 layers while they can be paid for, then dilations that triple."""
    if target < 1:
        raise ValueError("target must be positive")
    plain = [conv(3)] * max(1, target // 2)
    tripled, size = [conv(3)], 3
    while size < target:
        tripled.append(conv(3, dilation=size))
        size *= 3
    for layers in (plain, tripled):
        if 224 + 584 * (len(layers) - 1) <= max_parameters:
            return layers
    raise ValueError("this cannot be paid for")

# %% R5_gradient_map
def gradient_map(layers, side):
    import torch

    steps = []
    for layer, (kernel, stride, padding, dilation) in zip(layers, windows(layers)):
        if layer["type"] == "relu":
            steps.append(torch.nn.ReLU())
            continue
        step = torch.nn.Conv2d(
            1, 1, kernel, stride=stride, padding=padding, dilation=dilation, bias=False
        )
        value = 1 if layer["type"] == "conv" else 1 / (kernel[0] * kernel[1])
        torch.nn.init.constant_(step.weight, value)
        steps.append(step)
    image = torch.rand(1, 1, side, side, requires_grad=True)
    output = torch.nn.Sequential(*steps)(image)
    chosen = torch.zeros_like(output)
    chosen[0, 0, output.shape[2] // 2, output.shape[3] // 2] = 1
    output.backward(chosen)
    return image.grad.squeeze()

# %% R5_empirical
def empirical_receptive_field(layers):
    profile = np.asarray(gradient_map(layers, 255)).sum(axis=0)
    while profile[0] == 0:
        profile = profile[1:]
    while profile[-1] == 0:
        profile = profile[:-1]
    return len(profile)

# %% [markdown] R9_gain_answer
A bigger receptive field shows more of the image to one unit. It costs
compute. You can use pooling (smaller maps) or more layers.

# %% [markdown] R9_doubt_answer
I do not think that this is right, because the effective receptive field is
smaller than the theoretical one. The gradient is Gaussian.
