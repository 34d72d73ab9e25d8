# ---
# like: correct-vectorised
# ---
# %% T1_rnn_cell
def rnn_cell(x, h, W_hx, W_hh):
    x, h, W_hx, W_hh = (np.asarray(a, dtype=np.float32) for a in (x, h, W_hx, W_hh))
    return np.tanh(W_hh @ h + W_hx @ x)
# %% T1_rnn_forward
def rnn_forward(xs, h0, W_hx, W_hh, W_yh):
    if len(xs) == 0:
        raise ValueError("no steps")
    h, hs = np.asarray(h0, dtype=np.float32), []
    for x in xs:
        h = rnn_cell(x, h, W_hx, W_hh)
        hs.append(h)
    hs = np.stack(hs)
    scores = hs @ np.asarray(W_yh, dtype=np.float32).T
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return hs, powers / powers.sum(axis=1, keepdims=True)
# %% [markdown] T4_answer
Captioning: one to many. Share: many to one. Text classification: many to one.
Translation: many to many.
# %% T5_bptt
def bptt(xs, h0, targets, W_hx, W_hh, W_yh):
    xs, h0, targets, W_hx, W_hh, W_yh = (
        np.asarray(a, dtype=np.float32) for a in (xs, h0, targets, W_hx, W_hh, W_yh)
    )
    hs, _ = rnn_forward(xs, h0, W_hx, W_hh, W_yh)
    total = {"W_hx": 0 * W_hx, "W_hh": 0 * W_hh, "W_yh": 0 * W_yh}
    later = np.zeros_like(h0)
    for t in reversed(range(len(xs))):
        error = W_yh @ hs[t] - targets[t]
        delta = (W_yh.T @ error + later) * (1 - hs[t] ** 2)
        total["W_yh"] += error[:, None] * hs[t]
        total["W_hx"] += delta[:, None] * xs[t]
        total["W_hh"] += delta[:, None] * (hs[t - 1] if t else h0)
        later = delta @ W_hh
    return total
# %% T6_gradient_norms
def gradient_norms(W_hh, steps):
    W = np.asarray(W_hh, dtype=np.float32)
    if steps < 1 or W.shape[0] != W.shape[1]:
        raise ValueError("bad steps or W_hh")
    power, norms = W.T, []
    for _ in range(steps):
        norms.append(np.linalg.norm(power, 2))
        power = power @ W.T
    return np.array(norms)
# %% T6_clip_gradients
def clip_gradients(gradients, max_norm):
    if max_norm <= 0:
        raise ValueError("max_norm must be positive")
    gradients = {name: np.float32(g) for name, g in gradients.items()}
    norm = np.sqrt(sum((g**2).sum() for g in gradients.values()))
    scale = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return {name: np.float32(scale) * g for name, g in gradients.items()}
# %% T8_lstm_cell
def lstm_cell(x, h, c, W_ih, W_hh, b_ih, b_hh):
    x, h, c, W_ih, W_hh, b_ih, b_hh = (
        np.asarray(a, dtype=np.float32) for a in (x, h, c, W_ih, W_hh, b_ih, b_hh)
    )
    i, f, g, o = np.split(W_ih @ x + b_ih + W_hh @ h + b_hh, 4)
    c = c / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
    return np.tanh(c) / (1 + np.exp(-o)), c
