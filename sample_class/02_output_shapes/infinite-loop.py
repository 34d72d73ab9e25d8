# ---
# like: correct-counting
# ---
# %% S1_conv_output_size
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    places, start = 0, 0
    while start + dilation * (kernel - 1) < n + 2 * padding:
        places += 1
    return places
