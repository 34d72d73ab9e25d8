# ---
# like: correct-vectorised
# ---
# %% T6_clip_gradients
def clip_gradients(gradients, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in gradients.values())
    scale = min(1.0, max_norm / norm)
    return {name: scale * g for name, g in gradients.items()}
