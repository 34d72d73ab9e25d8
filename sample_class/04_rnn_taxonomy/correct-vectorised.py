# ---
# like: correct-loops
# ---
# %% [markdown] T11_answer
x -> h -> y with W_hx and W_yh on the arrows, and an arrow W_hh from h back to h
(next step).
# %% T1_rnn_cell
def rnn_cell(x, h, W_hx, W_hh):
    return np.tanh(np.concatenate([W_hh, W_hx], axis=1) @ np.concatenate([h, x]))
# %% T1_rnn_forward
def rnn_forward(xs, h0, W_hx, W_hh, W_yh):
    if len(xs) < 1:
        raise ValueError("no steps")
    news = np.asarray(xs) @ W_hx.T  # every step's input at once
    hs = np.empty((len(xs), len(h0)))
    for t in range(len(xs)):
        hs[t] = np.tanh(W_hh @ (hs[t - 1] if t else h0) + news[t])
    scores = np.einsum("th,oh->to", hs, W_yh)
    logs = scores - np.logaddexp.reduce(scores, axis=1)[:, None]
    return hs, np.exp(logs)
# %% T3_one_to_many
def one_to_many(x, h0, steps, W_hx, W_hh, W_yh):
    first = np.arange(whole_number(steps, "steps", 1)) == 0
    return rnn_forward(np.outer(first, x), h0, W_hx, W_hh, W_yh)[1]
# %% T3_encoder_decoder
def encoder_decoder(xs, h0, steps, encoder, decoder):
    hs, _ = rnn_forward(xs, h0, encoder["W_hx"], encoder["W_hh"], np.eye(len(h0)))
    nothing = np.zeros((whole_number(steps, "steps", 1), decoder["W_hx"].shape[1]))
    return rnn_forward(nothing, hs[-1], **decoder)[1]
# %% T5_bptt
def bptt(xs, h0, targets, W_hx, W_hh, W_yh):
    xs = np.asarray(xs)
    hs, _ = rnn_forward(xs, h0, W_hx, W_hh, W_yh)
    errors = hs @ W_yh.T - targets
    deltas = errors @ W_yh
    slopes = 1 - hs**2
    deltas[-1] *= slopes[-1]
    for t in range(len(xs) - 2, -1, -1):
        deltas[t] = (deltas[t] + deltas[t + 1] @ W_hh) * slopes[t]
    before = np.vstack([h0, hs[:-1]])
    return {"W_hx": deltas.T @ xs, "W_hh": deltas.T @ before, "W_yh": errors.T @ hs}
# %% T6_gradient_norms
def gradient_norms(W_hh, steps):
    steps = whole_number(steps, "steps", 1)
    powers = [np.linalg.matrix_power(np.transpose(W_hh), k + 1) for k in range(steps)]
    return np.linalg.norm(np.array(powers, dtype=float), ord=2, axis=(1, 2))
# %% T6_clip_gradients
def clip_gradients(gradients, max_norm):
    if max_norm <= 0:
        raise ValueError("max_norm must be positive")
    everything = np.concatenate([np.ravel(g) for g in gradients.values()])
    norm = np.linalg.norm(everything)
    return {name: g / max(1.0, norm / max_norm) for name, g in gradients.items()}
# %% [markdown] T7_answer
Initialise W_hh near a rotation (both problems, powers stay the same size), gates
as in LSTMs (vanishing, the cell has a road of its own), clip gradients (exploding),
normalise layers (both). Early stopping is against over-fitting, so it helps
against neither.
# %% T8_lstm_cell
def lstm_cell(x, h, c, W_ih, W_hh, b_ih, b_hh):
    z = (W_ih @ x + b_ih + W_hh @ h + b_hh).reshape(4, -1)
    i, f, o = 1 / (1 + np.exp(-z[[0, 1, 3]]))
    c = f * c + i * np.tanh(z[2])
    return o * np.tanh(c), c
# %% T10_parameters
def rnn_parameters(input_size, hidden_size):
    if min(input_size, hidden_size) < 1:
        raise ValueError("sizes start at 1")
    shapes = [(hidden_size, input_size), (hidden_size, hidden_size), (hidden_size,), (hidden_size,)]
    return int(sum(np.prod(shape) for shape in shapes))


def lstm_parameters(input_size, hidden_size):
    return 4 * rnn_parameters(input_size, hidden_size)
