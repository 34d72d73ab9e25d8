# ---
# like: correct-loops
# ---
# %% R4_input_region
def input_region(layers, row, col, input_shape):
    region = []
    for axis, place in enumerate((row, col)):
        n = input_shape[1 + axis]
        for k, s, p, d in windows(layers):
            n = (n + 2 * p[axis] - d[axis] * (k[axis] - 1) - 1) // s[axis] + 1
            if n < 1:
                raise ValueError("does not fit")
        if not 0 <= place < n:
            raise ValueError("no such unit")
        first = last = place
        for k, s, p, d in reversed(windows(layers)):
            first = first * s[axis]
            last = last * s[axis] + d[axis] * (k[axis] - 1)
        region.append((first, min(last, input_shape[1 + axis] - 1)))
    return tuple(region)
