# ---
# like: correct-loops
# ---
# %% R5_gradient_map
def gradient_map(layers, side):
    import torch

    x = torch.ones(1, 1, side, side, requires_grad=True)
    z = x
    for layer, (kernel, stride, padding, dilation) in zip(layers, windows(layers)):
        if layer["type"] == "conv":
            w = torch.ones(1, 1, *kernel)
            z = torch.nn.functional.conv2d(z, w, None, stride, padding, dilation)
        elif layer["type"] == "maxpool":
            z = torch.nn.functional.max_pool2d(z, kernel, stride, padding)
        elif layer["type"] == "avgpool":
            z = torch.nn.functional.avg_pool2d(z, kernel, stride, padding)
    z[0, 0, z.shape[2] // 2, z.shape[3] // 2].backward()
    return x.grad[0, 0]
