# ---
# like: correct-start-and-jump
# ---
# %% R2_receptive_field
def receptive_field(layers, size=1, jump=1):
    """Without a loop: the first layer, then the rest on top of it."""
    if not layers:
        return []
    (kernel, stride, _, dilation), *_ = windows(layers)
    size += dilation[0] * (kernel[0] - 1) * jump
    jump *= stride[0]
    return [(size, jump)] + receptive_field(layers[1:], size, jump)

# %% R4_input_region
def source(axis_windows, first, last):
    if not axis_windows:
        return first, last
    *below, (k, s, p, d) = axis_windows
    return source(below, first * s - p, last * s - p + d * (k - 1))


def input_region(layers, row, col, input_shape):
    answer = ()
    for axis, place in enumerate((row, col)):
        along = [tuple(np.array(w)[:, axis]) for w in windows(layers)]
        n = input_shape[-2:][axis]
        for k, s, p, d in along:
            n = int(np.floor((n + 2 * p - d * (k - 1) - 1) / s)) + 1
            if n < 1:
                raise ValueError("kernel too large")
        if place < 0 or place > n - 1:
            raise ValueError("place outside the map")
        answer += (tuple(np.clip(source(along, place, place), 0, input_shape[-2:][axis] - 1)),)
    return answer

# %% R6_vgg_layers
def vgg_layers(blocks):
    if not blocks:
        return []
    first, *rest = blocks
    return [conv(3, padding=1) for _ in range(first)] + [pool((2, 2))] + vgg_layers(rest)

# %% R7_design
def design(target, max_parameters):
    """Separate the channels: a depthwise 5x5 after the first layer costs little."""
    if target < 1:
        raise ValueError("target is too small")
    layers = [conv(5, stride=2, bias=False)]
    cost = 8 * 3 * 25
    if target <= 3:
        layers, cost = [conv(3, bias=False)], 8 * 3 * 9
    while receptive_field(layers)[-1][0] < target:
        layers.append(conv(5, stride=2, groups=8))
        cost += 8 * 26
    if cost > max_parameters:
        raise ValueError("over the budget")
    return layers

# %% R5_gradient_map
def gradient_map(layers, side):
    """Push a one back through transposed convolutions: the same, backwards."""
    import torch
    from torch.nn import functional as F

    image = torch.ones(1, 1, side, side)
    shapes, z = [], image
    for layer, (k, s, p, d) in zip(layers, windows(layers)):
        shapes.append(z.shape)
        z = F.conv2d(z, torch.ones(1, 1, *k), stride=s, padding=p, dilation=d)
    g = torch.zeros_like(z)
    g[0, 0, z.shape[2] // 2, z.shape[3] // 2] = 1
    for layer, (k, s, p, d), shape in zip(layers[::-1], windows(layers)[::-1], shapes[::-1]):
        w = torch.ones(1, 1, *k)
        if layer["type"].endswith("pool"):
            w = w / w.numel()
        g = torch.nn.grad.conv2d_input(shape, w, g, stride=s, padding=p, dilation=d)
    return g[0, 0].numpy()
