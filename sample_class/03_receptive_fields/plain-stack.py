# ---
# like: correct-start-and-jump
# ---
# %% R7_design
def design(target, max_parameters):
    if target < 1 or max_parameters < 24:
        raise ValueError("impossible")
    layers = [conv(3)]
    while receptive_field(layers)[-1][0] < target:
        layers.append(conv(3))
    return layers
