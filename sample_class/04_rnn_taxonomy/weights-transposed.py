# ---
# like: correct-vectorised
# ---
# %% T1_rnn_cell
def rnn_cell(x, h, W_hx, W_hh):
    return np.tanh(h @ W_hh + W_hx @ x)
