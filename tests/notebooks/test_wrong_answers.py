"""Wrong answers that are right on most inputs lose a hidden cell of their row, and no other."""

import functools
import inspect
import math
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from course_utils.check import contract, slips
from course_utils.check.hints import Hint
from course_utils.datasets.receptive_fields import conv
from course_utils.layers import windows
from course_utils.staff.authoring.source_notebook import SourceNotebook

ROOT = Path(__file__).parents[2]
SEEDS = range(3)


class WrongAnswer(NamedTuple):
    topic: str
    name: str
    function: object
    cells: set  # that may fail, and of which at least one has to


ABOUT_ANY_FUNCTION = {
    hint.name
    for module in (contract, slips)
    for hint in vars(module).values()
    if isinstance(hint, Hint)
}
WRONG = []


@functools.cache
def notebook(topic):
    (path,) = ROOT.glob(f"source/*/{topic}.ipynb")
    return SourceNotebook(path)


def wrong(topic, name, *cells):
    def add(function):
        WRONG.append(WrongAnswer(topic, name, function, set(cells)))
        return function

    return add


def _correlation(x, w, stride=1, padding=0):
    (sv, sh), (pv, ph) = (np.broadcast_to(n, 2) for n in (stride, padding))
    if min(sv, sh) < 1 or min(pv, ph) < 0:
        raise ValueError("stride or padding")
    x = np.pad(np.asarray(x, dtype=float), ((pv, pv), (ph, ph)))
    kh, kw = w.shape
    if kh > x.shape[0] or kw > x.shape[1]:
        raise ValueError("the filter is too large")
    return np.array(
        [
            [np.sum(x[i : i + kh, j : j + kw] * w) for j in range(0, x.shape[1] - kw + 1, sh)]
            for i in range(0, x.shape[0] - kh + 1, sv)
        ]
    )


C1_ERRORS = "C1_correlate2d_hidden_errors"


@wrong("convolution_by_hand", "correlate2d", C1_ERRORS)
def an_image_with_a_channel_axis_is_accepted(x, w, stride=1, padding=0):
    if np.ndim(x) == 3 and len(x) == 1:
        x = x[0]
    if np.ndim(x) != 2 or np.ndim(w) != 2:
        raise ValueError("two axes")
    return _correlation(x, w, stride, padding)


@wrong("convolution_by_hand", "correlate2d", C1_ERRORS)
def a_filter_with_a_channel_axis_is_accepted(x, w, stride=1, padding=0):
    if np.ndim(w) == 3 and len(w) == 1:
        w = w[0]
    if np.ndim(x) != 2 or np.ndim(w) != 2:
        raise ValueError("two axes")
    return _correlation(x, w, stride, padding)


@wrong(
    "convolution_by_hand",
    "pool2d",
    "C12_pool2d_hidden_average",
    "C12_pool2d_hidden_contract",
)
def zeros_do_not_count_in_averages(x, size, stride=None, mode="max"):
    x = np.asarray(x, dtype=float)
    if x.ndim != 2 or mode not in ("max", "average"):
        raise ValueError("x or mode")
    kh, kw = np.broadcast_to(size, 2)
    sv, sh = np.broadcast_to(size if stride is None else stride, 2)
    if min(kh, kw, sv, sh) < 1 or kh > x.shape[0] or kw > x.shape[1]:
        raise ValueError("size or stride")

    def summary(window):
        if mode == "max":
            return window.max()
        return window.sum() / max(np.count_nonzero(window), 1)

    return np.array(
        [
            [summary(x[i : i + kh, j : j + kw]) for j in range(0, x.shape[1] - kw + 1, sh)]
            for i in range(0, x.shape[0] - kh + 1, sv)
        ]
    )


