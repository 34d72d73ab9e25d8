# %% [markdown] T11_answer
```
x --W_hx--> h --W_yh--> y
            ^ \
            |  | W_hh, to the next time step
             \_/
```
One cell with a loop from h to h. How often the loop runs, so the length of the
sequence, cannot be seen any more.
# %% T1_rnn_cell
import math


def rnn_cell(x, h, W_hx, W_hh):
    new = []
    for i in range(len(h)):
        z = 0.0
        for j in range(len(h)):
            z += W_hh[i][j] * h[j]
        for j in range(len(x)):
            z += W_hx[i][j] * x[j]
        new.append(math.tanh(z))
    return np.array(new)
# %% T1_rnn_forward
def rnn_forward(xs, h0, W_hx, W_hh, W_yh):
    if len(xs) == 0:
        raise ValueError("the sequence has no steps")
    hs, ys, h = [], [], h0
    for x in xs:
        h = rnn_cell(x, h, W_hx, W_hh)
        scores = [sum(w * number for w, number in zip(row, h)) for row in W_yh]
        largest = max(scores)
        powers = [math.exp(score - largest) for score in scores]
        hs.append(h)
        ys.append([power / sum(powers) for power in powers])
    return np.array(hs), np.array(ys)
# %% T2_task_types
task_types = {
    "image caption": "one-to-many",
    "music": "one-to-many",
    "text in a style": "one-to-many",
    "stock direction": "many-to-one",
    "sentiment": "many-to-one",
    "text classification": "many-to-one",
    "health monitoring": "many-to-one",
    "translation": "many-to-many",
    "phonetic transcription": "many-to-many",
    "handwriting": "many-to-many",
    "image class": "one-to-one",
}
# %% T3_one_to_many
def one_to_many(x, h0, steps, W_hx, W_hh, W_yh):
    if steps < 1:
        raise ValueError(f"steps is {steps}")
    xs = [x]
    while len(xs) < steps:
        xs.append([0.0] * len(x))
    hs, ys = rnn_forward(xs, h0, W_hx, W_hh, W_yh)
    return ys
# %% T3_many
def many_to_one(xs, h0, W_hx, W_hh, W_yh):
    hs, ys = rnn_forward(xs, h0, W_hx, W_hh, W_yh)
    return ys[-1]


def many_to_many(xs, h0, W_hx, W_hh, W_yh):
    hs, ys = rnn_forward(xs, h0, W_hx, W_hh, W_yh)
    return ys
# %% T3_encoder_decoder
def encoder_decoder(xs, h0, steps, encoder, decoder):
    if steps < 1:
        raise ValueError(f"steps is {steps}")
    h = h0
    for x in xs:
        h = rnn_cell(x, h, encoder["W_hx"], encoder["W_hh"])
    width = len(decoder["W_hx"][0])
    nothing = [[0.0] * width for _ in range(steps)]
    hs, ys = rnn_forward(
        nothing, h, decoder["W_hx"], decoder["W_hh"], decoder["W_yh"]
    )
    return ys
# %% [markdown] T4_answer
Captioning is one-to-many: one image in, many words out (also: music from a
mood, a story from a title). Predicting a share is many-to-one: many prices in,
one answer at the end (also: spam or not, will this machine break). Text
classification is many-to-one: many words, one label (also: which language,
which author). Translation is many-to-many: a sentence in and a sentence out,
and since the lengths differ the network reads everything before it writes (also:
summaries, answers to questions).
# %% T5_bptt
def bptt(xs, h0, targets, W_hx, W_hh, W_yh):
    hs = [np.array(h0)]
    for x in xs:
        hs.append(rnn_cell(x, hs[-1], W_hx, W_hh))
    size, features, outputs = len(h0), len(xs[0]), len(W_yh)
    gradients = {
        "W_hx": np.zeros((size, features)),
        "W_hh": np.zeros((size, size)),
        "W_yh": np.zeros((outputs, size)),
    }
    later = np.zeros(size)
    for t in range(len(xs) - 1, -1, -1):
        h = hs[t + 1]
        error = W_yh @ h - targets[t]
        inside = np.zeros(size)
        for i in range(size):
            message = later[i] + sum(W_yh[o][i] * error[o] for o in range(outputs))
            inside[i] = message * (1 - h[i] ** 2)
        for i in range(size):
            for j in range(size):
                gradients["W_hh"][i, j] += inside[i] * hs[t][j]
            for j in range(features):
                gradients["W_hx"][i, j] += inside[i] * xs[t][j]
        for o in range(outputs):
            gradients["W_yh"][o] += error[o] * h
        later = np.array([sum(W_hh[i][j] * inside[i] for i in range(size)) for j in range(size)])
    return gradients
# %% T6_gradient_norms
def gradient_norms(W_hh, steps):
    W = np.array(W_hh, dtype=float)
    if steps < 1 or W.shape[0] != W.shape[1]:
        raise ValueError("steps must be at least 1 and W_hh square")
    norms, power = [], W.T
    for k in range(steps):
        norms.append(np.linalg.svd(power)[1][0])
        power = power @ W.T
    return norms
# %% T6_clip_gradients
def clip_gradients(gradients, max_norm):
    if max_norm <= 0:
        raise ValueError("max_norm must be above 0")
    total = 0.0
    for g in gradients.values():
        for number in np.ravel(g):
            total += number**2
    norm = math.sqrt(total)
    scale = 1.0
    if norm > max_norm:
        scale = max_norm / norm
    return {name: np.array(g) * scale for name, g in gradients.items()}
# %% [markdown] T7_answer
Gradient clipping: helps against exploding only, because it limits the length.
LSTM or GRU gates: against vanishing, because the cell is added to and the forget
gate can be nearly 1. ReLU instead of tanh: against vanishing, its slope is 1.
Orthogonal initialisation: against both, at least in the beginning, since powers
of such a matrix keep lengths. Dropout helps against neither of them; it is for
over-fitting.
# %% T8_lstm_cell
def lstm_cell(x, h, c, W_ih, W_hh, b_ih, b_hh):
    def gate(z):
        return 1 / (1 + math.exp(-z))

    size = len(h)
    new_h, new_c = [], []
    for k in range(size):
        z = []
        for row in (k, size + k, 2 * size + k, 3 * size + k):
            total = b_ih[row] + b_hh[row]
            total += sum(w * number for w, number in zip(W_ih[row], x))
            total += sum(w * number for w, number in zip(W_hh[row], h))
            z.append(total)
        i, f, g, o = gate(z[0]), gate(z[1]), math.tanh(z[2]), gate(z[3])
        new_c.append(f * c[k] + i * g)
        new_h.append(o * math.tanh(new_c[k]))
    return np.array(new_h), np.array(new_c)
# %% T10_parameters
def rnn_parameters(input_size, hidden_size):
    if input_size < 1 or hidden_size < 1:
        raise ValueError("sizes start at 1")
    count = 0
    for _ in range(hidden_size):
        count += input_size + hidden_size + 2
    return count


def lstm_parameters(input_size, hidden_size):
    return sum(rnn_parameters(input_size, hidden_size) for gate in "ifgo")
