"""What goes wrong when one writes a recurrent network by hand.

Each bank carries the name of the function of the tutorial whose mistakes it holds. The wrong
versions lean on the reference, so that each shows its one mistake and nothing else.
"""

import numpy as np

from course_utils.staff.mistakes.bank import MistakeBank
from course_utils.staff.reference import rnn_taxonomy as reference
from course_utils.staff.reference.rnn_taxonomy.by_hand import sigmoid

rnn_cell = MistakeBank(reference.rnn_cell)


@rnn_cell.add(
    "The old state plays no part: add `W_hh @ h` before the tanh, or nothing is ever remembered."
)
def state_ignored(x, h, W_hx, W_hh):
    return reference.rnn_cell(x, np.zeros(len(h)), W_hx, W_hh)


@rnn_cell.add("The input plays no part: add `W_hx @ x` before the tanh.")
def input_ignored(x, h, W_hx, W_hh):
    return reference.rnn_cell(np.zeros(len(x)), h, W_hx, W_hh)


@rnn_cell.add("The activation is missing: the new state is the tanh of the sum.")
def activation_forgotten(x, h, W_hx, W_hh):
    return W_hh @ h + W_hx @ x


@rnn_cell.add("`W_hh` is transposed: its rows lead to the new state, so multiply `W_hh @ h`.")
def recurrent_weights_transposed(x, h, W_hx, W_hh):
    return reference.rnn_cell(x, h, W_hx, np.transpose(W_hh))


@rnn_cell.add("Add first, then take one tanh of the sum; yours takes a tanh of each part.")
def tanh_of_each_part(x, h, W_hx, W_hh):
    return np.tanh(W_hh @ h) + np.tanh(W_hx @ x)


@rnn_cell.add("The activation here is tanh, with values from −1 to 1; yours is the sigmoid.")
def sigmoid_for_tanh(x, h, W_hx, W_hh):
    return sigmoid(W_hh @ h + W_hx @ x)


rnn_forward = MistakeBank(reference.rnn_forward)


@rnn_forward.add("`h0` plays no part: the first step starts from `h0`, not from zeros.")
def h0_ignored(xs, h0, W_hx, W_hh, W_yh):
    return reference.rnn_forward(xs, np.zeros(len(h0)), W_hx, W_hh, W_yh)


def _reset_at_each_step(xs, h0, W_hx, W_hh, W_yh):
    steps = [reference.rnn_forward(x[None], h0, W_hx, W_hh, W_yh) for x in np.asarray(xs)]
    return tuple(np.concatenate(parts) for parts in zip(*steps, strict=True))


@rnn_forward.add(
    "Every step starts from `h0` again, so the network has no memory: hand each step the state "
    "that the step before it returned."
)
def state_reset_each_step(xs, h0, W_hx, W_hh, W_yh):
    return _reset_at_each_step(xs, h0, W_hx, W_hh, W_yh)


@rnn_forward.add("The outputs are still scores: turn each `W_yh @ h` into probabilities.")
def softmax_forgotten(xs, h0, W_hx, W_hh, W_yh):
    hs, _ = reference.rnn_forward(xs, h0, W_hx, W_hh, W_yh)
    return hs, hs @ np.transpose(W_yh)


@rnn_forward.add(
    "Your softmax sums to 1 over *time*. Each step's outputs are a distribution of their own: "
    "normalise along the last axis."
)
def softmax_over_time(xs, h0, W_hx, W_hh, W_yh):
    hs, _ = reference.rnn_forward(xs, h0, W_hx, W_hh, W_yh)
    return hs, reference.softmax((hs @ np.transpose(W_yh)).T).T


@rnn_forward.add(
    "Your softmax overflows for large scores (e to the 1000 is infinite): subtract the largest "
    "score of the step first; the probabilities stay the same."
)
def softmax_overflows(xs, h0, W_hx, W_hh, W_yh):
    hs, _ = reference.rnn_forward(xs, h0, W_hx, W_hh, W_yh)
    with np.errstate(all="ignore"):
        powers = np.exp(hs @ np.transpose(W_yh))
        return hs, powers / powers.sum(axis=-1, keepdims=True)


@rnn_forward.add(
    "`h0` is among your states: `hs` starts with the state *after* the first input, so that it "
    "has one row per input."
)
def first_state_listed(xs, h0, W_hx, W_hh, W_yh):
    hs, ys = reference.rnn_forward(xs, h0, W_hx, W_hh, W_yh)
    return np.vstack([h0, hs]), ys