def _sliced_shift(x, rows, cols):
    """Raises, or is wrong, where the shift is larger than x."""
    height, width = x.shape
    moved = np.zeros_like(x)
    moved[max(rows, 0) : height + min(rows, 0), max(cols, 0) : width + min(cols, 0)] = x[
        max(-rows, 0) : height - max(rows, 0), max(-cols, 0) : width - max(cols, 0)
    ]
    return moved


def _rolled_shift(x, rows, cols):
    """Leaves a part of a map that is smaller than the shift up or left."""
    moved = np.roll(x, (rows, cols), axis=(0, 1))
    moved[: max(rows, 0)] = 0
    moved[len(moved) + min(rows, 0) :] = 0
    moved[:, : max(cols, 0)] = 0
    moved[:, moved.shape[1] + min(cols, 0) :] = 0
    return moved


def _shift_error(shift, x, w, rows, cols):
    x = np.asarray(x, dtype=float)
    moved = _correlation(shift(x, rows, cols), w)
    return np.abs(moved - shift(_correlation(x, w), rows, cols))


C17_SHIFT = "C17_shift_error_hidden_values"


@wrong("convolution_by_hand", "shift_error", C17_SHIFT)
def slices_fail_beyond_the_map(x, w, rows, cols):
    return _shift_error(_sliced_shift, x, w, rows, cols)


@wrong("convolution_by_hand", "shift_error", C17_SHIFT)
def a_rolled_map_smaller_than_the_shift_keeps_a_part(x, w, rows, cols):
    return _shift_error(_rolled_shift, x, w, rows, cols)


