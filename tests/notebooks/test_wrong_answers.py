"""Wrong answers that are right on most inputs lose a hidden cell of their row, and no other."""

import functools
import math
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

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


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("answer", WRONG, ids=[answer.function.__name__ for answer in WRONG])
def test_a_wrong_answer_fails_the_cells_that_ask_for_what_it_lacks(answer, seed, monkeypatch):
    monkeypatch.setenv("COURSE_SEED", str(seed))
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
    assert not any(getattr(failure, "mistake", None) for failure in failing.values())