@rnn_forward.add(
    "Output `t` is read from the state before input `t`: step first, then read the output."
)
def output_before_the_step(xs, h0, W_hx, W_hh, W_yh):
    hs, _ = reference.rnn_forward(xs, h0, W_hx, W_hh, W_yh)
    return hs, reference.softmax(np.vstack([h0, hs[:-1]]) @ np.transpose(W_yh))


@rnn_forward.add("You read the sequence from its end: the first row of `xs` comes first.")
def reads_backwards(xs, h0, W_hx, W_hh, W_yh):
    return reference.rnn_forward(np.asarray(xs)[::-1], h0, W_hx, W_hh, W_yh)


one_to_many = MistakeBank(reference.one_to_many)


@one_to_many.add(
    "You feed `x` again at every step. It is given once, at the first step; after that the input "
    "is a vector of zeros."
)
def input_repeated(x, h0, steps, W_hx, W_hh, W_yh):
    return reference.rnn_forward([x] * steps, h0, W_hx, W_hh, W_yh)[1]


@one_to_many.add("`h0` plays no part: start from `h0`, not from zeros.")
def first_state_ignored(x, h0, steps, W_hx, W_hh, W_yh):
    return reference.one_to_many(x, np.zeros(len(h0)), steps, W_hx, W_hh, W_yh)


@one_to_many.add("`x` never arrives: it is the input of the first step, and zeros follow.")
def input_lost(x, h0, steps, W_hx, W_hh, W_yh):
    return reference.one_to_many(np.zeros(len(x)), h0, steps, W_hx, W_hh, W_yh)


@one_to_many.add("One output too many: `steps` counts the first one, the one with input, too.")
def one_step_too_many(x, h0, steps, W_hx, W_hh, W_yh):
    return reference.one_to_many(x, h0, steps + 1, W_hx, W_hh, W_yh)


@one_to_many.add("Only the last output is there; one-to-many returns all of them, a row per step.")
def only_the_last_output(x, h0, steps, W_hx, W_hh, W_yh):
    return reference.one_to_many(x, h0, steps, W_hx, W_hh, W_yh)[-1]


OVER_TIME = (
    "Your softmax sums to 1 over *time*. Each step's outputs are a distribution of their own: "
    "normalise along the last axis. If you call your own `rnn_forward`, look there first."
)


@one_to_many.add(OVER_TIME)
def one_to_many_over_time(x, h0, steps, W_hx, W_hh, W_yh):
    x = np.asarray(x, dtype=float)
    xs = np.vstack([x, np.zeros((steps - 1, len(x)))])
    return softmax_over_time(xs, h0, W_hx, W_hh, W_yh)[1]


many_to_one = MistakeBank(reference.many_to_one)


@many_to_one.add("These are the outputs of all steps; many-to-one keeps only the last.")
def all_outputs(xs, h0, W_hx, W_hh, W_yh):
    return reference.many_to_many(xs, h0, W_hx, W_hh, W_yh)


@many_to_one.add("This is the first output, given before most of the sequence was read.")
def first_output(xs, h0, W_hx, W_hh, W_yh):
    return reference.many_to_many(xs, h0, W_hx, W_hh, W_yh)[0]


@many_to_one.add("Outputs are not averaged: the last state has seen everything, so read only it.")
def mean_of_outputs(xs, h0, W_hx, W_hh, W_yh):
    return reference.many_to_many(xs, h0, W_hx, W_hh, W_yh).mean(axis=0)


@many_to_one.add(OVER_TIME)
def many_to_one_over_time(xs, h0, W_hx, W_hh, W_yh):
    return softmax_over_time(xs, h0, W_hx, W_hh, W_yh)[1][-1]


@many_to_one.add("`h0` plays no part: start from `h0`, not from zeros.")
def start_ignored(xs, h0, W_hx, W_hh, W_yh):
    return reference.many_to_one(xs, np.zeros(len(h0)), W_hx, W_hh, W_yh)


@many_to_one.add("This is the last *state*; the answer is the output that is read from it.")
def state_for_output(xs, h0, W_hx, W_hh, W_yh):
    return reference.rnn_forward(xs, h0, W_hx, W_hh, W_yh)[0][-1]


many_to_many = MistakeBank(reference.many_to_many)


@many_to_many.add("Only the last output is there; many-to-many returns one row per input.")
def last_output_alone(xs, h0, W_hx, W_hh, W_yh):
    return reference.many_to_one(xs, h0, W_hx, W_hh, W_yh)


