# ---
# like: correct-loops
# ---
# %% T8_lstm_cell
def lstm_cell(x, h, c, W_ih, W_hh, b_ih, b_hh):
    z = W_ih @ x + b_ih + W_hh @ h + b_hh
    i, f, o, g = np.split(z, 4)
    i, f, o = (1 / (1 + np.exp(-gate)) for gate in (i, f, o))
    c = f * c + i * np.tanh(g)
    return o * np.tanh(c), c
