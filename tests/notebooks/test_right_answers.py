"""Right answers in unusual styles keep every point: lists, recursion, float32, other algorithms."""

import functools
import math
from itertools import accumulate, combinations
from pathlib import Path

import numpy as np
import pytest

from course_utils.arguments import pair
from course_utils.datasets.receptive_fields import conv
from course_utils.layers import windows
from course_utils.staff.authoring.source_notebook import SourceNotebook

ROOT = Path(__file__).parents[2]
SEEDS = range(3)
RIGHT = []


@functools.cache
def notebook(topic):
    (path,) = ROOT.glob(f"source/*/{topic}.ipynb")
    return SourceNotebook(path)


def right(topic, name):
    def add(function):
        RIGHT.append((topic, name, function))
        return function

    return add


@right("convolution_by_hand", "correlate2d")
def nested_lists_prints_and_an_import_that_is_not_used(x, w, stride=1, padding=0):
    import torch  # noqa: F401

    if np.ndim(x) != 2 or np.ndim(w) != 2:
        raise ValueError("two axes")
    (sv, sh), (pv, ph) = pair(stride, "stride", 1), pair(padding, "padding", 0)
    height, width, kh, kw = len(x), len(x[0]), len(w), len(w[0])
    if kh > height + 2 * pv or kw > width + 2 * ph:
        raise ValueError("the filter is too large")
    print("an image of", height, "by", width)

    def pixel(i, j):
        return x[i - pv][j - ph] if pv <= i < height + pv and ph <= j < width + ph else 0.0

    def product(i, j):
        return sum(pixel(i + a, j + b) * w[a][b] for a in range(kh) for b in range(kw))

    rows, columns = range(0, height + 2 * pv - kh + 1, sv), range(0, width + 2 * ph - kw + 1, sh)
    return [[product(i, j) for j in columns] for i in rows]


@right("convolution_by_hand", "correlate2d")
def all_windows_at_once_in_float32(x, w, stride=1, padding=0):
    x, w = np.asarray(x, dtype=np.float32), np.asarray(w, dtype=np.float32)
    if x.ndim != 2 or w.ndim != 2:
        raise ValueError("two axes")
    (sv, sh), (pv, ph) = pair(stride, "stride", 1), pair(padding, "padding", 0)
    x = np.pad(x, ((pv, pv), (ph, ph)))
    return np.einsum("ijkl,kl", np.lib.stride_tricks.sliding_window_view(x, w.shape)[::sv, ::sh], w)


@right("convolution_by_hand", "pixel_use_counts")
def the_outer_product_of_two_axes(shape, kernel):
    (height, width), (kh, kw) = shape, pair(kernel, "kernel", 1)
    if kh > height or kw > width or min(shape) < 1:
        raise ValueError("the kernel does not fit")

    def along(n, k):
        return [sum(start <= i < start + k for start in range(n - k + 1)) for i in range(n)]

    return np.outer(along(height, kh), along(width, kw)).astype(np.int32)


@right("output_shapes", "conv_output_size")
def windows_are_counted_one_by_one(n, kernel, stride=1, padding=0, dilation=1):
    if min(n, kernel, stride, dilation) < 1 or padding < 0:
        raise ValueError("out of range")

    def count(room):
        return 0 if room < 0 else 1 + count(room - stride)

    windows_in_all = count(n + 2 * padding - dilation * (kernel - 1) - 1)
    if not windows_in_all:
        raise ValueError("the kernel does not fit")
    return np.int64(windows_in_all)


@right("receptive_fields", "receptive_field")
def an_array_of_fields_found_backwards(layers):
    fields, seen = [], windows(layers)
    for depth in range(1, len(seen) + 1):
        size = jump = 1
        for window in reversed(seen[:depth]):
            size = (size - 1) * window.stride[1] + window.dilation[1] * (window.kernel[1] - 1) + 1
            jump *= window.stride[0]
        fields.append((size, jump))
    return np.array(fields)


@right("receptive_fields", "design")
def two_first_layers_without_dilation(target, max_parameters):
    layers, size = [conv(3)], 3
    while size < target:
        dilation = 2 ** (len(layers) - 1)
        layers.append(conv(3, dilation=dilation))
        size += 2 * dilation
    if target < 1 or 224 + 584 * (len(layers) - 1) > max_parameters:
        raise ValueError("impossible")
    return tuple(layers)


