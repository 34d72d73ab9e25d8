# ---
# like: correct-loops
# ---
# %% R7_design
def design(target, max_parameters):
    if target < 1 or max_parameters < 24:
        raise ValueError("impossible")
    stride, layers = 1, [conv(1)]
    while receptive_field(layers)[-1][0] < target:
        stride += 1
        layers = [conv(1, stride=stride)]
    return layers
