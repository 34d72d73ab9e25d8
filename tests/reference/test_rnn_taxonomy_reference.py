"""The reference recurrent networks against torch, numerical derivatives and known numbers."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course_utils.staff.reference.rnn_taxonomy import by_hand, with_torch

small = st.integers(1, 5)
seeds = st.integers(0, 2**32 - 1)


@st.composite
def network(draw):
    """A random sequence, first state and weights: (xs, h0, W_hx, W_hh, W_yh)."""
    steps, features, size, outputs = (draw(small) for _ in range(4))
    rng = np.random.default_rng(draw(seeds))
    shapes = ((steps, features), (size,), (size, features), (size, size), (outputs, size))
    return tuple(rng.normal(size=shape) for shape in shapes)


@given(case=network())
def test_rnn_cell_is_torchs(case):
    xs, h0, W_hx, W_hh, _ = case
    np.testing.assert_allclose(
        by_hand.rnn_cell(xs[0], h0, W_hx, W_hh), with_torch.rnn_cell(xs[0], h0, W_hx, W_hh)
    )


@given(case=network())
def test_rnn_forward_is_torchs(case):
    for mine, theirs in zip(by_hand.rnn_forward(*case), with_torch.rnn_forward(*case), strict=True):
        assert mine.shape == theirs.shape
        np.testing.assert_allclose(mine, theirs)


@given(case=network(), steps=small)
def test_the_four_kinds_read_the_same_network_in_their_own_way(case, steps):
    xs, h0, *weights = case
    hs, ys = with_torch.rnn_forward(*case)
    np.testing.assert_allclose(by_hand.many_to_many(*case), ys)
    np.testing.assert_allclose(by_hand.many_to_one(*case), ys[-1])
    padded = np.vstack([xs[:1], np.zeros((steps - 1, xs.shape[1]))])
    np.testing.assert_allclose(
        by_hand.one_to_many(xs[0], h0, steps, *weights),
        with_torch.rnn_forward(padded, h0, *weights)[1],
    )


@given(case=network(), steps=small, width=small, seed=seeds)
def test_the_decoder_goes_on_from_the_encoders_last_state(case, steps, width, seed):
    xs, h0, W_hx, W_hh, W_yh = case
    rng = np.random.default_rng(seed)
    decoder = {
        "W_hx": rng.normal(size=(len(h0), width)),
        "W_hh": rng.normal(size=W_hh.shape),
        "W_yh": W_yh,
    }
    last = with_torch.rnn_forward(*case)[0][-1]
    expected = with_torch.rnn_forward(np.zeros((steps, width)), last, **decoder)[1]
    got = by_hand.encoder_decoder(xs, h0, steps, {"W_hx": W_hx, "W_hh": W_hh}, decoder)
    np.testing.assert_allclose(got, expected)


@given(case=network(), seed=seeds)
def test_bptt_is_torchs_autograd(case, seed):
    xs, h0, W_hx, W_hh, W_yh = case
    targets = np.random.default_rng(seed).normal(size=(len(xs), len(W_yh)))
    mine = by_hand.bptt(xs, h0, targets, W_hx, W_hh, W_yh)
    theirs = with_torch.bptt(xs, h0, targets, W_hx, W_hh, W_yh)
    assert mine.keys() == theirs.keys()
    for name in mine:
        np.testing.assert_allclose(mine[name], theirs[name], rtol=1e-9, atol=1e-10)


@given(size=small, steps=st.integers(1, 12), seed=seeds)
def test_gradient_norms_are_largest_singular_values_of_powers(size, steps, seed):
    W = np.random.default_rng(seed).normal(size=(size, size)) / np.sqrt(size)
    norms = by_hand.gradient_norms(W, steps)
    np.testing.assert_allclose(norms, with_torch.gradient_norms(W, steps), atol=1e-10)
    radius = np.abs(np.linalg.eigvals(W)).max()
    assert (norms >= radius ** np.arange(1, steps + 1) * (1 - 1e-6) - 1e-9).all()


@given(seed=seeds, max_norm=st.floats(0.01, 20))
def test_clip_gradients_is_torchs(seed, max_norm):
    rng = np.random.default_rng(seed)
    gradients = {"W": rng.normal(size=(3, 4)), "b": rng.normal(size=4), "s": np.array(2.0)}
    before = {name: value.copy() for name, value in gradients.items()}
    theirs = with_torch.clip_gradients(gradients, max_norm)
    mine = by_hand.clip_gradients(gradients, max_norm)
    for name in gradients:
        # torch adds 1e-6 to the norm before it divides
        np.testing.assert_allclose(mine[name], theirs[name], rtol=1e-5, atol=1e-9)
        np.testing.assert_array_equal(gradients[name], before[name])


@given(features=small, size=small, seed=seeds)
def test_lstm_cell_is_torchs(features, size, seed):
    rng = np.random.default_rng(seed)
    shapes = ((features,), (size,), (size,), (4 * size, features), (4 * size, size),
              (4 * size,), (4 * size,))  # fmt: skip
    arguments = [rng.normal(size=shape) for shape in shapes]
    for mine, theirs in zip(
        by_hand.lstm_cell(*arguments), with_torch.lstm_cell(*arguments), strict=True
    ):
        np.testing.assert_allclose(mine, theirs)


@given(input_size=st.integers(1, 30), hidden_size=st.integers(1, 30))
def test_parameter_counts_are_torchs(input_size, hidden_size):
    for name in ("rnn_parameters", "lstm_parameters"):
        mine = getattr(by_hand, name)(input_size, hidden_size)
        assert mine == getattr(with_torch, name)(input_size, hidden_size)


class TestFactsOfTheCurriculum:
    def test_t6_powers_of_point_nine_and_one_point_one(self):
        assert by_hand.gradient_norms([[0.9]], 50)[-1] == pytest.approx(0.00515, rel=1e-3)
        assert by_hand.gradient_norms([[1.1]], 50)[-1] == pytest.approx(117.4, rel=1e-3)

    def test_t10_rnn_gru_and_lstm(self):
        gru = sum(p.numel() for p in torch.nn.GRU(10, 20).parameters())
        counts = by_hand.rnn_parameters(10, 20), gru, by_hand.lstm_parameters(10, 20)
        assert counts == (640, 1920, 2560)

    def test_t1_shapes(self):
        rng = np.random.default_rng(0)
        shapes = ((7, 3), (4,), (4, 3), (4, 4), (2, 4))
        hs, ys = by_hand.rnn_forward(*(rng.normal(size=shape) for shape in shapes))
        assert hs.shape == (7, 4) and ys.shape == (7, 2)
        np.testing.assert_allclose(ys.sum(axis=1), 1)

    def test_a_nilpotent_matrix_forgets_completely_after_it_has_amplified(self):
        np.testing.assert_allclose(by_hand.gradient_norms([[0, 3], [0, 0]], 3), [3, 0, 0])


X, H, W_HX, W_HH, W_YH = np.ones(3), np.ones(4), np.ones((4, 3)), np.ones((4, 4)), np.ones((2, 4))
XS, LSTM = np.ones((5, 3)), (np.ones((16, 3)), np.ones((16, 4)), np.ones(16), np.ones(16))
ENCODER, DECODER = {"W_hx": W_HX, "W_hh": W_HH}, {"W_hx": W_HX, "W_hh": W_HH, "W_yh": W_YH}


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        ("rnn_cell", (XS, H, W_HX, W_HH), "x has shape (5, 3); it takes one axis"),
        ("rnn_cell", (X, H, W_HX.T, W_HH), "W_hx has shape (3, 4); here it must be (4, 3)"),
        ("rnn_cell", (X, H, W_HX, W_HX), "W_hh has shape (4, 3); here it must be (4, 4)"),
        ("rnn_cell", (X, "h", W_HX, W_HH), "h holds <U1 values"),
        ("rnn_cell", (X * np.nan, H, W_HX, W_HH), "x holds nan at [0]"),
        ("rnn_forward", (X, H, W_HX, W_HH, W_YH), "xs has shape (3,); it takes two axes"),
        ("rnn_forward", (XS[:0], H, W_HX, W_HH, W_YH), "xs is empty"),
        ("rnn_forward", (XS, H, W_HX, W_HH, W_YH.T), "W_yh has shape (4, 2); here it must be"),
        ("one_to_many", (X, H, 0, W_HX, W_HH, W_YH), "steps is 0; it takes a whole number from 1"),
        ("one_to_many", (X, H, 1.5, W_HX, W_HH, W_YH), "steps is 1.5"),
        ("encoder_decoder", (XS, H, 2, {"W_hx": W_HX}, DECODER), "encoder lacks W_hh"),
        ("encoder_decoder", (XS, H, 2, ENCODER, ENCODER), "decoder lacks W_yh"),
        ("encoder_decoder", (XS, H, 2, [W_HX], DECODER), "encoder is [array("),
        ("encoder_decoder", (XS, H, 0, ENCODER, DECODER), "steps is 0"),
        ("bptt", (XS, H, np.ones((5, 3)), W_HX, W_HH, W_YH), "5 steps with 2 outputs need (5, 2)"),
        ("gradient_norms", (W_HX, 3), "W_hh has shape (4, 3); here it must be (4, 4)"),
        ("gradient_norms", (W_HH, 0), "steps is 0"),
        ("clip_gradients", ({"W": X}, 0), "max_norm is 0; it takes a number greater than 0"),
        ("clip_gradients", ({"W": X}, "1"), "max_norm is '1'"),
        ("clip_gradients", ({}, 1), "gradients is {}; it takes a dict of arrays"),
        ("clip_gradients", (X, 1), "gradients is array("),
        ("clip_gradients", ({"W": [1, np.inf]}, 1), "gradients['W'] holds inf at [1]"),
        ("lstm_cell", (X, H, H[:3], *LSTM), "c has shape (3,); here it must be (4,)"),
        ("lstm_cell", (X, H, H, W_HX, *LSTM[1:]), "W_ih has shape (4, 3); here it must be (16, 3)"),
        ("rnn_parameters", (0, 4), "input_size is 0"),
        ("lstm_parameters", (4, 2.5), "hidden_size is 2.5"),
    ],
)  # fmt: skip
def test_impossible_arguments_are_named(function, arguments, message):
    with pytest.raises(ValueError) as error:
        getattr(by_hand, function)(*arguments)
    assert message in str(error.value)


@given(case=network())
def test_arguments_are_not_changed(case):
    before = [array.copy() for array in case]
    by_hand.rnn_forward(*case)
    by_hand.bptt(*case[:2], by_hand.rnn_forward(*case)[1], *case[2:])
    for array, copy in zip(case, before, strict=True):
        np.testing.assert_array_equal(array, copy)
