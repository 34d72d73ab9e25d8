# ---
# like: correct-dispatch
# ---
# %% S1_conv_output_size
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    if n < 1 or kernel < 1 or stride < 1 or padding < 0 or kernel > n + 2 * padding:
        raise ValueError("does not fit")
    return (n + 2 * padding - kernel) // stride + 1
