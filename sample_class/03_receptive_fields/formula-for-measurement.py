# ---
# like: correct-pixel-sets
# ---
# %% R5_empirical
def empirical_receptive_field(layers):
    return receptive_field(layers)[-1][0]