@many_to_many.add("`h0` plays no part: start from `h0`, not from zeros.")
def many_h0_ignored(xs, h0, W_hx, W_hh, W_yh):
    return reference.many_to_many(xs, np.zeros(len(h0)), W_hx, W_hh, W_yh)


@many_to_many.add("Every step starts from `h0` again: hand each step the state of the one before.")
def memoryless(xs, h0, W_hx, W_hh, W_yh):
    return _reset_at_each_step(xs, h0, W_hx, W_hh, W_yh)[1]


@many_to_many.add("These are the *states*; the answer is the outputs that are read from them.")
def states_for_outputs(xs, h0, W_hx, W_hh, W_yh):
    return reference.rnn_forward(xs, h0, W_hx, W_hh, W_yh)[0]


@many_to_many.add(OVER_TIME)
def many_to_many_over_time(xs, h0, W_hx, W_hh, W_yh):
    return softmax_over_time(xs, h0, W_hx, W_hh, W_yh)[1]


encoder_decoder = MistakeBank(reference.encoder_decoder)


def _encoded(xs, h0, encoder):
    for x in np.asarray(xs, dtype=float):
        h0 = reference.rnn_cell(x, h0, **encoder)
    return h0


def _decoded(state, steps, decoder):
    silence = np.zeros(np.shape(decoder["W_hx"])[1])
    return reference.one_to_many(silence, state, steps, **decoder)


@encoder_decoder.add(
    "The decoder starts from `h0`, so nothing of what was read reaches it: start it from the "
    "encoder's last state."
)
def decoder_starts_from_h0(xs, h0, steps, encoder, decoder):
    return _decoded(h0, steps, decoder)


@encoder_decoder.add(
    "The decoder starts from zeros, so nothing of what was read reaches it: start it from the "
    "encoder's last state."
)
def decoder_starts_from_zeros(xs, h0, steps, encoder, decoder):
    return _decoded(np.zeros(len(h0)), steps, decoder)


@encoder_decoder.add("The encoder starts from zeros; it should start from `h0`.")
def encoder_ignores_h0(xs, h0, steps, encoder, decoder):
    return _decoded(_encoded(xs, np.zeros(len(h0)), encoder), steps, decoder)


@encoder_decoder.add(
    "The decoder steps with the encoder's `W_hh`. They are two networks: each has weights of its "
    "own."
)
def encoder_weights_for_both(xs, h0, steps, encoder, decoder):
    return _decoded(_encoded(xs, h0, encoder), steps, decoder | {"W_hh": encoder["W_hh"]})


@encoder_decoder.add(
    "Your first output is read from the encoder's state itself. The decoder takes a step first, "
    "with zeros as input, then gives its first output."
)
def output_before_the_first_step(xs, h0, steps, encoder, decoder):
    state = _encoded(xs, h0, encoder)
    first = reference.softmax(np.asarray(decoder["W_yh"]) @ state)
    return np.vstack([first, _decoded(state, steps, decoder)[:-1]])


@encoder_decoder.add(
    "The decoder starts from the encoder's *first* state; the last one has read everything."
)
def first_state_of_the_encoder(xs, h0, steps, encoder, decoder):
    return _decoded(_encoded(xs[:1], h0, encoder), steps, decoder)


@encoder_decoder.add(OVER_TIME)
def decoder_over_time(xs, h0, steps, encoder, decoder):
    state = _encoded(xs, h0, encoder)
    silence = np.zeros(np.shape(decoder["W_hx"])[1])
    return one_to_many_over_time(silence, state, steps, **decoder)


bptt = MistakeBank(reference.bptt)


def _bptt(
    xs, h0, targets, W_hx, W_hh, W_yh, *, back=None, slope=None, before=None, errors=None, at=None
):
    """``reference.bptt`` with one of its parts replaced.

    back : the matrix that carries the gradient one step back; slope : tanh's derivative;
    before : the states before each step; errors : what is wrong with each output; at : the
    steps that count.
    """
    xs, h0, W_hh, W_yh = (np.asarray(a, dtype=float) for a in (xs, h0, W_hh, W_yh))
    hs, _ = reference.rnn_forward(xs, h0, W_hx, W_hh, W_yh)
    back = W_hh.T if back is None else back
    slope = 1 - hs**2 if slope is None else slope(hs)
    before = np.vstack([h0, hs[:-1]]) if before is None else before(hs)
    errors = hs @ W_yh.T - targets if errors is None else errors(hs @ W_yh.T)
    gradients = {"W_hx": 0.0, "W_hh": 0.0, "W_yh": 0.0}
    from_later = np.zeros(len(h0))
    for t in reversed(range(len(xs))):
        delta = (W_yh.T @ errors[t] + from_later) * slope[t]
        from_later = back @ delta
        if at is None or at(t, len(xs)):
            gradients["W_hx"] += np.outer(delta, xs[t])
            gradients["W_hh"] += np.outer(delta, before[t])
            gradients["W_yh"] += np.outer(errors[t], hs[t])
    return gradients


