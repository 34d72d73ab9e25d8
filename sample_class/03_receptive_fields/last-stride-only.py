# ---
# like: correct-pixel-sets
# ---
# %% R2_receptive_field
def receptive_field(layers):
    size, previous_stride, result = 1, 1, []
    for kernel, stride, padding, dilation in windows(layers):
        size += dilation[0] * (kernel[0] - 1) * previous_stride
        previous_stride = stride[0]
        result.append((size, previous_stride))
    return result
