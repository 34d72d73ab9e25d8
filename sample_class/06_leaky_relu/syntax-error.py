# ---
# like: correct-loops
# ---
# %% L2_dead_units
def dead_units(pre_activations):
    z = np.asarray(pre_activations)
    if z.ndim =! 2:
        raise ValueError("two axes")
    return (z <= 0).all(axis=0)
