# ---
# like: correct-arithmetic
# ---
# %% L2_dead_units
def dead_units(pre_activations):
    z = np.asarray(pre_activations)
    if z.ndim != 2:
        raise ValueError("two axes")
    batch = z[: max(1, len(z) // 2)]
    return (batch <= 0).all(axis=0)
