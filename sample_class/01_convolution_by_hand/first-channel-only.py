# ---
# like: correct-loops
# ---
# %% C9_conv2d
def conv2d(x, weight, bias, stride=1, padding=0):
    x, weight, bias = np.asarray(x), np.asarray(weight), np.asarray(bias)
    if x.ndim != 3 or weight.ndim != 4 or weight.shape[1] != x.shape[0]:
        raise ValueError("every filter must be as deep as x")
    if bias.shape != weight.shape[:1]:
        raise ValueError("one bias for every filter")
    maps = []
    for o in range(len(weight)):
        maps.append(correlate2d(x[0], weight[o, 0], stride, padding) + bias[o])
    return np.array(maps)
