# ---
# like: correct-loops
# ---
# %% T1_rnn_forward
def rnn_forward(xs, h0, W_hx, W_hh, W_yh):
    if len(xs) == 0:
        raise ValueError("no steps")
    h = np.zeros(len(W_hh))
    hs = []
    for x in xs:
        h = rnn_cell(x, h, W_hx, W_hh)
        hs.append(h)
    hs = np.array(hs)
    scores = hs @ W_yh.T
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return hs, powers / powers.sum(axis=1, keepdims=True)
