# ---
# like: correct-loops
# ---
# %% I2_patch_embedding
def patch_embedding(image, weight, bias, size)
    return patch_tokens(image, size) @ np.transpose(weight) + bias