@bptt.add(
    "Only the last step counts. A shared weight works at every step, so its gradient is the sum "
    "over all steps: `+=`, not `=` at the end."
)
def last_step_only(xs, h0, targets, W_hx, W_hh, W_yh):
    return _bptt(xs, h0, targets, W_hx, W_hh, W_yh, at=lambda t, steps: t == steps - 1)


@bptt.add(
    "Only the first step counts: the loop goes backwards, and each round overwrites the one "
    "before. Add up with `+=`."
)
def first_step_only(xs, h0, targets, W_hx, W_hh, W_yh):
    return _bptt(xs, h0, targets, W_hx, W_hh, W_yh, at=lambda t, steps: t == 0)


@bptt.add(
    "Errors of later steps never reach earlier ones: `W_hh.T @ delta`, with the delta of step "
    "t + 1, is part of the gradient of the state at step t."
)
def gradient_not_carried_back(xs, h0, targets, W_hx, W_hh, W_yh):
    return _bptt(xs, h0, targets, W_hx, W_hh, W_yh, back=np.zeros(np.shape(W_hh)))


@bptt.add("Going back, the gradient passes through `W_hh` transposed: `W_hh.T @ delta`.")
def recurrent_weights_not_transposed(xs, h0, targets, W_hx, W_hh, W_yh):
    return _bptt(xs, h0, targets, W_hx, W_hh, W_yh, back=np.asarray(W_hh))


@bptt.add("The slope of tanh is missing: multiply the state's gradient by `1 - h**2`.")
def slope_of_tanh_forgotten(xs, h0, targets, W_hx, W_hh, W_yh):
    return _bptt(xs, h0, targets, W_hx, W_hh, W_yh, slope=np.ones_like)


@bptt.add(
    "Tanh is applied once too often: `h` already is the tanh, so its slope is `1 - h**2`, not "
    "`1 - tanh(h)**2`."
)
def slope_at_the_state(xs, h0, targets, W_hx, W_hh, W_yh):
    slope = lambda hs: 1 - np.tanh(hs) ** 2  # noqa: E731
    return _bptt(xs, h0, targets, W_hx, W_hh, W_yh, slope=slope)


@bptt.add(
    "`W_hh` multiplied the state *before* the step, so its gradient holds that state, not the "
    "one after."
)
def state_after_for_state_before(xs, h0, targets, W_hx, W_hh, W_yh):
    return _bptt(xs, h0, targets, W_hx, W_hh, W_yh, before=lambda hs: hs)


@bptt.add(
    "Your gradient of `W_hh` leaves the first step out, as if the state before it were zeros: it "
    "is `h0`."
)
def zeros_before_the_first_step(xs, h0, targets, W_hx, W_hh, W_yh):
    before = lambda hs: np.vstack([0 * hs[:1], hs[:-1]])  # noqa: E731
    return _bptt(xs, h0, targets, W_hx, W_hh, W_yh, before=before)


@bptt.add("This task has no softmax: the error of a step is `W_yh @ h - target`.")
def softmax_in_the_error(xs, h0, targets, W_hx, W_hh, W_yh):
    errors = lambda scores: reference.softmax(scores) - targets  # noqa: E731
    return _bptt(xs, h0, targets, W_hx, W_hh, W_yh, errors=errors)


@bptt.add("With ½ in front of the squares their derivative has no factor of 2.")
def factor_two(xs, h0, targets, W_hx, W_hh, W_yh):
    gradients = reference.bptt(xs, h0, targets, W_hx, W_hh, W_yh)
    return {name: 2 * gradient for name, gradient in gradients.items()}


