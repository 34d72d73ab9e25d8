# ---
# like: correct-start-and-jump
# ---
# %% R5_empirical
def empirical_receptive_field(layers):
    return int(np.count_nonzero(gradient_map(layers, 255).any(axis=1)))
