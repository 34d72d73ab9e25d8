# ---
# like: correct-float32
# ---
# %% T5_bptt
def bptt(xs, h0, targets, W_hx, W_hh, W_yh):
    hs, _ = rnn_forward(xs, h0, W_hx, W_hh, W_yh)
    error = W_yh @ hs[-1] - targets[-1]
    delta = (W_yh.T @ error) * (1 - hs[-1] ** 2)
    before = hs[-2] if len(hs) > 1 else h0
    return {
        "W_hx": np.outer(delta, xs[-1]),
        "W_hh": np.outer(delta, before),
        "W_yh": np.outer(error, hs[-1]),
    }
