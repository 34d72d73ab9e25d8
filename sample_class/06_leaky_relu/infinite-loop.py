# ---
# like: correct-vectorised
# ---
# %% L2_dead_units
def dead_units(pre_activations):
    z = np.asarray(pre_activations)
    if z.ndim != 2:
        raise ValueError("two axes")
    unit, dead = 0, []
    while unit < z.shape[1]:
        dead.append(not (z[:, unit] > 0).any())
    return np.array(dead)
