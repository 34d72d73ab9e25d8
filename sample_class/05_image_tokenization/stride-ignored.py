# ---
# like: correct-vectorised
# ---
# %% I1_patch_tokens
def patch_tokens(image, size, stride=None):
    image = row_tokens(image)
    if not 1 <= size <= min(image.shape):
        raise ValueError("no such patch")
    if stride is not None:
        pair(stride, "stride", 1)
    tokens = []
    for top in range(0, image.shape[0] - size + 1, size):
        for left in range(0, image.shape[1] - size + 1, size):
            tokens.append(image[top:top + size, left:left + size].flatten())
    return np.array(tokens)
