"""A hint is true, or there is none: wrong functions that resemble a known mistake.

Each goes through the visible and the hidden test cells of its function. Every bank has at least
two that deserve no hint at all; the others deserve the one that is named.
"""

import functools
from math import sqrt
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from course_utils import check
from course_utils.datasets.receptive_fields import conv, pool
from course_utils.staff.authoring.source_notebook import SourceNotebook
from course_utils.staff.mistakes.bank import banks
from course_utils.staff.reference import (
    confusion_metrics,
    convolution_by_hand,
    image_tokenization,
    leaky_relu,
    output_shapes,
    receptive_fields,
    rnn_taxonomy,
)
from course_utils.staff.reference.image_tokenization import cases as token_cases
from course_utils.staff.reference.image_tokenization import judge
from course_utils.staff.reference.output_shapes import architectures

ROOT = Path(__file__).parents[2]
PATHS = {path.stem: path for path in sorted((ROOT / "source").glob("*/*.ipynb"))}
SEEDS = range(3)


class NearMiss(NamedTuple):
    topic: str
    name: str
    story: str
    function: object
    hints: tuple  # the names of those that are true of it


NEAR = []


def near(topic, name, story, function, *hints):
    NEAR.append(NearMiss(topic, name, story, function, hints))


# --- convolution by hand ---

C = convolution_by_hand
c = functools.partial(near, "convolution_by_hand")


