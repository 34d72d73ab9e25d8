# ---
# like: correct-loops
# ---
# %% R6_vgg_layers
def vgg_layers(blocks)
    return [conv(3, padding=1)] * sum(blocks)
