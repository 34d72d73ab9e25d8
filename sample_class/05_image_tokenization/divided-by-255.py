# ---
# like: correct-vectorised
# ---
# %% I4_scale_pixels
def scale_pixels(images):
    images = np.array(images, dtype=float)
    if images.min() < 0 or images.max() > 16:
        raise ValueError("out of range")
    return images / 255
