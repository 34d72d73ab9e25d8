"""Leaky ReLU and its slope, units that never fire, and what training makes of them."""

import numpy as np

from course_utils.arguments import numeric_array
from course_utils.plotting.curves import TEXT_SIZE, curve_style, enlarge_text
from course_utils.plotting.display import (
    BLACK,
    BLUE,
    VERMILION,
    WIDTH,
    new_figure,
    picture,
)
from course_utils.plotting.number_grids import number
from course_utils.plotting.sliders import with_sliders
from course_utils.plotting.wording import counted

SMALLEST_LOSS = 1e-6  # below it a curve on a logarithmic axis says nothing


@picture
def activation(a):
    """Draw leaky ReLU and its gradient on one pair of axes.

    Parameters
    ----------
    a : number
        Slope of the negative side.

    Returns
    -------
    figure, alt text
    """
    figure = new_figure(WIDTH, 3.1)
    axes = figure.add_axes((0.08, 0.17, 0.89, 0.8))
    negative, positive = np.array([-3.0, 0.0]), np.array([0.0, 3.0])
    axes.plot([-3, 0, 3], [-3 * a, 0, 3], color=BLUE, linewidth=3, label="leaky ReLU")
    axes.plot(negative, [a, a], "--", color=VERMILION, linewidth=2.5, label="its gradient")
    axes.plot(positive, [1, 1], "--", color=VERMILION, linewidth=2.5)
    axes.plot(0, a, "o", color=VERMILION, markersize=8)
    axes.plot(0, 1, "o", color=VERMILION, markersize=8, markerfacecolor="white")
    axes.axhline(0, color="#999", linewidth=1, zorder=0)
    axes.axvline(0, color="#999", linewidth=1, zorder=0)
    axes.set(xlim=(-3, 3), ylim=(min(-1.2, -3 * a) - 0.1, max(3, -3 * a, a) + 0.2))
    axes.set_xlabel("pre-activation x")
    axes.grid(color="#ddd")
    axes.legend(frameon=False, loc="upper left", title=f"a = {a:g}", title_fontsize=TEXT_SIZE)
    enlarge_text(axes)
    alt = (
        f"Leaky ReLU for a = {a:g}: a line of slope {a:g} up to 0, then a line of slope 1. Its "
        f"gradient is {a:g} up to and including 0, then 1."
    )
    return figure, alt


def move_slope(a=0.1):
    """Show ``activation`` with a slider for a."""
    with_sliders(activation.draw, {"a": (a, -1, 2, 0.05)}, "a slider changes a")


@picture
def units(W, b, low=-1.0, high=1.0):
    """Draw the pre-activations of units with one input as lines; dead ones are dashed.

    Parameters
    ----------
    W, b : (H, 1) and (H,) arrays
    low, high : numbers
        The ends of the data.

    Returns
    -------
    figure, alt text
    """
    W, b = numeric_array(W, "W", 2), numeric_array(b, "b", 1)
    x = np.array([low, high])
    lines = W @ x[None] + b[:, None]
    dead = (lines <= 0).all(axis=1)
    figure = new_figure(WIDTH, 3.0)
    axes = figure.add_axes((0.135, 0.18, 0.835, 0.79))
    for z in lines[~dead]:
        axes.plot(x, z, color=BLUE, linewidth=1.8)
    for z in lines[dead]:
        axes.plot(x, z, "--", color=VERMILION, linewidth=2.4)
    axes.axhspan(min(lines.min(), 0) - 0.1, 0, color="#eee", zorder=0)
    axes.axhline(0, color=BLACK, linewidth=1)
    axes.set(xlim=(low, high), ylim=(min(lines.min(), 0) - 0.1, max(lines.max(), 0) + 0.1))
    axes.set_xlabel("input")
    axes.set_ylabel("pre-activation")
    enlarge_text(axes)
    alt = (
        f"The pre-activations of {counted(len(b), 'unit')} over inputs from {number(low)} to "
        f"{number(high)}; at or below 0 throughout, and dead: {dead.sum()}."
    )
    return figure, alt


