# ---
# like: correct-loops
# ---
# %% R6_vgg_layers
def vgg_layers(blocks):
    layers = []
    for convolutions in blocks:
        for _ in range(convolutions):
            layers.append(conv(3, padding=1))
            layers.append(pool(2))
    return layers
