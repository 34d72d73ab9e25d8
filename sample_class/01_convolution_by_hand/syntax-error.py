# ---
# like: correct-loops
# ---
# %% C6_convolve2d
def convolve2d(x, w, stride=1, padding=0)
    return correlate2d(x, np.asarray(w)[::-1, ::-1], stride, padding)
