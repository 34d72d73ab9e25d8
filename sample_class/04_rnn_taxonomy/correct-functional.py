# ---
# like: correct-vectorised
# ---
# %% [markdown] T11_answer
A node x, a node h, a node y. Arrows x to h (W_hx), h to y (W_yh), and from h to
itself (W_hh), read as "next time". The unrolled picture has a definite number of
steps and a beginning, h0; the folded one leaves both open.
# %% T1_rnn_cell
rnn_cell = lambda x, h, W_hx, W_hh: np.tanh(np.dot(W_hx, x) + np.dot(W_hh, h))
# %% T1_rnn_forward
from itertools import accumulate


def softmax(scores):
    powers = np.exp(scores - np.max(scores))
    return powers / np.sum(powers)


def rnn_forward(xs, h0, W_hx, W_hh, W_yh):
    step = lambda h, x: rnn_cell(x, h, W_hx, W_hh)
    _, *hs = accumulate(xs, step, initial=h0)
    if not hs:
        raise ValueError("an empty sequence has no states")
    return np.array(hs), np.array([softmax(W_yh @ h) for h in hs])
# %% T2_task_types
groups = {
    "one-to-one": ["image class"],
    "one-to-many": ["image caption", "music", "text in a style"],
    "many-to-one": [
        "stock direction", "sentiment", "text classification", "health monitoring"
    ],
    "many-to-many": ["translation", "phonetic transcription", "handwriting"],
}
task_types = {task: kind for kind, tasks in groups.items() for task in tasks}
# %% T3_many
def many_to_many(*sequence, **network):
    return rnn_forward(*sequence, **network)[1]


def many_to_one(*sequence, **network):
    return many_to_many(*sequence, **network)[-1]
# %% T3_encoder_decoder
from functools import reduce


def encoder_decoder(xs, h0, steps, encoder, decoder):
    thought = reduce(lambda h, x: rnn_cell(x, h, **encoder), xs, h0)
    silence = np.zeros(np.shape(decoder["W_hx"])[1])
    return one_to_many(silence, thought, steps, **decoder)
# %% T5_bptt
def bptt(xs, h0, targets, W_hx, W_hh, W_yh):
    def walk(t, h):
        """Gradients from step t on, and the message to the state before it."""
        if t == len(xs):
            return (0, 0, 0), 0
        new = rnn_cell(xs[t], h, W_hx, W_hh)
        (dx, dh, dy), message = walk(t + 1, new)
        error = W_yh @ new - targets[t]
        delta = (W_yh.T @ error + message) * (1 - new**2)
        sums = dx + np.outer(delta, xs[t]), dh + np.outer(delta, h), dy + np.outer(error, new)
        return sums, W_hh.T @ delta

    return dict(zip(("W_hx", "W_hh", "W_yh"), walk(0, np.asarray(h0))[0]))
# %% T6_gradient_norms
def gradient_norms(W_hh, steps):
    if steps < 1:
        raise ValueError("at least one step")
    powers = accumulate([np.transpose(W_hh)] * steps, np.matmul)
    # the spectral norm is the root of the largest eigenvalue of A A'
    return [float(np.sqrt(max(np.linalg.eigvalsh(A @ A.T).max(), 0))) for A in powers]
# %% [markdown] T7_answer
1. Orthogonal or identity initialisation: against both, because multiplying by such
a matrix keeps lengths.
2. Clipping by norm: only against exploding; it shortens and never lengthens.
3. LSTM/GRU gates: against vanishing; the cell travels by addition with a learned
factor near one.
4. Layer normalisation: against both, keeps units away from saturation; batch norm
suits RNNs less because its statistics change from step to step.
Dropout is often on such lists, but it fights over-fitting.
