"""The references against independent libraries, on random rectangular cases."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import signal
from torch.nn import functional

from course_utils.staff.reference.convolution_by_hand import by_hand, vectorised, with_torch

IMPLEMENTATIONS = [by_hand, vectorised, with_torch]
BARS = np.array(
    [[0.1, 0.2, 0.1, 0.1, 0], [0.8, 0.9, 1, 1, 0.9], [1, 1, 1, 1, 1],
     [0.9, 1, 1, 0.8, 1], [0, 0.1, 0.1, 0.2, 0]]
)  # fmt: skip
HORIZONTAL = np.array([[1, 1, 1], [0, 0, 0], [-1, -1, -1]])

small = st.integers(1, 6)
pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))
margins = st.tuples(st.integers(0, 3), st.integers(0, 3))
seeds = st.integers(0, 2**32 - 1)


def having(name):
    return [module for module in IMPLEMENTATIONS if hasattr(module, name)]


@st.composite
def image_and_kernel(draw):
    """A random image and a kernel that fits into it, with (stride, padding)."""
    kernel = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    padding = draw(margins)
    sides = [draw(st.integers(max(1, k - 2 * p), 8)) for k, p in zip(kernel, padding, strict=True)]
    rng = np.random.default_rng(draw(seeds))
    return rng.normal(size=sides), rng.normal(size=kernel), draw(pairs), padding


@pytest.mark.parametrize("module", having("correlate2d"))
@given(case=image_and_kernel())
def test_correlate2d_is_scipys_on_the_padded_image_strided(module, case):
    x, w, stride, padding = case
    padded = np.pad(x, [(p, p) for p in padding])
    expected = signal.correlate2d(padded, w, mode="valid")[:: stride[0], :: stride[1]]
    np.testing.assert_allclose(module.correlate2d(x, w, stride, padding), expected, atol=1e-12)


@pytest.mark.parametrize("module", having("convolve2d"))
@given(case=image_and_kernel())
def test_convolve2d_is_scipys(module, case):
    x, w, stride, padding = case
    padded = np.pad(x, [(p, p) for p in padding])
    expected = signal.convolve2d(padded, w, mode="valid")[:: stride[0], :: stride[1]]
    np.testing.assert_allclose(module.convolve2d(x, w, stride, padding), expected, atol=1e-12)


@pytest.mark.parametrize("module", having("conv2d"))
@given(case=image_and_kernel(), channels=small, filters=small, seed=seeds)
def test_conv2d_is_torchs(module, case, channels, filters, seed):
    image, kernel, stride, padding = case
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(channels, *image.shape))
    weight, bias = rng.normal(size=(filters, channels, *kernel.shape)), rng.normal(size=filters)
    expected = functional.conv2d(
        *map(torch.from_numpy, (x[None], weight, bias)), stride=stride, padding=padding
    )[0].numpy()
    np.testing.assert_allclose(
        module.conv2d(x, weight, bias, stride, padding), expected, atol=1e-10
    )


@pytest.mark.parametrize("module", having("conv_transpose2d"))
@given(case=image_and_kernel(), stride=pairs, padding=margins)
def test_conv_transpose2d_is_torchs(module, case, stride, padding):
    x, w, _, _ = case
    full = [(n - 1) * s + k for n, s, k in zip(x.shape, stride, w.shape, strict=True)]
    if any(n <= 2 * p for n, p in zip(full, padding, strict=True)):
        if module is not with_torch:
            with pytest.raises(ValueError, match="cuts away the whole"):
                module.conv_transpose2d(x, w, stride, padding)
        return
    expected = functional.conv_transpose2d(
        torch.from_numpy(x)[None, None], torch.from_numpy(w)[None, None], None, stride, padding
    )[0, 0].numpy()
    np.testing.assert_allclose(module.conv_transpose2d(x, w, stride, padding), expected, atol=1e-12)


@given(case=image_and_kernel(), seed=seeds)
def test_conv_transpose2d_is_the_adjoint_of_correlate2d(case, seed):
    y, w, stride, _ = case
    if any(k > n for k, n in zip(w.shape, y.shape, strict=True)):
        return
    # the adjoint covers the part of y that windows reach
    rows, columns = by_hand.output_size(y.shape, w.shape, stride, (0, 0))
    y = y[: (rows - 1) * stride[0] + w.shape[0], : (columns - 1) * stride[1] + w.shape[1]]
    x = np.random.default_rng(seed).normal(size=(rows, columns))
    left = (by_hand.correlate2d(y, w, stride) * x).sum()
    right = (y * by_hand.conv_transpose2d(x, w, stride)).sum()
    assert left == pytest.approx(right)


@given(case=image_and_kernel(), dilation=pairs)
def test_correlating_with_a_dilated_kernel_is_torchs_dilated_convolution(case, dilation):
    x, w, stride, _ = case
    spread = by_hand.dilate(w, dilation)
    padding = tuple(spread.shape)  # always enough for the spread kernel to fit
    expected = functional.conv2d(
        torch.from_numpy(x)[None, None], torch.from_numpy(w)[None, None], None,
        stride, padding, dilation,
    )[0, 0].numpy()  # fmt: skip
    np.testing.assert_allclose(
        by_hand.correlate2d(x, spread, stride, padding), expected, atol=1e-12
    )


@pytest.mark.parametrize("module", having("pool2d"))
@pytest.mark.parametrize("mode", ["max", "average"])
@given(case=image_and_kernel(), overlap=st.booleans())
def test_pool2d_is_torchs(module, mode, case, overlap):
    x, kernel, stride, _ = case
    size = tuple(min(k, n) for k, n in zip(kernel.shape, x.shape, strict=True))
    pool = {"max": functional.max_pool2d, "average": functional.avg_pool2d}[mode]
    stride = stride if overlap else None
    expected = pool(torch.from_numpy(x)[None, None], size, stride)[0, 0].numpy()
    np.testing.assert_allclose(module.pool2d(x, size, stride, mode), expected)


@pytest.mark.parametrize("module", having("filter_gradients"))
@given(case=image_and_kernel(), filters=st.integers(1, 3), seed=seeds)
def test_filter_gradients_are_numerical_derivatives(module, case, filters, seed):
    x, w, _, _ = case
    if any(k > n for k, n in zip(w.shape, x.shape, strict=True)):
        return
    rng = np.random.default_rng(seed)
    weights = rng.normal(size=(filters, *w.shape))
    target = rng.normal(size=by_hand.correlate2d(x, w).shape)

    def loss(changed):
        prediction = sum(np.maximum(by_hand.correlate2d(x, f), 0) for f in changed)
        return 0.5 * ((prediction - target) ** 2).sum()

    maps = np.array([by_hand.correlate2d(x, f) for f in weights])
    if np.abs(maps).min() < 1e-3:
        return  # a derivative across ReLU's corner is not defined
    place = tuple(int(rng.integers(n)) for n in weights.shape)
    step = np.zeros_like(weights)
    step[place] = 1e-6
    slope = (loss(weights + step) - loss(weights - step)) / 2e-6
    assert module.filter_gradients(x, weights, target)[place] == pytest.approx(
        slope, rel=1e-4, abs=1e-4
    )


@given(rows=small, columns=small, kernel=st.tuples(small, small))
def test_pixel_use_counts_by_marking_windows_and_by_formula(rows, columns, kernel):
    shape = (rows + 5, columns + 5)
    counts = by_hand.pixel_use_counts(shape, kernel)
    np.testing.assert_array_equal(counts, vectorised.pixel_use_counts(shape, kernel))
    # every window covers kh * kw pixels
    places = [n - k + 1 for n, k in zip(shape, kernel, strict=True)]
    assert counts.sum() == np.prod(places) * np.prod(kernel)


@given(kernel=pairs, dilation=pairs, seed=seeds)
def test_same_padding_keeps_the_size_and_puts_the_extra_zero_after(kernel, dilation, seed):
    x = np.random.default_rng(seed).normal(size=(5, 6))
    margins_ = by_hand.same_padding(kernel, dilation)
    spread = by_hand.dilate(np.ones(kernel), dilation)
    assert by_hand.correlate2d(np.pad(x, margins_), spread).shape == x.shape
    assert all(0 <= after - before <= 1 for before, after in margins_)


@pytest.mark.parametrize("module", having("shift_error"))
@given(case=image_and_kernel(), rows=st.integers(-2, 2), columns=st.integers(-2, 2))
def test_shift_error_is_zero_away_from_the_band_the_shift_leaves(module, case, rows, columns):
    x, w, _, _ = case
    if any(k > n for k, n in zip(w.shape, x.shape, strict=True)):
        return
    if abs(rows) >= x.shape[0] or abs(columns) >= x.shape[1]:
        return
    error = module.shift_error(x, w, rows, columns)
    np.testing.assert_allclose(error, by_hand.shift_error(x, w, rows, columns), atol=1e-12)
    inside = error[max(rows, 0) : error.shape[0] + min(rows, 0),
                   max(columns, 0) : error.shape[1] + min(columns, 0)]  # fmt: skip
    np.testing.assert_allclose(inside, 0, atol=1e-12)


@pytest.mark.parametrize("module", having("conv_layer"))
def test_conv_layer_applies_each_activation_to_conv2d(module):
    rng = np.random.default_rng(0)
    x, weight, bias = rng.normal(size=(2, 5, 6)), rng.normal(size=(3, 2, 2, 3)), rng.normal(size=3)
    z = torch.from_numpy(by_hand.conv2d(x, weight, bias))
    expected = {"identity": z, "relu": z.relu(), "sigmoid": z.sigmoid(), "tanh": z.tanh()}
    assert set(expected) == set(by_hand.ACTIVATIONS)
    for name, values in expected.items():
        np.testing.assert_allclose(module.conv_layer(x, weight, bias, name), values.numpy())


class TestFactsOfTheCurriculum:
    def test_c1_horizontal_edges(self):
        expected = [[-2.6, -2.6, -2.8], [-0.2, 0.1, 0.1], [2.8, 2.6, 2.7]]
        np.testing.assert_allclose(by_hand.correlate2d(BARS, HORIZONTAL), expected, atol=1e-12)

    def test_c6_rotation_changes_c1s_sign_but_not_every_maps(self):
        np.testing.assert_allclose(
            by_hand.convolve2d(BARS, HORIZONTAL), -by_hand.correlate2d(BARS, HORIZONTAL)
        )
        lopsided = HORIZONTAL + np.eye(3)
        assert not np.allclose(
            by_hand.convolve2d(BARS, lopsided), -by_hand.correlate2d(BARS, lopsided)
        )

    def test_c3_second_example(self):
        x = [[0.5, 0.2, 0.1, 0.7], [0.1, 0.6, 0.9, 0.5], [0, 0.8, 0.2, 0.7], [0.2, 0.4, 0, 0.4]]
        w = [[0.1, 0.2, 0.6], [0.4, 0.3, 0.5], [0.9, 0.8, 0.7]]
        np.testing.assert_allclose(by_hand.correlate2d(x, w), [[1.60, 2.59], [1.51, 1.91]])

    def test_c4_padding_moves_the_corner(self):
        x = [[1, 3, -2, 4], [0, 8, 6, 5], [2, 1, -9, 0], [4, -1, 3, 7]]
        w = [[1, 2], [-2, -1]]
        bare, padded = by_hand.correlate2d(x, w), by_hand.correlate2d(x, w, padding=1)
        assert (bare.shape, bare[-1, -1]) == ((3, 3), -22)
        assert (padded.shape, padded[-1, -1]) == ((5, 5), 7)

    def test_c5_vertical_edges(self):
        x = np.array([[int(d) for d in row] for row in
                      ("301274", "158931", "272513", "013178", "421628", "245239")])  # fmt: skip
        expected = [[-5, -4, 0, 8], [-10, -2, 2, 3], [0, -2, -4, -7], [-3, -2, -3, -16]]
        np.testing.assert_array_equal(by_hand.correlate2d(x, [[1, 0, -1]] * 3), expected)

    def test_c9_shapes(self):
        rng = np.random.default_rng(0)
        x, weight = rng.normal(size=(3, 6, 6)), rng.normal(size=(1, 3, 3, 3))
        assert by_hand.conv2d(x, weight, [0.0]).shape == (1, 4, 4)
        x, weight = rng.normal(size=(6, 5, 5)), rng.normal(size=(4, 6, 2, 2))
        assert by_hand.conv2d(x, weight, np.zeros(4)).shape[0] == 4

    def test_c10_same_padding(self):
        assert by_hand.same_padding(3) == ((1, 1), (1, 1))
        assert by_hand.same_padding(2) == ((0, 1), (0, 1))

    def test_c11_corner_and_centre(self):
        counts = by_hand.pixel_use_counts((5, 6), 3)
        assert (counts[0, 0], counts[2, 2]) == (1, 9)

    def test_c12_pooling(self):
        first = [[1, 3, 2, 1], [2, 9, 1, 1], [1, 3, 2, 3], [5, 6, 1, 2]]
        second = [[1, 3, 2, 1], [2, 9, 1, 1], [1, 4, 2, 3], [5, 6, 1, 2]]
        np.testing.assert_array_equal(by_hand.pool2d(first, 2), [[9, 2], [6, 3]])
        np.testing.assert_array_equal(
            by_hand.pool2d(second, 2, mode="average"), [[3.75, 1.25], [4, 2]]
        )

    def test_c13_sizes(self):
        x, w = np.ones((3, 3)), np.ones((3, 3))
        assert by_hand.conv_transpose2d(x, w).shape == (5, 5)
        spread = by_hand.insert_zeros(x, 2)
        assert spread.shape == (5, 5)
        assert by_hand.correlate2d(spread, w, padding=2).shape == (7, 7)
        assert by_hand.correlate2d(spread, w, padding=3).shape == (9, 9)

    def test_c17_equal_filters_get_equal_gradients(self):
        rng = np.random.default_rng(0)
        x, w = rng.normal(size=(6, 7)), rng.normal(size=(2, 3))
        target = rng.normal(size=(5, 5))
        same = by_hand.filter_gradients(x, np.stack([w, w]), target)
        np.testing.assert_array_equal(same[0], same[1])
        apart = by_hand.filter_gradients(x, np.stack([w, w + rng.normal(size=w.shape)]), target)
        assert not np.allclose(apart[0], apart[1])


IMAGE, KERNEL = np.ones((4, 5)), np.ones((2, 3))
BAD_CORRELATIONS = [
    ((np.ones((4, 5, 1)), KERNEL), "x has shape (4, 5, 1); it takes two axes"),
    ((np.ones(4), KERNEL), "x has shape (4,); it takes two axes"),
    ((IMAGE, np.ones((5, 3))), "kernel (5, 3) is larger than the padded image (4, 5)"),
    ((IMAGE, KERNEL, 0), "stride is 0; it takes a whole number from 1 up"),
    ((IMAGE, KERNEL, (1, 0)), "stride is 0; it takes"),
    ((IMAGE, KERNEL, 1.5), "stride is 1.5; it takes an int or a pair"),
    ((IMAGE, KERNEL, (1, 2, 3)), "stride is (1, 2, 3); it takes an int or a pair"),
    ((IMAGE, KERNEL, True), "stride is True"),
    ((IMAGE, KERNEL, 1, -1), "padding is -1; it takes a whole number from 0 up"),
    ((IMAGE, KERNEL, 1, "same"), "padding is 'same'; it takes an int or a pair"),
    ((np.full((4, 5), np.nan), KERNEL), "x holds nan at [0, 0]; it takes finite numbers"),
    ((IMAGE, [[1, np.inf]]), "w holds inf at [0, 1]; it takes finite numbers"),
    ((np.ones((0, 5)), KERNEL), "x is empty (shape (0, 5))"),
    (([[1, 2], [3]], KERNEL), "x is a ragged list"),
    (([["a", "b"]], KERNEL), "x holds <U1 values"),
    (("image", KERNEL), "x holds <U5 values"),
    ((None, KERNEL), "x holds object values"),
    ((IMAGE * 1j, KERNEL), "x holds complex128 values"),
]


@pytest.mark.parametrize("module", [by_hand, vectorised])
@pytest.mark.parametrize(("arguments", "message"), BAD_CORRELATIONS)
def test_impossible_arguments_are_named(module, arguments, message):
    with pytest.raises(ValueError) as error:
        module.correlate2d(*arguments)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        ("conv2d", (np.ones((2, 4, 4)), np.ones((1, 3, 2, 2)), [0]), "weight has 3 channels and x"),
        ("conv2d", (np.ones((2, 4, 4)), np.ones((1, 2, 2, 2)), [0, 1]), "bias has 2 numbers"),
        ("conv_layer", (np.ones((1, 4, 4)), np.ones((1, 1, 2, 2)), [0], "swish"),
         "activation is 'swish'; it takes one of identity, relu, sigmoid, tanh"),
        ("same_padding", (0,), "kernel is 0; it takes a whole number from 1 up"),
        ("same_padding", (3, 0), "dilation is 0"),
        ("pixel_use_counts", ((4, 4), 5), "kernel (5, 5) is larger"),
        ("pool2d", (IMAGE, 5), "kernel (5, 5) is larger"),
        ("pool2d", (IMAGE, 2, 0), "stride is 0"),
        ("pool2d", (IMAGE, 2, 2, "median"), "mode is 'median'; it takes one of max, average"),
        ("conv_transpose2d", (IMAGE, KERNEL, 1, 3), "padding (3, 3) cuts away the whole 5×7"),
        ("dilate", (KERNEL, 0), "dilation is 0"),
        ("insert_zeros", (IMAGE, -1), "stride is -1"),
        ("shift_error", (IMAGE, KERNEL, 4, 0), "rows is 4; it takes a whole number from -3 to 3"),
        ("shift_error", (IMAGE, KERNEL, 0, -5), "cols is -5"),
        ("filter_gradients", (IMAGE, KERNEL[None], np.ones((2, 2))), "target has shape (2, 2)"),
    ],
)  # fmt: skip
def test_other_functions_name_impossible_arguments(function, arguments, message):
    for module in having(function):
        if module is not with_torch:  # which leaves most of that to torch
            with pytest.raises(ValueError) as error:
                getattr(module, function)(*arguments)
            assert message in str(error.value)


@given(case=image_and_kernel())
def test_arguments_are_not_changed(case):
    x, w, stride, padding = case
    before = x.copy(), w.copy()
    by_hand.correlate2d(x, w, stride, padding)
    by_hand.convolve2d(x, w, stride, padding)
    by_hand.insert_zeros(x, stride)[:] = 7
    np.testing.assert_array_equal(x, before[0])
    np.testing.assert_array_equal(w, before[1])
