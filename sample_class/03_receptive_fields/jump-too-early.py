# ---
# like: correct-loops
# ---
# %% R2_receptive_field
def receptive_field(layers):
    size, jump, result = 1, 1, []
    for kernel, stride, padding, dilation in windows(layers):
        jump = jump * stride[0]
        size = size + dilation[0] * (kernel[0] - 1) * jump
        result.append((size, jump))
    return result
