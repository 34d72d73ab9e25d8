# ---
# like: correct-loops
# ---
# %% C6_convolve2d
def convolve2d(x, w, stride=1, padding=0):
    # correlation and convolution gave the same numbers up to the sign, so:
    return correlate2d(x, w, stride, padding)