@picture
def fits(x, y, predictions):
    """Draw data and what several networks make of it.

    Parameters
    ----------
    x, y : (N, 1) arrays, x rising
    predictions : dict of str to (N, 1) array

    Returns
    -------
    figure, alt text
    """
    x, y = numeric_array(x, "x", 2)[:, 0], numeric_array(y, "y", 2)[:, 0]
    figure = new_figure(WIDTH, 3.2)
    axes = figure.add_axes((0.09, 0.165, 0.88, 0.805))
    axes.plot(x, y, "o", color="#888", markersize=7, label="data")
    sentences = []
    for index, (name, prediction) in enumerate(predictions.items()):
        prediction = numeric_array(prediction, name, 2)[:, 0]
        axes.plot(
            x,
            prediction,
            **curve_style(index),
            markevery=(2 * index, 7),
            linewidth=2.2,
            label=name,
        )
        loss = ((prediction - y) ** 2).mean()
        sentences.append(f"{name}: mean squared error {loss:.5f}")
    axes.set_xlabel("x")
    axes.grid(color="#ddd")
    axes.legend(frameon=False, labelspacing=0.3)
    enlarge_text(axes)
    drawn = f"{counted(x.size, 'point')} and {counted(len(predictions), 'curve')}"
    return figure, f"{drawn}. {'; '.join(sentences)}."


@picture
def histories(moments, dead, losses, units):
    """Draw the number of units that never fire, and the loss, while several networks train.

    Parameters
    ----------
    moments : (T,) rising step numbers, from 1 on
    dead, losses : dict of str to (T,) sequences, with the same names
    units : int
        How many units there are in all.

    Returns
    -------
    figure, alt text
    """
    if list(dead) != list(losses):
        raise ValueError(f"dead names {list(dead)}, losses {list(losses)}; they take the same")
    moments = numeric_array(moments, "moments", 1)
    figure = new_figure(WIDTH, 3.2)
    left, right = figure.subplots(1, 2)
    figure.subplots_adjust(left=0.08, right=0.985, bottom=0.17, top=0.9, wspace=0.32)
    # as far apart on the logarithmic axis as the moments allow
    marked = {int(abs(moments - m).argmin()) for m in np.geomspace(moments[0], moments[-1], 7)}
    sentences = []
    for index, name in enumerate(dead):
        style = curve_style(index) | {
            "markevery": sorted(marked),
            "linewidth": 2,
            "label": name,
        }
        counts, loss = numeric_array(dead[name], name, 1), numeric_array(losses[name], name, 1)
        left.plot(moments, counts, **style)
        right.plot(moments, np.maximum(loss, SMALLEST_LOSS), **style)
        sentences.append(
            f"{name}: units that never fire: {counts[0]:.0f} at first, {counts.max():.0f} at most, "
            f"{counts[-1]:.0f} at the end; the loss ends at {loss[-1]:.4f}"
        )
    for axes, title in ((left, "units that never fire"), (right, "loss")):
        axes.set_xscale("log")
        axes.set_title(title, fontsize=10.5)
        axes.set_xlabel("step")
        axes.grid(color="#ddd")
    left.set_ylim(-0.03 * units, 1.03 * units)
    left.yaxis.get_major_locator().set_params(integer=True)
    right.set_yscale("log")
    right.legend(frameon=False, labelspacing=0.3)
    enlarge_text(left)
    enlarge_text(right)
    return figure, ". ".join(sentences) + "."


@picture
def family(x, values):
    """Draw several activations and, beside them, their gradients.

    Parameters
    ----------
    x : (N,) array, rising in equal steps
    values : dict of str to (N,) array
        What each activation makes of x.

    Returns
    -------
    figure, alt text
    """
    x = numeric_array(x, "x", 1)
    figure = new_figure(WIDTH, 3.2)
    left, right = figure.subplots(1, 2)
    figure.subplots_adjust(left=0.08, right=0.985, bottom=0.17, top=0.9, wspace=0.24)
    sentences = []
    for index, (name, numbers) in enumerate(values.items()):
        numbers = numeric_array(numbers, name, 1)
        slopes = np.gradient(numbers, x)
        style = curve_style(index) | {
            "markevery": (12 * index, len(x) // 6),
            "markersize": 5,
            "linewidth": 2,
            "label": name,
        }
        left.plot(x, numbers, **style)
        right.plot(x, slopes, **style)
        sentences.append(
            f"{name}: lowest value {number(numbers.min())}, gradients from {number(slopes.min())} "
            f"to {number(slopes.max())}"
        )
    for axes, title in ((left, "value"), (right, "gradient")):
        axes.set_title(title, fontsize=10.5)
        axes.set_xlabel("pre-activation x")
        axes.axhline(0, color="#999", linewidth=1, zorder=0)
        axes.grid(color="#ddd")
    left.legend(frameon=False, labelspacing=0.3, handlelength=1.5)
    enlarge_text(left)
    enlarge_text(right)
    return figure, ". ".join(sentences) + "."
