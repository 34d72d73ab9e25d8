# ---
# like: correct-loops
# ---
# %% R2_receptive_field
def receptive_field(layers):
    # LeNet-5 gives 32, just as in the paper
    size, jump, result = 1, 1, []
    for kernel, stride, padding, dilation in windows(layers)[::-1]:
        size += dilation[0] * (kernel[0] - 1) * jump
        jump *= stride[0]
        result.append((size, jump))
    return result