@bptt.add("The loss is a sum over steps, so its gradient is not divided by their number.")
def averaged_over_time(xs, h0, targets, W_hx, W_hh, W_yh):
    gradients = reference.bptt(xs, h0, targets, W_hx, W_hh, W_yh)
    return {name: gradient / len(xs) for name, gradient in gradients.items()}


@bptt.add(
    "The sign is wrong: the error is output minus target, and what each step gives is added, not "
    "subtracted."
)
def sign_flipped(xs, h0, targets, W_hx, W_hh, W_yh):
    gradients = reference.bptt(xs, h0, targets, W_hx, W_hh, W_yh)
    return {name: -gradient for name, gradient in gradients.items()}


gradient_norms = MistakeBank(reference.gradient_norms)


def _powers(W_hh, steps):
    return [np.linalg.matrix_power(np.asarray(W_hh, dtype=float), k) for k in range(1, steps + 1)]


@gradient_norms.add(
    "This is the Frobenius norm, NumPy's default for a matrix. The spectral norm is the largest "
    "singular value: `np.linalg.norm(power, 2)`."
)
def frobenius_norm(W_hh, steps):
    return np.array([np.linalg.norm(power) for power in _powers(W_hh, steps)])


@gradient_norms.add(
    "This is the largest *eigenvalue* to the power k. The spectral norm is the largest singular "
    "value, and at first the two can differ a lot."
)
def largest_eigenvalue(W_hh, steps):
    return np.array([np.abs(np.linalg.eigvals(power)).max() for power in _powers(W_hh, steps)])


@gradient_norms.add(
    "This is the norm to the power k, which is only an upper bound: take the power of the "
    "*matrix* first, then its norm."
)
def power_of_the_norm(W_hh, steps):
    return np.linalg.norm(np.asarray(W_hh, dtype=float), 2) ** np.arange(1, steps + 1)


@gradient_norms.add("The first entry belongs to k = 1, one step back; yours starts with k = 0.")
def starts_at_power_zero(W_hh, steps):
    return np.array([1.0, *reference.gradient_norms(W_hh, steps)[:-1]])


@gradient_norms.add("`**` takes every entry to the power k; a power of a matrix is repeated `@`.")
def entries_to_the_power(W_hh, steps):
    W = np.asarray(W_hh, dtype=float)
    return np.array([np.linalg.norm(W**k, 2) for k in range(1, steps + 1)])


clip_gradients = MistakeBank(reference.clip_gradients)


def _scaled(gradients, scale):
    return {name: scale * np.asarray(g, dtype=float) for name, g in gradients.items()}


def _norms(gradients):
    return np.array([np.sqrt((np.asarray(g, dtype=float) ** 2).sum()) for g in gradients.values()])


@clip_gradients.add(
    "Each array is clipped by its own norm, which turns the step in another direction. There is "
    "one norm and one scale for all of them together."
)
def each_array_alone(gradients, max_norm):
    return {
        name: reference.clip_gradients({name: gradient}, max_norm)[name]
        for name, gradient in gradients.items()
    }


@clip_gradients.add(
    "Each number is cut off at max_norm, which turns the step in another direction. Scale all "
    "numbers by the same factor."
)
def each_number_cut_off(gradients, max_norm):
    return {name: np.clip(gradient, -max_norm, max_norm) for name, gradient in gradients.items()}


@clip_gradients.add(
    "Short gradients are stretched. Clipping never makes a gradient longer: the scale is at most 1."
)
def stretched_too(gradients, max_norm):
    norm = np.sqrt((_norms(gradients) ** 2).sum())
    return _scaled(gradients, max_norm / norm if norm else 1.0)


@clip_gradients.add("The square root is missing from your norm.")
def square_root_forgotten(gradients, max_norm):
    square = (_norms(gradients) ** 2).sum()
    return _scaled(gradients, min(1.0, max_norm / square) if square else 1.0)


@clip_gradients.add(
    "You add up the norms of the arrays. The global norm is the root of the sum of *all* squares."
)
def norms_added(gradients, max_norm):
    total = _norms(gradients).sum()
    return _scaled(gradients, min(1.0, max_norm / total) if total else 1.0)


lstm_cell = MistakeBank(reference.lstm_cell)


def _lstm(
    x, h, c, W_ih, W_hh, b_ih, b_hh, *, order=(0, 1, 2, 3), candidate=np.tanh, squash=np.tanh
):
    """``reference.lstm_cell`` with another order of gates or other functions."""
    blocks = np.split(np.asarray(W_ih) @ x + b_ih + np.asarray(W_hh) @ h + b_hh, 4)
    i, f, g, o = (blocks[place] for place in order)
    c = sigmoid(f) * c + sigmoid(i) * candidate(g)
    return sigmoid(o) * squash(c), c