def _by_torch(layers, side, average_pool):
    import torch

    image = torch.ones(1, 1, side, side, requires_grad=True)
    z = image
    for layer, (kernel, stride, padding, dilation) in zip(layers, windows(layers), strict=True):
        if layer["type"] == "conv":
            weight = torch.ones(1, 1, *kernel)
            z = torch.nn.functional.conv2d(z, weight, None, stride, padding, dilation)
        elif layer["type"].endswith("pool"):
            z = average_pool(z, kernel, stride, padding)
    z[0, 0, z.shape[2] // 2, z.shape[3] // 2].backward()
    return image.grad[0, 0].numpy()


def _extent(gradient):
    reached = np.flatnonzero(gradient.any(axis=1))
    return int(reached[-1] - reached[0] + 1)


def _pool(z, kernel, stride, padding):
    from torch.nn.functional import avg_pool2d

    return avg_pool2d(z, kernel, stride, padding)


def _pool_without_padding(z, kernel, stride, padding):
    return _pool(z, kernel, stride, 0)


def _pool_that_leaves_zeros_out(z, kernel, stride, padding):
    from torch.nn.functional import avg_pool2d

    return avg_pool2d(z, kernel, stride, padding, count_include_pad=False)


def _pool_with_the_kernel_for_a_stride(z, kernel, stride, padding):
    return _pool(z, kernel, kernel, padding)


R5_MAP = "R5_gradient_map_hidden_values"
R5_SIZE = "R5_empirical_hidden_sizes"


@wrong("receptive_fields", "gradient_map", R5_MAP)
def pools_without_padding(layers, side):
    return _by_torch(layers, side, _pool_without_padding)


@wrong("receptive_fields", "gradient_map", R5_MAP)
def padding_left_out_of_averages(layers, side):
    return _by_torch(layers, side, _pool_that_leaves_zeros_out)


@wrong("receptive_fields", "gradient_map", R5_MAP)
def pools_without_a_stride_of_their_own(layers, side):
    return _by_torch(layers, side, _pool_with_the_kernel_for_a_stride)


@wrong("receptive_fields", "empirical_receptive_field", R5_SIZE)
def measured_with_the_kernel_for_a_stride(layers):
    return _extent(_by_torch(layers, 255, _pool_with_the_kernel_for_a_stride))


@wrong("receptive_fields", "empirical_receptive_field", R5_SIZE)
def computed_and_not_measured(layers):
    size = jump = 1
    for (kernel, _), (stride, _), _, (dilation, _) in windows(layers):
        size += (kernel - 1) * dilation * jump
        jump *= stride
    return size


@wrong("receptive_fields", "vgg_layers", "R6_vgg_layers_hidden_fields")
def average_pools_for_max_pools(blocks):
    layers = []
    for convolutions in blocks:
        layers += [conv(3, padding=1) for _ in range(convolutions)]
        layers.append({"type": "avgpool", "kernel": 2})
    return layers


R7 = "R7_design_hidden_small", "R7_design_hidden_large"


def _within(layers, cost, target, max_parameters):
    if target < 1 or cost > max_parameters:
        raise ValueError("impossible")
    return layers


def _stack(target, max_parameters, wanted, dilation_of):
    """Convolutions of 3×3 until ``wanted`` is reached."""
    layers, size = [conv(3)], 3
    while size < wanted:
        dilation = dilation_of(len(layers), size)
        layers.append(conv(3, dilation=dilation))
        size += 2 * dilation
    return _within(layers, 224 + 584 * (len(layers) - 1), target, max_parameters)


def _doubling(depth, size):
    return 2**depth


@wrong("receptive_fields", "design", *R7)
def doubling_dilations_stop_one_too_early(target, max_parameters):
    return _stack(target, max_parameters, target - 1, _doubling)


@wrong("receptive_fields", "design", *R7)
def tripling_dilations_stop_one_too_early(target, max_parameters):
    return _stack(target, max_parameters, target - 1, lambda depth, size: size)


@wrong("receptive_fields", "design", *R7)
def a_plain_stack_for_small_targets_stops_one_too_early(target, max_parameters):
    if target < 20:
        return _stack(target, max_parameters, target - 1, lambda depth, size: 1)
    return _stack(target, max_parameters, target, _doubling)


@wrong("receptive_fields", "design", *R7)
def the_logarithm_of_the_target_less_one(target, max_parameters):
    depth = max(1, math.ceil(math.log2(max(target, 1))) - 1)
    layers = [conv(3, dilation=2**level) for level in range(depth)]
    return _within(layers, 224 + 584 * (depth - 1), target, max_parameters)


@wrong("receptive_fields", "design", *R7)
def one_pixel_for_two(target, max_parameters):
    if target == 2:
        return _within([conv(1)], 32, target, max_parameters)
    return _stack(target, max_parameters, target, _doubling)


def _state(x, h, W_hx, W_hh):
    return np.tanh(W_hx @ x + W_hh @ h)


@wrong("rnn_taxonomy", "rnn_forward", "T1_rnn_forward_hidden_errors")
def a_sequence_without_steps_is_accepted(xs, h0, W_hx, W_hh, W_yh):
    hs = np.zeros((len(xs), len(h0)))
    for step, x in enumerate(xs):
        hs[step] = h0 = _state(x, h0, W_hx, W_hh)
    scores = hs @ W_yh.T
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return hs, powers / powers.sum(axis=1, keepdims=True)


L2 = "L2_dead_units_hidden_values"


def _dead(pre_activations, samples):
    z = np.asarray(pre_activations)
    if z.ndim != 2:
        raise ValueError("two axes")
    return ~(z[samples] > 0).any(axis=0)


@wrong("leaky_relu", "dead_units", L2)
def only_the_last_32_samples(pre_activations):
    return _dead(pre_activations, slice(-32, None))


@wrong("leaky_relu", "dead_units", L2)
def only_the_first_32_samples(pre_activations):
    return _dead(pre_activations, slice(32))


@wrong("leaky_relu", "dead_units", L2)
def only_the_last_8_samples(pre_activations):
    return _dead(pre_activations, slice(-8, None))


@wrong("leaky_relu", "dead_units", L2)
def only_the_last_200_samples(pre_activations):
    return _dead(pre_activations, slice(-200, None))


@wrong("leaky_relu", "dead_units", L2)
def only_the_first_1000_samples(pre_activations):
    return _dead(pre_activations, slice(1000))


@wrong("leaky_relu", "dead_units", L2)
def only_the_ends_of_many_samples(pre_activations):
    z = np.asarray(pre_activations)
    return _dead(z, slice(None)) if len(z) < 32 else _dead(z, [*range(8), *range(-8, 0)])


M3_ERRORS = "M3_accuracy_hidden_errors"


def _rate(matrix):
    matrix = np.asarray(matrix)
    return float((matrix.sum() - np.trace(matrix)) / matrix.sum())


@wrong("confusion_metrics", "misclassification_rate", M3_ERRORS)
def tables_that_are_not_square_have_a_rate(matrix):
    if not np.any(matrix):
        raise ValueError("the table counts nothing")
    return _rate(matrix)


@wrong("confusion_metrics", "misclassification_rate", M3_ERRORS)
def empty_tables_have_a_rate(matrix):
    rows, columns = np.shape(matrix)
    if rows != columns:
        raise ValueError("the table is not square")
    return _rate(matrix) if np.any(matrix) else 0.0


SOLUTIONS = {}  # of the notebook that is tried; what ``forbids`` looks for is not reached from here


def _solution(name):
    return SOLUTIONS[name]


def _each_array(result, change):
    if isinstance(result, tuple):
        return tuple(_each_array(entry, change) for entry in result)
    return change(result)


def _add(topic, name, story, function, *cells):
    function.__name__ = f"{name}_{story}".replace(" ", "_")
    WRONG.append(WrongAnswer(topic, name, function, set(cells)))


def _in_the_dtype_of(name, parameter):
    def answer(*args, **kwargs):
        solution = _solution(name)
        given = inspect.signature(solution).bind(*args, **kwargs).arguments[parameter]
        dtype = np.asarray(given).dtype
        return _each_array(solution(*args, **kwargs), lambda array: array.astype(dtype))

    return answer


for topic, row, name, parameters in (
    ("convolution_by_hand", "C1", "correlate2d", "w"),
    ("convolution_by_hand", "C9", "conv2d", "weight bias"),
    ("convolution_by_hand", "C13", "conv_transpose2d", "w"),
    ("convolution_by_hand", "C14", "conv_layer", "bias"),
    ("convolution_by_hand", "C17", "shift_error", "w"),
    ("convolution_by_hand", "C17", "filter_gradients", "weights target"),
    ("rnn_taxonomy", "T1", "rnn_cell", "h W_hx W_hh"),
    ("rnn_taxonomy", "T1", "rnn_forward", "h0 W_hh"),
    ("rnn_taxonomy", "T8", "lstm_cell", "h c W_ih b_hh"),
    ("image_tokenization", "I2", "patch_embedding", "weight bias"),
    ("leaky_relu", "L4", "collapse", "W2 b2"),
):
    for parameter in parameters.split():
        answer = _in_the_dtype_of(name, parameter)
        _add(topic, name, f"in the dtype of {parameter}", answer, f"{row}_{name}_hidden_contract")


def _then(name, change):
    """The solution; then ``change(*args, **kwargs)``."""

    def answer(*args, **kwargs):
        result = _solution(name)(*args, **kwargs)
        change(*args, **kwargs)
        return result

    return answer


def _changes_the_padded(x, w, stride=1, padding=0):
    if padding:
        x += 1


def _changes_in_max_mode(x, size, stride=None, mode="max"):
    if mode == "max":
        x += 1


def _changes_where_stride_is_given(image, size, stride=None):
    if stride is not None:
        image += 1


def _changes_for_the_weighted_one(matrix, average):
    if average == "weighted":
        matrix += 1


def _completes_pools(layers, *input_shape):
    for layer in layers:
        if layer["type"].endswith("pool"):
            layer.setdefault("stride", layer["kernel"])


def _completes_linear_layers(layers, input_shape):
    for layer in layers:
        if layer["type"] == "linear":
            layer.setdefault("bias", True)


for topic, row, name, change in (
    ("convolution_by_hand", "C1", "correlate2d", _changes_the_padded),
    ("convolution_by_hand", "C12", "pool2d", _changes_in_max_mode),
    ("output_shapes", "S6", "shape_table", _completes_pools),
    ("output_shapes", "S7", "count_parameters", _completes_linear_layers),
    ("receptive_fields", "R2", "receptive_field", _completes_pools),
    ("image_tokenization", "I1", "patch_tokens", _changes_where_stride_is_given),
    ("confusion_metrics", "M5", "f1_average", _changes_for_the_weighted_one),
):
    story = change.__name__.strip("_")
    _add(topic, name, story, _then(name, change), f"{row}_{name}_hidden_contract")


def _converted(name, convert):
    return lambda *args: convert(_solution(name)(*args))


def _floats_in_an_array(result):
    return np.array(result, dtype=float)


def _floats_in_a_list(result):
    return _floats_in_an_array(result).tolist()


def _ints_in_a_list(result):
    return [int(entry) for entry in result]


for topic, name, convert, cell in (
    ("convolution_by_hand", "pixel_use_counts", _floats_in_a_list, "C11_pixel_use_hidden_contract"),
    ("output_shapes", "count_parameters", _floats_in_an_array, "S7_{}_hidden_contract"),
    ("receptive_fields", "receptive_field", _floats_in_an_array, "R2_{}_hidden_contract"),
    ("receptive_fields", "input_region", _floats_in_an_array, "R4_{}_hidden_contract"),
    ("image_tokenization", "sentiment_states", _floats_in_an_array, "I6_{}_hidden_contract"),
    ("leaky_relu", "dead_units", _ints_in_a_list, "L2_{}_hidden_contract"),
    ("confusion_metrics", "confusion_matrix", _floats_in_a_list, "M2_{}_hidden_contract"),
    ("confusion_metrics", "predict_at", _ints_in_a_list, "M6_{}_hidden_values"),
    ("confusion_metrics", "most_confused", _floats_in_an_array, "M7_{}_hidden_contract"),
):
    answer = _converted(name, convert)
    _add(topic, name, convert.__name__.strip("_"), answer, cell.format(name))


@wrong("convolution_by_hand", "same_padding", "C10_same_padding_hidden_values")
def one_dilation_of_a_pair(kernel, dilation=1):
    if isinstance(kernel, tuple) and isinstance(dilation, tuple):
        dilation = dilation[0]
    return _solution("same_padding")(kernel, dilation)


@wrong("receptive_fields", "empirical_receptive_field", R5_SIZE)
def measured_on_an_image_that_is_too_small(layers):
    return _extent(_by_torch(layers, 64, _pool))


@wrong("rnn_taxonomy", "rnn_forward", "T1_rnn_forward_hidden_large_scores")
def large_scores_are_cut(xs, h0, W_hx, W_hh, W_yh):
    hs, _ = _solution("rnn_forward")(xs, h0, W_hx, W_hh, W_yh)
    powers = np.exp(np.clip(hs @ W_yh.T, -500, 500))
    return hs, powers / powers.sum(axis=1, keepdims=True)


@wrong("rnn_taxonomy", "bptt", "T5_bptt_hidden_contract")
def gradients_in_the_dtype_of_the_weights(xs, h0, targets, **weights):
    found = _solution("bptt")(xs, h0, targets, **weights)
    return {name: gradient.astype(weights[name].dtype) for name, gradient in found.items()}


@wrong("rnn_taxonomy", "clip_gradients", "T6_clip_gradients_hidden_contract")
def short_gradients_are_given_back(gradients, max_norm):
    found = _solution("clip_gradients")(gradients, max_norm)
    is_short = all(np.array_equal(found[name], gradients[name]) for name in found)
    return gradients if is_short else found


@wrong("rnn_taxonomy", "rnn_parameters", "T10_rnn_parameters_hidden_values")
def only_a_size_of_0_is_refused(input_size, hidden_size):
    if input_size == 0 or hidden_size == 0:
        raise ValueError("no size")
    return hidden_size * (input_size + hidden_size + 2)


@wrong("image_tokenization", "untokenize", "I1_untokenize_hidden_values")
def tokens_of_another_length_are_cut_anew(tokens, shape, size):
    if np.size(tokens) != shape[0] * shape[1]:
        raise ValueError("tokens")
    rows, columns = shape[0] // size, shape[1] // size
    blocks = np.array(tokens, float).reshape(rows, columns, size, size)
    return blocks.swapaxes(1, 2).reshape(shape)


@wrong("image_tokenization", "window_tokens", "I1_window_tokens_hidden_values")
def only_a_length_of_0_is_refused(image, length=10):
    if length == 0:
        raise ValueError("length")
    return _solution("window_tokens")(image, abs(length))


@wrong("image_tokenization", "token_spread", "I3_token_spread_hidden_values")
def only_minus_1_is_padding(index_tokens, width):
    tokens = np.array(index_tokens, dtype=int)
    tokens[tokens < -1] = 0
    return _solution("token_spread")(tokens, width)


@wrong("image_tokenization", "scale_pixels", "I4_scale_pixels_hidden_values")
def only_images_that_are_all_wrong_are_refused(images):
    images = np.array(images, dtype=float)
    if (images < 0).all() or (images > 16).all():
        raise ValueError("pixels")
    return images / 16


@wrong("image_tokenization", "depth_needed", "I6_words_seen_hidden_depth")
def only_0_words_are_refused(words, kernel):
    if words == 0:
        raise ValueError("words")
    return _solution("depth_needed")(max(words, 1), kernel)


@wrong("leaky_relu", "relu", "L1_relu_hidden_values")
def in_the_dtype_of_the_first_result(x):
    return np.vectorize(lambda t: t if t > 0 else 0)(x)


@wrong("leaky_relu", "collapse", "L4_collapse_hidden_values")
def units_that_nobody_reads_are_an_index_error(W1, b1, W2, b2):
    W1, b1, W2, b2 = map(np.asarray, (W1, b1, W2, b2))
    if W2.shape[1] > len(W1):
        raise ValueError("layers")
    W = sum(np.outer(W2[:, unit], W1[unit]) for unit in range(len(W1)))
    return W, W2 @ b1 + b2


@wrong("leaky_relu", "train", "L3_train_hidden_contract")
def whole_weights_cannot_be_updated(x, y, W1, b1, W2, b2, *options, **more):
    given = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    weights, losses = _solution("train")(x, y, *given.values(), *options, **more)
    for name, before in given.items():
        after = np.array(before)
        after += weights[name] - after
        weights[name] = after
    return weights, losses


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("answer", WRONG, ids=[answer.function.__name__ for answer in WRONG])
def test_a_wrong_answer_fails_the_cells_that_ask_for_what_it_lacks(answer, seed, monkeypatch):
    monkeypatch.setenv("COURSE_SEED", str(seed))
    SOLUTIONS[answer.name] = notebook(answer.topic).namespace()[answer.name]
    tests = notebook(answer.topic).tests_of([answer.name], "hidden")
    failures = {
        test.grade_id: notebook(answer.topic).failure(test, {answer.name: answer.function})
        for test in tests
        if not test.trains
    }
    failing = {grade_id: failure for grade_id, failure in failures.items() if failure}
    assert failing
    assert set(failing) <= answer.cells
    # none of them is a mistake of the banks, whatever it resembles
    hints = {getattr(failure, "mistake", None) for failure in failing.values()}
    assert hints <= {None, *ABOUT_ANY_FUNCTION}
