# ---
# like: correct-loops
# ---
# %% T1_rnn_forward
def rnn_forward(xs, h0, W_hx, W_hh, W_yh):
    if len(xs) == 0:
        raise ValueError("no steps")
    hs, h = [], h0
    for x in xs:
        h = rnn_cell(x, h, W_hx, W_hh)
        hs.append(h)
    hs = np.array(hs)
    scores = hs @ W_yh.T
    powers = np.exp(scores - scores.max(axis=0))
    return hs, powers / powers.sum(axis=0)