@right("receptive_fields", "design")
def one_layer_with_a_large_dilation(target, max_parameters):
    if target < 1 or max_parameters < 224:
        raise ValueError("impossible")
    return [conv(3, dilation=max(1, target // 2))]


@right("rnn_taxonomy", "rnn_cell")
def one_product_of_joined_weights(x, h, W_hx, W_hh):
    return np.tanh(np.hstack([W_hx, W_hh]) @ np.concatenate([x, h])).tolist()


@right("rnn_taxonomy", "bptt")
def gradients_carried_forward(xs, h0, targets, W_hx, W_hh, W_yh):
    size, features = W_hx.shape
    h, by_x, by_h = h0, np.zeros((size, size, features)), np.zeros((size, size, size))
    found = dict.fromkeys(("W_yh", "W_hh", "W_hx"), 0.0)
    for x, target in zip(xs, targets, strict=True):
        before, h = h, np.tanh(W_hx @ x + W_hh @ h)
        slope, each = (1 - h * h)[:, None, None], np.eye(size)[:, :, None]
        by_x = slope * (np.einsum("ij,jkl", W_hh, by_x) + each * x)
        by_h = slope * (np.einsum("ij,jkl", W_hh, by_h) + each * before)
        error = W_yh @ h - target
        found["W_yh"] = found["W_yh"] + np.outer(error, h)
        found["W_hx"] = found["W_hx"] + np.einsum("i,ikl", W_yh.T @ error, by_x)
        found["W_hh"] = found["W_hh"] + np.einsum("i,ikl", W_yh.T @ error, by_h)
    return found


@right("rnn_taxonomy", "clip_gradients")
def short_gradients_are_copied(gradients, max_norm):
    if not max_norm > 0:
        raise ValueError("max_norm")
    norm = math.hypot(*(number for g in gradients.values() for number in np.ravel(g)))
    if norm <= max_norm:
        return {name: g.copy() for name, g in gradients.items()}
    return {name: g / norm * max_norm for name, g in gradients.items()}


@right("image_tokenization", "untokenize")
def blocks_of_blocks(tokens, shape, size):
    (height, width), across = shape, shape[1] // size
    wanted = (height * width // size**2, size**2)
    if height % size or width % size or np.shape(tokens) != wanted:
        raise ValueError("tokens")
    patches = [np.reshape(token, (size, size)) for token in tokens]
    return np.block([patches[i : i + across] for i in range(0, len(patches), across)])


@right("image_tokenization", "token_spread")
def distances_of_pairs(index_tokens, width):
    found = [
        math.dist(divmod(one, width), divmod(other, width))
        for token in index_tokens
        for one, other in combinations([place for place in token if place >= 0], 2)
    ]
    return sum(found) / len(found) if found else 0


@right("image_tokenization", "sentiment_states")
def signs_accumulated(sentence):
    words = sentence.casefold().split()
    if len(words) == 0:
        raise ValueError("no word")
    return tuple(accumulate((1 - 2 * (word == "not") for word in words), lambda a, b: a * b))


@right("leaky_relu", "leaky_relu")
def lists_in_lists(x, a=0.01):
    if np.ndim(x):
        return [lists_in_lists(entry, a) for entry in x]
    return x if x > 0 else a * x


@right("leaky_relu", "dead_units")
def the_largest_of_every_unit(pre_activations):
    z = np.asarray(pre_activations)
    if z.ndim != 2:
        raise ValueError("two axes")
    return [np.bool_(max(unit) <= 0) for unit in z.T]


@right("leaky_relu", "train")
def sample_by_sample_in_float32(x, y, W1, b1, W2, b2, a, learning_rate, steps):
    x, y, W1, b1, W2, b2 = (np.array(values, np.float32) for values in (x, y, W1, b1, W2, b2))
    if y.shape != (len(x), len(b2)):
        raise ValueError("y")
    losses = np.zeros(steps)
    for step in range(steps):
        d_W1, d_b1, d_W2, d_b2 = (np.zeros_like(values) for values in (W1, b1, W2, b2))
        for inputs, target in zip(x, y, strict=True):
            z = W1 @ inputs + b1
            h = np.where(z > 0, z, a * z)
            error = W2 @ h + b2 - target
            losses[step] += error @ error / y.size
            d_p = 2 * error / y.size
            d_z = W2.T @ d_p * np.where(z > 0, 1, a)
            d_W1, d_b1 = d_W1 + np.outer(d_z, inputs), d_b1 + d_z
            d_W2, d_b2 = d_W2 + np.outer(d_p, h), d_b2 + d_p
        W1, b1 = W1 - learning_rate * d_W1, b1 - learning_rate * d_b1
        W2, b2 = W2 - learning_rate * d_W2, b2 - learning_rate * d_b2
    return [{"b2": b2, "W2": W2, "b1": b1, "W1": W1}, losses]


@right("confusion_metrics", "predict_at")
def probabilities_as_float64(probabilities, threshold):
    return np.asarray(probabilities, dtype=float) >= threshold


@right("confusion_metrics", "predict_at")
def python_floats_one_by_one(probabilities, threshold):
    return [float(probability) >= threshold for probability in probabilities]


@right("confusion_metrics", "confusion_matrix")
def pairs_counted_in_lists(target, predicted, labels):
    known = set(labels)
    if len(target) != len(predicted) or not set(target) | set(predicted) <= known:
        raise ValueError("labels")
    pairs = list(zip(target, predicted, strict=True))
    return [[sum(p == (row, column) for p in pairs) for column in labels] for row in labels]


@right("confusion_metrics", "roc_points")
def running_sums(target, scores):
    target, scores = np.array(target).astype(int), np.array(scores)
    if target.min() == target.max():
        raise ValueError("one class only")
    order = np.argsort(-scores, kind="stable")
    target, scores = target[order], scores[order]
    is_last = np.append(scores[1:] != scores[:-1], True)
    rates = [np.cumsum(is_one) / is_one.sum() for is_one in (1 - target, target)]
    return np.stack(rates, axis=1)[is_last]


@right("confusion_metrics", "most_confused")
def the_largest_by_key(matrix):
    matrix, classes = np.asarray(matrix), range(len(matrix))
    confusions = [(i, j) for i in classes for j in classes if i != j and matrix[i, j] > 0]
    if not confusions:
        raise ValueError("nothing was confused")
    return max(confusions, key=lambda place: matrix[place])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("topic", "name", "function"), RIGHT, ids=[function.__name__ for _, _, function in RIGHT]
)
def test_a_right_answer_passes_every_cell_of_its_row(topic, name, function, seed, monkeypatch):
    monkeypatch.setenv("COURSE_SEED", str(seed))
    tests = notebook(topic).tests_of([name], "visible", "hidden")
    assert tests
    failures = {test.grade_id: notebook(topic).failure(test, {name: function}) for test in tests}
    assert {name: failure for name, failure in failures.items() if failure} == {}
