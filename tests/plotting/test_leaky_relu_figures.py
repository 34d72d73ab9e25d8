"""What the figures around leaky ReLU draw and say."""

import numpy as np
import pytest

from course_utils.datasets import leaky_relu as data
from course_utils.plotting import leaky_relu as figures
from course_utils.staff.reference import leaky_relu as reference


@pytest.mark.parametrize("a", [-1.0, 0.0, 0.1, 1.0, 2.0])
def test_activation_draws_the_function_and_its_gradient(a):
    figure, alt = figures.activation.draw(a)
    function, left, right, at_zero, _ = figure.axes[0].lines[:5]
    x, y = function.get_data()
    np.testing.assert_allclose(y, reference.leaky_relu(x, a))
    for line in (left, right):
        middle = np.mean(line.get_xdata())
        assert line.get_ydata()[0] == reference.leaky_relu_grad(middle, a)
    assert at_zero.get_ydata()[0] == reference.leaky_relu_grad(0.0, a)
    bottom, top = figure.axes[0].get_ylim()
    assert bottom < min(y.min(), a, 1) and max(y.max(), a, 1) < top
    assert f"a = {a:g}" in alt


def test_units_draws_dead_ones_dashed():
    W, b = data.fresh_layer(1, 40)
    figure, alt = figures.units.draw(W, b)
    dead = reference.dead_units(data.X @ W.T + b).sum()
    dashed = [line for line in figure.axes[0].lines if line.get_linestyle() == "--"]
    assert 0 < dead == len(dashed)
    assert f"at or below 0 throughout, and dead: {dead}." in alt


def test_fits_draws_each_prediction_and_tells_its_loss():
    figure, alt = figures.fits.draw(data.X, data.Y, {"right": data.Y, "flat": 0 * data.Y})
    points, right, _ = figure.axes[0].lines
    np.testing.assert_array_equal(right.get_ydata(), points.get_ydata())
    assert "right: mean squared error 0.00000" in alt
    assert f"flat: mean squared error {(data.Y**2).mean():.5f}" in alt


def test_histories_draw_counts_and_losses_and_want_the_same_names():
    dead, losses = (
        {"a = 0": [3, 5, 5], "a = 1": [3, 2, 0]},
        {"a = 0": [1, 1, 1], "a = 1": [1, 0, 0]},
    )
    figure, alt = figures.histories.draw([1, 10, 100], dead, losses, units=5)
    left, right = figure.axes
    assert [line.get_ydata().tolist() for line in left.lines] == list(dead.values())
    assert min(right.lines[1].get_ydata()) == figures.SMALLEST_LOSS  # 0 has no logarithm
    assert "a = 1: units that never fire: 3 at first, 3 at most, 0 at the end" in alt
    with pytest.raises(ValueError, match="they take the same"):
        figures.histories.draw([1], {"a": [1]}, {"b": [1]}, units=1)


def test_the_slider_redraws_the_figure(panels):
    figures.move_slope(0.1)
    slider, page = panels[0].children
    assert "a = 0.1" in page.value
    slider.value = 1.5
    assert "a = 1.5" in page.value


def test_fresh_layers_are_drawn_within_torchs_bounds_and_named_when_impossible():
    W, b = data.fresh_layer(4, 1000)
    assert W.shape == (1000, 4) and b.shape == (1000,)
    assert 0.49 < max(abs(W).max(), abs(b).max()) <= 0.5
    with pytest.raises(ValueError, match="inputs is 0"):
        data.fresh_layer(0, 3)


def test_nothing_is_shown_while_grading(monkeypatch, capsys):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    figures.activation(0.1)
    figures.move_slope(0.1)
    assert capsys.readouterr().out == ""


def test_a_family_is_drawn_with_its_gradients():
    x = np.linspace(-2, 2, 41)
    figure, alt = figures.family.draw(x, {"square": x**2, "same": x})
    value, gradient = figure.axes
    np.testing.assert_array_equal(value.lines[0].get_ydata(), x**2)
    np.testing.assert_allclose(gradient.lines[0].get_ydata()[1:-1], 2 * x[1:-1], atol=1e-9)
    assert "square: lowest value 0" in alt and "same: lowest value −2, gradients from 1 to 1" in alt


def test_one_curve_is_one_curve():
    x = np.linspace(0, 1, 3)[:, None]
    assert "3 points and 1 curve." in figures.fits.draw(x, x, {"a": x})[1]
