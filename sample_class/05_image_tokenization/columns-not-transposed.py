# ---
# like: correct-loops
# ---
# %% I1_row_column_tokens
def row_tokens(image):
    image = np.array(image, dtype=float)
    if image.ndim != 2:
        raise ValueError("not an image")
    return image


def column_tokens(image):
    image = row_tokens(image)
    return image.reshape(image.shape[1], image.shape[0])
