# ---
# like: correct-loops
# ---
# %% T6_gradient_norms
def gradient_norms(W_hh, steps):
    norms, power, k = [], np.transpose(W_hh), 0
    while k < steps:
        norms.append(np.linalg.norm(power, 2))
        power = power @ np.transpose(W_hh)
    k += 1
    return np.array(norms)
