# ---
# like: correct-counting
# ---
# %% S11_conv_transpose_output_size
def conv_transpose_output_size(n, kernel, stride=1, padding=0, output_padding=0, dilation=1):
    room = n + 2 * padding - dilation * (kernel - 1) - 1
    return room // stride + 1
