# ---
# like: correct-formula
# ---
# %% S10_vgg16
def vgg16():
    layers = []
    for how_many, filters in [(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)]:
        for i in range(how_many):
            layers.append({"type": "conv", "out_channels": filters, "kernel": 3, "padding": 1})
            layers.append({"type": "maxpool", "kernel": 2})
    layers.append({"type": "flatten"})
    for features in (4096, 4096, 1000):
        layers.append({"type": "linear", "out_features": features})
    return layers
