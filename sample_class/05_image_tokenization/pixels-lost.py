# ---
# like: correct-loops
# ---
# %% I7_own_tokens
def own_tokens(image):
    # a spiral, made for 8×8
    order = []
    for ring in range(4):
        low, high = ring, 7 - ring
        order += [(low, j) for j in range(low, high)]
        order += [(i, high) for i in range(low, high)]
        order += [(high, j) for j in range(high, low, -1)]
        order += [(i, low) for i in range(high, low, -1)]
    image = np.array(image, dtype=float)
    kept = [image[i, j] for i, j in order if i < image.shape[0] and j < image.shape[1]]
    return np.array(kept[:len(kept) // 8 * 8]).reshape(-1, 8)
