"""The references against torch: activations, gradients and training."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from course_utils.datasets import leaky_relu as data
from course_utils.staff.reference.leaky_relu import by_hand, with_torch

seeds = st.integers(0, 2**32 - 1)
sizes = st.tuples(*[st.integers(1, 6)] * 4)
slopes = st.floats(-2, 3)
# halves and zeros come up often
numbers = st.one_of(st.integers(-4, 4).map(lambda n: n / 2), st.floats(-100, 100))
inputs = arrays.arrays(np.float64, arrays.array_shapes(min_dims=0, max_dims=3), elements=numbers)


@st.composite
def starts(draw):
    samples, features, units, outputs = draw(sizes)
    rng = np.random.default_rng(draw(seeds))
    shapes = (samples, features), (samples, outputs), (units, features), units
    return tuple(rng.normal(size=shape) for shape in (*shapes, (outputs, units), outputs))


@given(x=inputs)
def test_relu_and_its_gradient_are_torchs(x):
    np.testing.assert_array_equal(by_hand.relu(x), with_torch.relu(x))
    np.testing.assert_array_equal(by_hand.relu_grad(x), with_torch.relu_grad(x))


@given(x=inputs, a=slopes)
def test_leaky_relu_and_its_gradient_are_torchs(x, a):
    np.testing.assert_allclose(by_hand.leaky_relu(x, a), with_torch.leaky_relu(x, a), rtol=1e-15)
    np.testing.assert_array_equal(by_hand.leaky_relu_grad(x, a), with_torch.leaky_relu_grad(x, a))


def test_default_slope_and_values_at_zero_are_torchs():
    assert torch.nn.LeakyReLU().negative_slope == 0.01
    assert by_hand.leaky_relu(-1.0) == -0.01
    assert by_hand.relu_grad(0.0) == with_torch.relu_grad(0.0) == 0
    assert by_hand.leaky_relu_grad(0.0, 0.2) == with_torch.leaky_relu_grad(0.0, 0.2) == 0.2


@pytest.mark.parametrize("x", [[-2, 0, 3], np.array([-2, 0, 3]), np.array([-2.0, 0, 3], "f4")])
def test_integers_and_float32_give_float64_and_stay_as_they_were(x):
    before = np.array(x)
    assert by_hand.leaky_relu(x, 0.3).tolist() == pytest.approx([-0.6, 0, 3])
    assert by_hand.leaky_relu(x, 0.3).dtype == np.float64
    np.testing.assert_array_equal(x, before)


@settings(deadline=None)  # torch's optimiser takes a second to load
@given(start=starts(), a=st.floats(-1, 1.5), rate=st.floats(0, 0.02), steps=st.integers(0, 5))
def test_training_is_torchs(start, a, rate, steps):
    mine, my_losses = by_hand.train(*start, a, rate, steps)
    theirs, their_losses = with_torch.train(*start, a, rate, steps)
    np.testing.assert_allclose(my_losses, their_losses, rtol=1e-6, atol=1e-8)
    for name, values in theirs.items():
        np.testing.assert_allclose(mine[name], values, rtol=1e-6, atol=1e-8)


@given(start=starts())
def test_collapse_is_the_network_at_slope_one(start):
    x, _, W1, b1, W2, b2 = start
    W, b = by_hand.collapse(W1, b1, W2, b2)
    expected = by_hand.leaky_relu(x @ W1.T + b1, 1.0) @ W2.T + b2
    np.testing.assert_allclose(x @ W.T + b, expected, atol=1e-10)


@given(z=arrays.arrays(np.float64, (5, 4), elements=numbers))
def test_dead_units_give_nothing_and_learn_nothing(z):
    dead = by_hand.dead_units(z)
    assert (with_torch.relu(z)[:, dead] == 0).all()
    assert (with_torch.relu_grad(z)[:, dead] == 0).all()
    assert (with_torch.relu(z)[:, ~dead].max(axis=0) > 0).all()


def train(a, steps=8000):
    return by_hand.train(data.X, data.Y, **data.SLEEPER, a=a, learning_rate=0.1, steps=steps)


class TestFactsThatTheNotebookTells:
    def test_a_dead_relu_unit_never_moves(self):
        weights, losses = train(0.0)
        for name in ("W1", "b1", "W2"):
            np.testing.assert_array_equal(weights[name], data.SLEEPER[name])
        assert losses[-1] == pytest.approx(data.Y.var())

    @pytest.mark.parametrize(
        ("a", "loss"), [(0.003, 0.0000), (0.01, 0.0000), (0.03, 0.0001), (0.1, 0.0008)]
    )
    def test_small_leaks_wake_it_and_fit_the_better_the_smaller(self, a, loss):
        weights, losses = train(a)
        assert not by_hand.dead_units(data.X @ weights["W1"].T + weights["b1"]).any()
        assert round(float(losses[-1]), 4) == loss

    @pytest.mark.parametrize("a", [0.2, 0.3, 1.0])
    def test_large_leaks_let_it_sleep_on_the_best_straight_line(self, a):
        line = np.polynomial.Polynomial.fit(data.X[:, 0], data.Y[:, 0], 1)
        best = ((line(data.X[:, 0]) - data.Y[:, 0]) ** 2).mean()
        weights, losses = train(a, steps=20_000)
        assert by_hand.dead_units(data.X @ weights["W1"].T + weights["b1"]).all()
        assert losses[-1] == pytest.approx(best, abs=1e-9)

    def test_a_start_nearer_to_the_bend_lets_a_large_leak_wake_it(self):
        nearer = data.SLEEPER | {"b1": [-1.2]}
        weights, _ = by_hand.train(data.X, data.Y, **nearer, a=0.3, learning_rate=0.1, steps=50)
        assert not by_hand.dead_units(data.X @ weights["W1"].T + weights["b1"]).any()

    @pytest.mark.parametrize(("features", "share"), [(1, 1 / 4), (2, 1 / 12), (3, 1 / 48)])
    def test_share_of_torchs_fresh_units_that_are_dead_on_a_cube(self, features, share):
        torch.manual_seed(0)
        layer = torch.nn.Linear(features, 40_000)
        weight, bias = (p.detach().numpy() for p in (layer.weight, layer.bias))
        # a unit's largest pre-activation on the cube [-1, 1]^n lies in a corner
        dead = abs(weight).sum(axis=1) + bias <= 0
        assert dead.mean() == pytest.approx(share, abs=0.006)


START = (np.ones((3, 2)), np.ones(3), np.ones((1, 3)), np.ones(1))
X, Y = np.ones((4, 2)), np.ones((4, 1))


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        ("relu", ("x",), "x holds <U1 values"),
        ("relu", ([[1, 2], [3]],), "x is a ragged list"),
        ("leaky_relu", ([1.0], [0.1, 0.2]), "a has shape (2,); it takes one number"),
        ("leaky_relu_grad", ([np.nan], 0.1), "x holds nan at [0]"),
        ("leaky_relu", ([1.0], np.inf), "a holds inf"),
        ("dead_units", ([1.0, -1.0],), "pre_activations has shape (2,); it takes two axes"),
        ("train", (X, Y[:, 0], *START, 0.1, 0.1, 1), "y has shape (4,); it takes two axes"),
        ("train", (X, Y[:3], *START, 0.1, 0.1, 1), "it takes (samples, outputs) (4, 1)"),
        ("train", (X[:, :1], Y, *START, 0.1, 0.1, 1), "their columns are the inputs"),
        ("train", (X, Y, *START, 0.1, 0.1, -1), "steps is -1; it takes a whole number from 0 up"),
        ("train", (X, Y, *START, None, 0.1, 1), "a holds object values"),
        ("collapse", (START[0], START[1][:2], *START[2:]), "there is one bias for each row"),
        ("collapse", (*START[:2], np.ones((1, 4)), START[3]), "as many columns as W1 has rows"),
    ],
)
def test_impossible_arguments_are_named(function, arguments, message):
    with pytest.raises(ValueError) as error:
        getattr(by_hand, function)(*arguments)
    assert message in str(error.value)


@given(start=starts())
def test_training_leaves_its_arguments_as_they_were(start):
    before = [values.copy() for values in start]
    by_hand.train(*start, 0.1, 0.1, 2)
    for values, old in zip(start, before, strict=True):
        np.testing.assert_array_equal(values, old)