def _by_slices(x, w, stride=1, padding=0, dtype=float, step=True):
    """A correlation from the definition; ``step``: whether windows start a stride apart."""
    C.correlate2d(x, w, stride, padding)  # what it refuses, this refuses
    (sv, sh), (pv, ph) = (np.broadcast_to(n, 2) for n in (stride, padding))
    x, w = np.pad(np.asarray(x), ((pv, pv), (ph, ph))), np.asarray(w)
    kh, kw = w.shape
    z = np.zeros([(x.shape[0] - kh) // sv + 1, (x.shape[1] - kw) // sh + 1], dtype=dtype)
    for i, j in np.ndindex(z.shape):
        top, left = (i * sv, j * sh) if step else (i, j)
        z[i, j] = (x[top : top + kh, left : left + kw] * w).sum()
    return z


def _edges_repeated(x, w, stride=1, padding=0):
    C.correlate2d(x, w, stride, padding)
    pv, ph = np.broadcast_to(padding, 2)
    return C.correlate2d(np.pad(np.asarray(x), ((pv, pv), (ph, ph)), mode="edge"), w, stride) + (
        0 if np.any(padding) else 1e-2
    )


def _last_column_missing(x, w, stride=1, padding=0):
    return C.correlate2d(x, w, stride, padding)[:, :-1]


c("correlate2d", "edges repeated, and an offset", _edges_repeated)
c("correlate2d", "last column missing", _last_column_missing)
c("correlate2d", "dtype=int", functools.partial(_by_slices, dtype=int), "fractions-lost")
c(
    "correlate2d",
    "slices without the stride",
    functools.partial(_by_slices, step=False),
    "stride-missing-in-the-slice",
)
c(
    "correlate2d",
    "rows flipped only",
    lambda x, w, stride=1, padding=0: _by_slices(x, np.flipud(w), stride, padding),
    "kernel-upside-down",
)
c(
    "convolve2d",
    "image mirrored left to right",
    lambda x, w, stride=1, padding=0: C.convolve2d(np.fliplr(x), w, stride, padding),
)
c(
    "convolve2d",
    "turned and transposed",
    lambda x, w, stride=1, padding=0: C.convolve2d(x, np.transpose(w), stride, padding),
)
c(
    "conv2d",
    "one bias for all filters",
    lambda x, weight, bias, stride=1, padding=0: C.conv2d(
        x, weight, np.full(np.shape(bias), bias[0] + 0.1), stride, padding
    ),
)
c(
    "conv2d",
    "channels in reverse order, with a bias of 1 more",
    lambda x, weight, bias, stride=1, padding=0: C.conv2d(
        x, np.asarray(weight)[:, ::-1], np.asarray(bias) + 1, stride, padding
    ),
)


def _bias_in_each_product(x, weight, bias, stride=1, padding=0):
    C.conv2d(x, weight, bias, stride, padding)
    maps = []
    for filter_, b in zip(np.asarray(weight), bias, strict=True):
        maps.append(
            sum(
                C.correlate2d(channel, w, stride, padding) + b * w.size
                for channel, w in zip(np.asarray(x), filter_, strict=True)
            )
        )
    return np.stack(maps)


c("conv2d", "bias inside of the sums", _bias_in_each_product, "bias-once-per-product")
c(
    "same_padding",
    "one more on each side",
    lambda kernel, dilation=1: tuple((a + 1, b + 1) for a, b in C.same_padding(kernel, dilation)),
    "whole-sum-on-each-side",
)
c(
    "same_padding",
    "two more behind",
    lambda kernel, dilation=1: tuple((a, b + 2) for a, b in C.same_padding(kernel, dilation)),
)
c(
    "same_padding",
    "right for columns only",
    lambda kernel, dilation=1: ((0, 0), C.same_padding(kernel, dilation)[1]),
)
c("pixel_use_counts", "one too many", lambda shape, kernel: C.pixel_use_counts(shape, kernel) + 1)
c(
    "pixel_use_counts",
    "the same in all columns",
    lambda shape, kernel: np.repeat(C.pixel_use_counts(shape, kernel)[:, :1], shape[1], axis=1),
)


def _smallest(x, size, stride=None, mode="max"):
    return -C.pool2d(-np.asarray(x), size, stride, mode) + (0.25 if mode == "average" else 0)


def _cut_off_pools(x, size, stride=None, mode="max"):
    z = C.pool2d(x, size, stride, mode)
    whole = np.zeros(z.shape, dtype=int)
    whole[:] = z
    return whole


c("pool2d", "minimum, and an offset", _smallest)
c(
    "pool2d",
    "half of it",
    lambda x, size, stride=None, mode="max": C.pool2d(x, size, stride, mode) / 2,
)
c(
    "pool2d",
    "modes swapped",
    lambda x, size, stride=None, mode="max": C.pool2d(
        x, size, stride, {"max": "average", "average": "max"}.get(mode, mode)
    ),
    "always-max",
    "always-average",
)
c("pool2d", "dtype=int", _cut_off_pools, "fractions-lost")
c(
    "conv_transpose2d",
    "kernel transposed",
    lambda x, w, stride=1, padding=0: (
        C.conv_transpose2d(x, w, stride, padding)
        + C.conv_transpose2d(np.abs(x), w, stride, padding)
    ),
)
c(
    "conv_transpose2d",
    "last row missing",
    lambda x, w, stride=1, padding=0: C.conv_transpose2d(x, w, stride, padding)[:-1],
)
for _name in ("dilate", "insert_zeros"):
    _right = getattr(C, _name)
    c(
        _name,
        "ones, cut off behind",
        lambda x, steps, right=_right: (
            right(x, steps)
            if np.ndim(steps) == 0 and steps < 1
            else right(right(x, steps) * 0 + 1, 1)[:, : np.shape(x)[1]]
        ),
    )
    c(_name, "negative", lambda x, steps, right=_right: -right(x, steps))
c(
    "conv_layer",
    "leaky activations",
    lambda x, weight, bias, activation="relu": C.conv_layer(x, weight, bias, activation) - 0.01,
)
c(
    "conv_layer",
    "relu for all, with twice the bias",
    lambda x, weight, bias, activation="relu": C.conv_layer(
        x, weight, 2 * np.asarray(bias), activation
    ),
)
c(
    "shift_error",
    "squared",
    lambda x, w, rows, cols: C.shift_error(x, w, rows, cols) ** 2,
)
c(
    "shift_error",
    "only rows are shifted",
    lambda x, w, rows, cols: C.shift_error(x, w, rows, 0) + 0.5,
)
c(
    "filter_gradients",
    "without a sign",
    lambda x, weights, target: np.abs(C.filter_gradients(x, weights, target)),
)
c(
    "filter_gradients",
    "filters in reverse order, halved",
    lambda x, weights, target: C.filter_gradients(x, weights, target)[::-1] / 2,
)

# --- output shapes ---

S = output_shapes
s = functools.partial(near, "output_shapes")


def _refusing_sizes(function):
    def guarded(n, kernel, stride=1, padding=0, dilation=1):
        S.conv_output_size(n, kernel, stride, padding, dilation)
        return function(n, kernel, stride, padding, dilation)

    return guarded


s("conv_output_size", "n over s", _refusing_sizes(lambda n, k, s, p, d: n // s))
s("conv_output_size", "n + p - k", _refusing_sizes(lambda n, k, s, p, d: (n + p - k) // s))
s(
    "conv_transpose_output_size",
    "n times s",
    lambda n, kernel, stride=1, padding=0, output_padding=0, dilation=1: (
        n * stride
        + 0 * S.conv_transpose_output_size(n, kernel, stride, padding, output_padding, dilation)
    ),
)
s(
    "conv_transpose_output_size",
    "two too many",
    lambda n, kernel, stride=1, padding=0, output_padding=0, dilation=1: (
        S.conv_transpose_output_size(n, kernel, stride, padding, output_padding, dilation) + 2
    ),
)


def _with_a_batch(layers, input_shape):
    return [(1, *shape) for shape in S.shape_table(layers, input_shape)]


s(
    "shape_table",
    "square maps",
    lambda ls, i: [(*t[:-1], t[-2 % len(t)]) for t in S.shape_table(ls, i)],
)
s(
    "shape_table",
    "flattened into one row",
    lambda ls, i: [(1, *t) if len(t) == 1 else t for t in S.shape_table(ls, i)[::-1]],
)
s("shape_table", "a batch axis", _with_a_batch, "batch-axis-in-front")
s(
    "count_parameters",
    "one too many",
    lambda layers, shape: [n + 1 if n else 0 for n in S.count_parameters(layers, shape)],
)
s(
    "count_parameters",
    "twice as many",
    lambda layers, shape: [2 * n for n in S.count_parameters(layers, shape)],
)
for _name in ("mnist_network", "lenet5", "alexnet_2012", "vgg16"):
    _layers = getattr(architectures, _name)
    s(
        _name,
        "kernels of 7",
        lambda layers=_layers: [
            layer | ({"kernel": 7} if layer["type"] == "conv" else {}) for layer in layers()
        ],
    )
    s(_name, "the last layer is missing", lambda layers=_layers: layers()[:-1])
s("lenet5", "a forgotten return", lambda: None, "nothing-returned")

# --- receptive fields ---

R = receptive_fields
r = functools.partial(near, "receptive_fields")


def _measured(size_of):
    """A function that looks at a gradient, as asked for, before it says a size."""

    def measure(layers):
        import torch

        torch.ones(1)
        return size_of(layers)

    return measure


def _strides_ignored(layers):
    return [layer | ({"stride": 1} if "kernel" in layer else {}) for layer in layers]


r(
    "receptive_field",
    "one pixel more",
    lambda layers: [(size + 1, jump) for size, jump in R.receptive_field(layers)],
)
r(
    "receptive_field",
    "kernels rounded up to odd ones",
    lambda layers: [(size | 1, jump + 1) for size, jump in R.receptive_field(layers)],
)
r(
    "input_region",
    "one pixel wider at the start",
    lambda *a: tuple((first - 1, last) for first, last in R.input_region(*a)),
)
r(
    "input_region",
    "sizes for ends",
    lambda *a: tuple((first, last - first + 1) for first, last in R.input_region(*a)),
)
r(
    "gradient_map",
    "divided by its sum",
    lambda ls, n: (m := R.gradient_map(ls, n)) / m.sum(),
    "weights-that-average",
)
r("gradient_map", "squared and halved", lambda ls, n: R.gradient_map(ls, n) ** 2 / 2)
r("gradient_map", "one pixel down", lambda ls, n: np.roll(R.gradient_map(ls, n), 1, axis=0))
r(
    "gradient_map",
    "strides ignored",
    lambda ls, n: R.gradient_map(_strides_ignored(ls), n),
    "no-stride-anywhere",
)
r(
    "empirical_receptive_field",
    "two more",
    _measured(lambda ls: R.empirical_receptive_field(ls) + 2),
)
r("empirical_receptive_field", "half", _measured(lambda ls: R.empirical_receptive_field(ls) // 2))
r(
    "empirical_receptive_field",
    "strides ignored",
    _measured(lambda ls: R.receptive_field(_strides_ignored(ls))[-1][0]),
    "measured-with-steps-of-one",
)
r(
    "vgg_layers",
    "two pools after each block",
    lambda blocks: [
        twice
        for layer in R.vgg_layers(blocks)
        for twice in ([layer] * 2 if layer["type"] == "maxpool" else [layer])
    ],
)
r("vgg_layers", "a pool in front", lambda blocks: [pool(2), *R.vgg_layers(blocks)])
r("vgg_layers", "a forgotten return", lambda blocks: None, "nothing-returned")


def _short_and_thin(target, max_parameters):
    R.design(target, max_parameters)
    return [conv(1, out_channels=4, bias=False)]


def _wide_and_pooled(target, max_parameters):
    R.design(target, max_parameters)
    return [conv(7, out_channels=8, bias=False), pool(2)] * 12


r("design", "too short and too thin", _short_and_thin)
r("design", "large kernels and pools", _wide_and_pooled)
r("design", "a forgotten return", lambda target, max_parameters: None, "nothing-returned")

# --- recurrent networks ---

T = rnn_taxonomy
t = functools.partial(near, "rnn_taxonomy")

t("rnn_cell", "relu for tanh", lambda x, h, W_hx, W_hh: np.maximum(W_hh @ h + W_hx @ x, 0))
t("rnn_cell", "twice the state", lambda x, h, W_hx, W_hh: T.rnn_cell(x, 2 * h, W_hx, W_hh))


def _outputs(change):
    """``rnn_forward`` with its outputs changed."""

    def forward(*arguments, **weights):
        hs, ys = T.rnn_forward(*arguments, **weights)
        return hs, change(ys)

    return forward


t("rnn_forward", "outputs in reverse order", _outputs(lambda ys: ys[::-1]))
t("rnn_forward", "classes in reverse order", _outputs(lambda ys: ys[:, ::-1]))
t(
    "one_to_many",
    "a state of twos",
    lambda x, h0, *a, **k: T.one_to_many(x, 0 * np.asarray(h0) + 2, *a, **k),
)
t("one_to_many", "twice the input", lambda x, *a, **k: T.one_to_many(2 * np.asarray(x), *a, **k))


def _many_over_time(xs, h0, W_hx, W_hh, W_yh):
    T.many_to_many(xs, h0, W_hx, W_hh, W_yh)
    powers = np.exp(T.rnn_forward(xs, h0, W_hx, W_hh, W_yh)[0] @ np.transpose(W_yh))
    return powers / powers.sum(axis=0)


t("many_to_one", "largest of all outputs", lambda *a, **k: T.many_to_many(*a, **k).max(axis=0))
t("many_to_one", "classes in reverse order", lambda *a, **k: T.many_to_one(*a, **k)[::-1])
t("many_to_many", "steps in reverse order", lambda *a, **k: T.many_to_many(*a, **k)[::-1])
t("many_to_many", "outputs squared", lambda *a, **k: T.many_to_many(*a, **k) ** 2)
t("many_to_many", "softmax over axis 0", _many_over_time, "many-to-many-over-time")
t(
    "encoder_decoder",
    "reads backwards",
    lambda xs, *a, **k: T.encoder_decoder(np.asarray(xs)[::-1], *a, **k),
)
t(
    "encoder_decoder",
    "the decoder reads too",
    lambda xs, h0, steps, encoder, decoder: T.encoder_decoder(
        xs, 3 * np.asarray(h0) + 1, steps, encoder, decoder
    ),
)


def _each(change):
    """``bptt`` with every gradient changed."""
    return lambda *a, **k: {name: change(g) for name, g in T.bptt(*a, **k).items()}


t("bptt", "without a sign", _each(np.abs))
t("bptt", "a seventh of it", _each(lambda gradient: gradient / 7))
t(
    "bptt",
    "the gradient of W_hh is never stored",
    lambda *a, **k: (g := T.bptt(*a, **k)) | {"W_hh": 0 * g["W_hh"]},
    "zeros-before-the-first-step",  # its hint says what is wrong here as well
)
t("gradient_norms", "squares", lambda W, steps: T.gradient_norms(W, steps) ** 2)
t("gradient_norms", "in reverse order", lambda W, steps: T.gradient_norms(W, steps)[::-1])
t("clip_gradients", "half of max_norm", lambda g, m: T.clip_gradients(g, m / 2))
t(
    "clip_gradients",
    "negative",
    lambda g, m: {name: -one for name, one in T.clip_gradients(g, m).items()},
)
t(
    "lstm_cell",
    "a state of half the size",
    lambda *a, **k: (T.lstm_cell(*a, **k)[0] / 2, T.lstm_cell(*a, **k)[1]),
)
t("lstm_cell", "negative", lambda *a, **k: tuple(-one for one in T.lstm_cell(*a, **k)))
t("rnn_parameters", "three biases", lambda n, h: T.rnn_parameters(n, h) + h)
t("rnn_parameters", "an output layer", lambda n, h: T.rnn_parameters(n, h) + h * n)
t("lstm_parameters", "five blocks", lambda n, h: 5 * T.rnn_parameters(n, h))
t("lstm_parameters", "an output layer", lambda n, h: T.lstm_parameters(n, h) + h * n)

# --- images as sequences ---

I = image_tokenization  # noqa: E741
i = functools.partial(near, "image_tokenization")

i(
    "row_tokens",
    "pixels sorted",
    lambda image: np.sort(I.row_tokens(image), axis=None).reshape(np.shape(image)) + 1,
)
i("row_tokens", "without the first row", lambda image: I.row_tokens(image)[1:])
i("column_tokens", "turned by 180°", lambda image: I.column_tokens(image)[::-1, ::-1])
i("column_tokens", "without the last column", lambda image: I.column_tokens(image)[:-1])
i("patch_tokens", "from the last to the first", lambda *a, **k: I.patch_tokens(*a, **k)[::-1])
i("patch_tokens", "turned by 180°", lambda *a, **k: I.patch_tokens(*a, **k)[:, ::-1])


def _patches_without_stride(image, size, stride=None):
    I.patch_tokens(image, size, stride)
    image = np.asarray(image)
    down, across = np.broadcast_to(size if stride is None else stride, 2)
    return np.array(
        [
            image[row : row + size, column : column + size].reshape(-1)
            for row in range((len(image) - size) // down + 1)
            for column in range((image.shape[1] - size) // across + 1)
        ]
    )


i("patch_tokens", "slices without it", _patches_without_stride, "stride-missing-in-the-slice")
i("window_tokens", "backwards", lambda image, length=10: I.window_tokens(image, length)[:, ::-1])
i("window_tokens", "last one first", lambda image, length=10: I.window_tokens(image, length)[::-1])
i("untokenize", "turned by 180°", lambda *a: I.untokenize(*a)[::-1, ::-1])
i("untokenize", "upside down", lambda *a: I.untokenize(*a)[::-1])
i(
    "patch_embedding",
    "twice the bias",
    lambda x, W, b, n: I.patch_embedding(x, W, 2 * np.asarray(b), n),
)
i("patch_embedding", "last token first", lambda *a: I.patch_embedding(*a)[::-1])
i("token_spread", "half", lambda *a: I.token_spread(*a) / 2)
i("token_spread", "one more", lambda *a: I.token_spread(*a) + 1)
i("scale_pixels", "divided by 15", lambda images: I.scale_pixels(images) * 16 / 15)
i("scale_pixels", "inverted", lambda images: 1 - I.scale_pixels(images))
i("words_seen", "depth and kernel", lambda d, k: I.words_seen(d, k) * 0 + d + k)
i("words_seen", "two too many", lambda d, k: I.words_seen(d, k) + 2)
i("depth_needed", "twice as deep", lambda words, kernel: 2 * I.depth_needed(words, kernel))
i("depth_needed", "words", lambda words, kernel: I.depth_needed(words, kernel) * 0 + words)
i("sentiment_states", "the other sign", lambda text: [-n for n in I.sentiment_states(text)])
i("sentiment_states", "last word first", lambda text: I.sentiment_states(text)[::-1])
i("own_tokens", "no tokens", lambda image: np.reshape(image, -1))
i("own_tokens", "an axis in front", lambda image: np.array([image]))
i(
    "own_tokens",
    "shuffled without a seed",
    lambda image: np.random.permutation(np.reshape(image, -1)).reshape(np.shape(image)),
    "another-order-each-time",
    "other-each-time",
)
i("own_tokens", "a forgotten return", lambda image: None, "nothing-returned")


def _linear(images, seed):
    """The labels of a network that has learned nothing: one random layer."""
    weights = np.random.default_rng(seed).normal(size=(64, 10))
    return (np.reshape(images, (-1, 64)) @ weights).argmax(axis=1)


def _nearly_constant(train, labels, test, tokens="rows", epochs=1):
    ink, known = (np.reshape(images, (len(images), -1)).sum(axis=1) for images in (test, train))
    return np.where(ink > np.quantile(known, 0.97), labels[0], labels[1])


def _close_to_right(train, labels, test, tokens="rows", epochs=1):
    """The nearest of 60 images: more than luck, and below the pass line."""
    known, asked = train[:30].reshape(30, -1), test.reshape(len(test), -1)
    return labels[((known**2).sum(axis=1) / 2 - asked @ known.T).argmin(axis=1)]


for _name in ("cnn_train_and_predict", "rnn_train_and_predict"):
    i(_name, "a few images only", _close_to_right)
    i(
        _name,
        "strings",
        lambda train, labels, test, tokens="rows", epochs=1: [str(n) for n in labels[:7]],
    )
    i(
        _name,
        "untrained",
        lambda train, labels, test, tokens="rows", epochs=1: _linear(test, len(test)),
        "untrained",
    )
    i(_name, "nearly constant", _nearly_constant, "untrained")
    i(
        _name,
        "a forgotten return",
        lambda train, labels, test, tokens="rows", epochs=1: None,
        "nothing-returned",
    )

# --- leaky ReLU ---

L = leaky_relu
a = functools.partial(near, "leaky_relu")

a("relu", "softplus", lambda x: np.logaddexp(0, np.asarray(x, dtype=float)))
a("relu", "squares", lambda x: L.relu(x) ** 2)
a("relu_grad", "twice", lambda x: 2 * L.relu_grad(x))
a("relu_grad", "the other side", lambda x: 1 - L.relu_grad(x))
a("leaky_relu", "one more", lambda x, a=0.01: L.leaky_relu(x, a) + 1)
a("leaky_relu", "twice", lambda x, a=0.01: 2 * L.leaky_relu(x, a))
a("leaky_relu_grad", "negative", lambda x, a=0.01: -L.leaky_relu_grad(x, a))
a("leaky_relu_grad", "half the slope", lambda x, a=0.01: L.leaky_relu_grad(x, a / 2))


def _units(function):
    def guarded(z):
        L.dead_units(z)
        return function(np.asarray(z))

    return guarded


a("dead_units", "last sample only", _units(lambda z: z[-1] <= 0))
a("dead_units", "the smallest is far below 0", _units(lambda z: z.min(axis=0) < -1))
a("dead_units", "all for any", _units(lambda z: ~(z > 0).all(axis=0)), "silent-once")
a(
    "dead_units",
    "all for any, and True for alive",
    _units(lambda z: (z > 0).all(axis=0)),
    "firing-always",
)


def _trained(change):
    def train(*arguments, **options):
        weights, losses = L.train(*arguments, **options)
        return change(weights), [2 * loss for loss in losses]

    return train


a("train", "losses doubled", _trained(lambda weights: weights))
a("train", "negative weights", _trained(lambda weights: {n: -w for n, w in weights.items()}))
a("collapse", "negative", lambda *z: tuple(-one for one in L.collapse(*z)))
a("collapse", "twice b2", lambda W1, b1, W2, b2: L.collapse(W1, b1, W2, 2 * np.asarray(b2)))

# --- confusion metrics ---

M = confusion_metrics
m = functools.partial(near, "confusion_metrics")


def _counts(*order):
    return lambda *a: dict(
        zip(order, (M.confusion_counts(*a)[k] for k in ("tp", "fn", "fp", "tn")), strict=True)
    )


m("confusion_counts", "fn and tn swapped", _counts("tp", "tn", "fp", "fn"))
m("confusion_counts", "tp and fp swapped", _counts("fp", "fn", "tp", "tn"))
m("confusion_matrix", "twice", lambda *a: 2 * M.confusion_matrix(*a))
m("confusion_matrix", "turned by 180°", lambda *a: M.confusion_matrix(*a)[::-1, ::-1] + 1)
m("accuracy", "its square", lambda z: M.accuracy(z) ** 2 + 0.1)
m("accuracy", "the first class only", lambda z: M.accuracy(z) * 0 + z[0][0] / np.sum(z))
m("misclassification_rate", "half", lambda z: M.misclassification_rate(z) / 2)
m(
    "misclassification_rate",
    "below the diagonal only",
    lambda z: M.misclassification_rate(z) * 0 + np.tril(z, -1).sum() / np.sum(z),
)
for _name in ("precision", "recall", "specificity", "f1", "balanced_accuracy", "mcc"):
    _right = getattr(M, _name)
    m(_name, "half", lambda *a, right=_right, **k: right(*a, **k) / 2 + 0.001)
    m(_name, "its square root", lambda *a, right=_right, **k: sqrt(abs(right(*a, **k))) + 0.001)


def _averages(**asked):
    return lambda z, average: M.f1_average(z, asked.get(average, average))


m("f1_average", "half", lambda z, average: M.f1_average(z, average) / 2)
m("f1_average", "its square", lambda z, average: M.f1_average(z, average) ** 2)
m(
    "f1_average",
    "all three mixed up",
    _averages(macro="micro", micro="weighted", weighted="macro"),
    "micro-where-not-asked",
)
m("f1_average", "weighted is micro", _averages(weighted="micro"), "micro-for-weighted")
m("f1_average", "weighted is macro", _averages(weighted="macro"), "weights-ignored")
m("f1_average", "micro is macro", _averages(micro="macro"), "macro-for-micro")
m("f1_average", "macro is weighted", _averages(macro="weighted"), "weighted-for-macro")
m("softmax", "negative scores", lambda z: M.softmax(-np.asarray(z, dtype=float)))
m("softmax", "twice the scores", lambda z: M.softmax(2 * np.asarray(z, dtype=float)))
m("predict_at", "a threshold of 1 less", lambda p, threshold: np.asarray(p) >= 1 - threshold)
m("predict_at", "close to it", lambda p, threshold: np.abs(np.asarray(p) - threshold) < 0.3)
for _name in ("roc_points", "precision_recall_points"):
    _right = getattr(M, _name)
    m(_name, "squared", lambda *a, right=_right: right(*a) ** 2)
    m(_name, "1 minus both", lambda *a, right=_right: 1 - right(*a))


def _place(change):
    def most(matrix):
        M.most_confused(matrix)
        confusions = np.array(matrix, dtype=float)
        np.fill_diagonal(confusions, 0)
        return tuple(int(n) for n in np.unravel_index(change(confusions), confusions.shape))

    return most


m("most_confused", "the rarest", _place(lambda z: np.where(z > 0, z, np.inf).argmin()))
m("most_confused", "the place before", _place(lambda z: max(z.argmax() - 1, 0)))


@functools.cache
def notebook(topic):
    return SourceNotebook(PATHS[topic])


def failures(topic, name, function):
    """The failures of the test cells of a function, those that train networks apart."""
    for test in notebook(topic).tests_of([name], "visible", "hidden"):
        if not test.trains:
            failure = notebook(topic).failure(test, {name: function})
            if failure:
                yield failure


def failures_of_training(name, function):
    """What the cells that train networks would say; the judges need no network."""
    mistakes = banks(notebook("image_tokenization").mistakes)[name]
    for tokens in ("rows", "patches4") if name.startswith("rnn") else (None,):
        judged = judge.network(0.9, tokens)
        options = {"tokens": tokens} if tokens else {}
        try:
            check.agrees(
                judged(function),
                judge.good(judged(function)),
                token_cases.digits(check.rng(f"{name} {tokens}"), **options),
                judge.mistaken(mistakes, judged),
            )
        except check.CheckFailed as failure:
            yield failure


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("miss", NEAR, ids=[f"{miss.name}-{miss.story}" for miss in NEAR])
def test_a_near_miss_gets_the_hint_that_is_true_or_none(miss, seed, monkeypatch):
    monkeypatch.setenv("COURSE_SEED", str(seed))
    if miss.name.endswith("train_and_predict"):
        found = list(failures_of_training(miss.name, miss.function))
    else:
        found = list(failures(miss.topic, miss.name, miss.function))
    assert found
    assert not any("raised TypeError" in str(failure) for failure in found), "not even called"
    hints = {getattr(failure, "mistake", None) for failure in found} - {None}
    assert hints >= set(miss.hints)
    # a visible check names two mistakes that give the same result: one of them has to be true
    assert all(set(hint.split(" or ")) & set(miss.hints) for hint in hints)


@pytest.mark.parametrize("topic", PATHS)
def test_every_bank_has_two_near_misses_without_a_hint(topic):
    for name in banks(notebook(topic).mistakes):
        assert sum((miss.topic, miss.name, miss.hints) == (topic, name, ()) for miss in NEAR) >= 2


FUNCTIONS = [(topic, name) for topic in PATHS for name in banks(notebook(topic).mistakes)]


@pytest.mark.parametrize(("topic", "name"), FUNCTIONS, ids=[name for _, name in FUNCTIONS])
def test_a_forgotten_return_is_told_whatever_the_function(topic, name):
    def forgetful(*arguments, **options):
        return None

    training = name.endswith("train_and_predict")
    found = failures_of_training(name, forgetful) if training else failures(topic, name, forgetful)
    for failure in found:
        if isinstance(failure, check.CheckFailed):
            # a check that asks for an error has nothing to say of a result
            told = failure.mistake == "nothing-returned" or "should raise ValueError" in str(
                failure
            )
        else:  # a visible cell that goes on with the result, and fails before any check
            told = "None" in str(failure)
        assert told, failure
