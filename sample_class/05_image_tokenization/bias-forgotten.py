# ---
# like: correct-vectorised
# ---
# %% I2_patch_embedding
def patch_embedding(image, weight, bias, size):
    weight = np.array(weight, dtype=float)
    if weight.shape != (len(bias), size * size):
        raise ValueError("weight does not fit")
    return patch_tokens(image, size) @ weight.T