@lstm_cell.add(
    "Your third block is the output gate and your fourth the candidate. torch's order is i, f, g, "
    "o: the candidate comes third."
)
def gates_in_order_i_f_o_g(x, h, c, W_ih, W_hh, b_ih, b_hh):
    return _lstm(x, h, c, W_ih, W_hh, b_ih, b_hh, order=(0, 1, 3, 2))


@lstm_cell.add(
    "Input and forget gate have changed places: the first block is i, the second f; f multiplies "
    "the old cell."
)
def input_and_forget_swapped(x, h, c, W_ih, W_hh, b_ih, b_hh):
    return _lstm(x, h, c, W_ih, W_hh, b_ih, b_hh, order=(1, 0, 2, 3))


@lstm_cell.add("The candidate g goes through tanh, so that it can be negative; yours is a gate.")
def sigmoid_for_the_candidate(x, h, c, W_ih, W_hh, b_ih, b_hh):
    return _lstm(x, h, c, W_ih, W_hh, b_ih, b_hh, candidate=sigmoid)


@lstm_cell.add("The new state is o * tanh(c): the tanh around the cell is missing.")
def cell_not_squashed(x, h, c, W_ih, W_hh, b_ih, b_hh):
    return _lstm(x, h, c, W_ih, W_hh, b_ih, b_hh, squash=lambda cell: cell)


@lstm_cell.add("There are two biases, and both count: add `b_ih` *and* `b_hh`.")
def second_bias_forgotten(x, h, c, W_ih, W_hh, b_ih, b_hh):
    return reference.lstm_cell(x, h, c, W_ih, W_hh, b_ih, np.zeros(len(b_hh)))


@lstm_cell.add("The new state is read from the *new* cell; yours is read from the old one.")
def state_from_the_old_cell(x, h, c, W_ih, W_hh, b_ih, b_hh):
    *_, o = np.split(np.asarray(W_ih) @ x + b_ih + np.asarray(W_hh) @ h + b_hh, 4)
    _, new = reference.lstm_cell(x, h, c, W_ih, W_hh, b_ih, b_hh)
    return sigmoid(o) * np.tanh(c), new


@lstm_cell.add("Return the state first, then the cell: `(h, c)`. Yours are the other way round.")
def state_and_cell_swapped(x, h, c, W_ih, W_hh, b_ih, b_hh):
    return reference.lstm_cell(x, h, c, W_ih, W_hh, b_ih, b_hh)[::-1]


rnn_parameters = MistakeBank(reference.rnn_parameters)


@rnn_parameters.add("torch keeps *two* biases of `hidden_size` numbers each; you count one.")
def one_bias(input_size, hidden_size):
    return hidden_size * (input_size + hidden_size + 1)


@rnn_parameters.add("The biases are missing: torch keeps two of `hidden_size` numbers each.")
def no_bias(input_size, hidden_size):
    return hidden_size * (input_size + hidden_size)


@rnn_parameters.add("The recurrent weights are missing: `W_hh` holds hidden_size² numbers.")
def recurrent_weights_forgotten(input_size, hidden_size):
    return hidden_size * (input_size + 2)


@rnn_parameters.add("Each of the two biases holds `hidden_size` numbers, not a single one.")
def biases_of_one_number(input_size, hidden_size):
    return hidden_size * (input_size + hidden_size) + 2


lstm_parameters = MistakeBank(reference.lstm_parameters)


@lstm_parameters.add("An LSTM has four blocks of weights (i, f, g, o); this is the count of one.")
def one_block(input_size, hidden_size):
    return reference.rnn_parameters(input_size, hidden_size)


@lstm_parameters.add("Three blocks make a GRU. The LSTM has four: i, f, o and the candidate g.")
def three_blocks(input_size, hidden_size):
    return 3 * reference.rnn_parameters(input_size, hidden_size)


@lstm_parameters.add("Each block has *two* biases of `hidden_size` numbers; you count one.")
def one_bias_per_block(input_size, hidden_size):
    return 4 * one_bias(input_size, hidden_size)


@lstm_parameters.add("Every block has biases of its own; you count the biases of one block.")
def biases_of_one_block(input_size, hidden_size):
    return 4 * hidden_size * (input_size + hidden_size) + 2 * hidden_size
