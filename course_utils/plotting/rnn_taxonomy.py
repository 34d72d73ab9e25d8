"""Figures of the tutorial on recurrent networks: drawings of networks, and what they keep."""

import numpy as np

from course_utils.arguments import numeric_array, whole_number
from course_utils.plotting.curves import curve_style
from course_utils.plotting.display import (
    BLUE,
    GREEN,
    LINE_STYLES,
    MARKERS,
    OKABE_ITO,
    ORANGE,
    SKY,
    VERMILION,
    WIDTH,
    canvas,
    new_figure,
    picture,
)
from course_utils.plotting.wording import counted

INPUT_COLOUR, STATE_COLOUR, OUTPUT_COLOUR = "#d9e8f3", "#f9e5c3", "#cfeadd"
MOST_STEPS = 6


def _node(axes, x, y, text, fill, edge=BLUE, size=0.25):
    from matplotlib.patches import Circle

    axes.add_patch(Circle((x, y), size, facecolor=fill, edgecolor=edge, linewidth=1.8, zorder=3))
    axes.text(x, y - 0.01, text, ha="center", va="center", fontsize=11, zorder=4)


def _arrow(axes, start, end, label="", shift=(0.0, 0.0), colour="#333", size=0.25, bend=0.0):
    """Draw an arrow between the rims of two nodes, with a label beside its middle."""
    start, end = np.array(start, dtype=float), np.array(end, dtype=float)
    along = (end - start) / np.linalg.norm(end - start)
    axes.annotate(
        "",
        tuple(end - along * (size + 0.02)),
        tuple(start + along * size),
        arrowprops={
            "arrowstyle": "-|>",
            "color": colour,
            "lw": 1.8,
            "connectionstyle": f"arc3,rad={bend}",
            "shrinkA": 0,
            "shrinkB": 0,
        },
    )
    if label:
        x, y = (start + end) / 2 + shift
        axes.text(x, y, label, ha="center", va="center", fontsize=10.5, color=colour)


@picture
def unrolled(steps):
    """Draw a recurrent network with a copy of the cell for every time step.

    Parameters
    ----------
    steps : int
        From 1 to 6.

    Returns
    -------
    figure, alt text
    """
    steps = whole_number(steps, "steps", 1)
    if steps > MOST_STEPS:
        raise ValueError(f"steps is {steps}; it takes from 1 to {MOST_STEPS}")
    figure, axes = canvas(WIDTH, 2.65)
    gap = (WIDTH - 1.1) / steps
    places = [0.45 + gap * t for t in range(steps + 1)]
    _node(axes, places[0], 1.32, "$h_0$", "white")
    for t, x in enumerate(places[1:], 1):
        _arrow(axes, (places[t - 1], 1.32), (x, 1.32), "$W_{hh}$", (0, 0.17), VERMILION)
        _node(axes, x, 0.36, f"$x_{t}$", INPUT_COLOUR)
        _node(axes, x, 1.32, f"$h_{t}$", STATE_COLOUR)
        _node(axes, x, 2.28, f"$y_{t}$", OUTPUT_COLOUR)
        _arrow(axes, (x, 0.36), (x, 1.32), "$W_{hx}$", (0.28, 0), BLUE)
        _arrow(axes, (x, 1.32), (x, 2.28), "$W_{yh}$", (0.28, 0), GREEN)
    alt = (
        f"A chain of {counted(steps, 'step')}. Each state h is reached by an arrow W_hh from the "
        "state before and an arrow W_hx from its own input x; an arrow W_yh leads on to its "
        "output y. The first state comes from h0. The three labels are the same at every step."
    )
    return figure, alt


@picture
def compact():
    """Draw the same network folded up: one cell, and a loop from the state to itself.

    Returns
    -------
    figure, alt text
    """
    figure, axes = canvas(WIDTH, 1.75)
    for x, text, fill in (
        (1.5, "$x$", INPUT_COLOUR),
        (3.3, "$h$", STATE_COLOUR),
        (5.1, "$y$", OUTPUT_COLOUR),
    ):
        _node(axes, x, 0.55, text, fill, size=0.3)
    _arrow(axes, (1.5, 0.55), (3.3, 0.55), "$W_{hx}$", (0, 0.18), BLUE, 0.3)
    _arrow(axes, (3.3, 0.55), (5.1, 0.55), "$W_{yh}$", (0, 0.18), GREEN, 0.3)
    axes.annotate(
        "",
        (3.06, 0.76),
        (3.54, 0.76),
        arrowprops={
            "arrowstyle": "-|>",
            "color": VERMILION,
            "lw": 1.8,
            "connectionstyle": "arc3,rad=1.9",
            "shrinkA": 0,
            "shrinkB": 0,
        },
    )
    axes.text(3.3, 1.5, "$W_{hh}$, one step later", ha="center", fontsize=10.5, color=VERMILION)
    alt = (
        "Three nodes in a row: x leads to h by W_hx, h leads to y by W_yh, and an arrow W_hh leads "
        "from h back to h, one step later."
    )
    return figure, alt


KINDS = {
    "one-to-one": ((0,), (0,), 1),
    "one-to-many": ((0,), (0, 1, 2), 3),
    "many-to-one": ((0, 1, 2), (2,), 3),
    "many-to-many\nstep by step": ((0, 1, 2), (0, 1, 2), 3),
    "many-to-many\nread, then write": ((0, 1), (2, 3), 4),
}


@picture
def kinds():
    """Draw the kinds of tasks by which steps have an input and which an output.

    Returns
    -------
    figure, alt text
    """
    step, radius, gap = 0.37, 0.145, 0.16
    figure, axes = canvas(WIDTH, 2.3)
    left, sentences = 0.1, []
    for name, (inputs, outputs, length) in KINDS.items():
        width = max(length * step, 0.85)
        first = left + (width - (length - 1) * step) / 2
        places = [first + step * t for t in range(length)]
        for t, x in enumerate(places):
            late = name.endswith("write") and t >= 2
            _node(axes, x, 1.0, "", "#f6c7b0" if late else STATE_COLOUR, size=radius)
            if t:
                _arrow(axes, (places[t - 1], 1.0), (x, 1.0), colour=VERMILION, size=radius)
            if t in inputs:
                _node(axes, x, 0.3, "", INPUT_COLOUR, size=radius)
                _arrow(axes, (x, 0.3), (x, 1.0), colour=BLUE, size=radius)
            if t in outputs:
                _node(axes, x, 1.7, "", OUTPUT_COLOUR, size=radius)
                _arrow(axes, (x, 1.0), (x, 1.7), colour=GREEN, size=radius)
        axes.text(left + width / 2, 2.27, name, ha="center", va="top", fontsize=9)
        left += width + gap
        plain = name.replace("\n", ", ")
        sentences.append(
            f"{plain}: {len(inputs)} in, {len(outputs)} out, in {counted(length, 'step')}."
        )
    return figure, "Inputs below, states in the middle, outputs on top. " + " ".join(sentences)


@picture
def on_a_log_scale(panels, xlabel, ylabel, lowest=1e-9, highest=1e9):
    """Draw quantities that grow and shrink by factors, one panel per experiment.

    Parameters
    ----------
    panels : dict of str to dict of str to (n,) array
        A panel's title, its curves' labels and their numbers from step 1 on; numbers of 0 and
        below leave a gap.
    xlabel, ylabel : str
    lowest, highest : float
        What lies beyond is cut off.

    Returns
    -------
    figure, alt text
    """
    if not panels:
        raise ValueError("panels is empty; it takes at least one panel")
    figure = new_figure(WIDTH, 3.0)
    all_axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    figure.subplots_adjust(left=0.115, right=0.985, bottom=0.165, top=0.9, wspace=0.06)
    sentences = []
    for axes, (title, curves) in zip(all_axes, panels.items(), strict=True):
        for index, (label, values) in enumerate(curves.items()):
            values = numeric_array(values, label, 1)
            steps = np.arange(1, len(values) + 1)
            axes.plot(
                steps,
                np.where(values > 0, values, np.nan),
                **curve_style(index),
                markevery=max(len(values) // 6, 1),
                markersize=4.5,
                linewidth=1.8,
                label=label,
            )
            sentences.append(
                f"{title}, {label}: {values[0]:.2g} at first, {values[-1]:.2g} after {len(values)}."
            )
        axes.axhline(1, color="#777", linewidth=0.8)
        axes.set_yscale("log")
        axes.set_title(title, fontsize=10.5)
        axes.set_xlabel(xlabel)
        axes.grid(color="#ddd")
        last = axes is all_axes[-1]
        if last or list(curves) != list(list(panels.values())[-1]):  # the same legend once
            axes.legend(frameon=True, framealpha=0.9, edgecolor="none", fontsize=8.5)
    low, high = all_axes[0].get_ylim()
    all_axes[0].set_ylim(max(low, lowest), min(high, highest))
    all_axes[0].set_ylabel(ylabel)
    return figure, " ".join(sentences)


@picture
def along_a_text(text, curves, ylabel):
    """Draw positive numbers, one per character, over the characters they belong to.

    Parameters
    ----------
    text : str
        The characters; a line end is drawn as a pilcrow.
    curves : dict of str to (len(text),) array of numbers above 0
    ylabel : str

    Returns
    -------
    figure, alt text
    """
    figure = new_figure(WIDTH, 2.9)
    axes = figure.add_axes((0.105, 0.2, 0.88, 0.77))
    sentences = []
    for index, (label, values) in enumerate(curves.items()):
        values = numeric_array(values, label, 1)
        if len(values) != len(text):
            raise ValueError(
                f"{label} has {len(values)} numbers; {len(text)} characters need one each"
            )
        axes.semilogy(
            values,
            color=OKABE_ITO[index],
            linestyle=LINE_STYLES[index % len(LINE_STYLES)],
            linewidth=1.8,
            label=label,
        )
        sentences.append(f"{label}: {values[0]:.2g} at first, {values[-1]:.1g} at the end.")
    axes.set_xlim(-0.5, len(text) - 0.5)
    axes.set_xticks(
        range(len(text)), list(text.replace("\n", "¶")), fontsize=5.6, family="monospace"
    )
    axes.tick_params(axis="x", length=0, pad=2)
    axes.set_xlabel("characters read, from left to right")
    axes.set_ylabel(ylabel)
    axes.grid(color="#ddd", axis="y")
    axes.legend(frameon=False, fontsize=9)
    return figure, "Along the words all verses share. " + " ".join(sentences)


@picture
def recall(curves, units):
    """Draw how well each past input can be read out of the state.

    Parameters
    ----------
    curves : dict of str to (delays,) array
        A label, and the share of variance explained (0 to 1) for delay 0, 1, 2, …
    units : int
        Numbers in the state; drawn as a vertical line, the limit.

    Returns
    -------
    figure, alt text
    """
    if not curves:
        raise ValueError("curves is empty; it takes at least one curve")
    figure = new_figure(WIDTH, 3.0)
    axes = figure.add_axes((0.1, 0.165, 0.885, 0.805))
    sentences = []
    for index, (label, values) in enumerate(curves.items()):
        values = numeric_array(values, label, 1)
        axes.plot(
            values,
            **curve_style(index),
            markersize=4.5,
            linewidth=1.8,
            label=f"{label}: {values.sum():.1f} in all",
        )
        sentences.append(f"{label}: {values.sum():.1f} past inputs in all.")
    axes.axvline(units - 0.5, color="#777", linewidth=1, linestyle=(0, (4, 3)))
    axes.text(units - 0.2, 0.6, f"{units} units", color="#555", fontsize=9)
    axes.set_xlabel("how many steps ago")
    axes.set_ylabel("share recalled")
    axes.set_ylim(-0.03, 1.05)
    axes.grid(color="#ddd")
    axes.legend(frameon=True, framealpha=0.9, edgecolor="none", fontsize=9)
    return figure, "How well each past input is recalled from the state. " + " ".join(sentences)


@picture
def gates(memories):
    """Draw what single LSTM cells keep of a number, step by step.

    Parameters
    ----------
    memories : dict of str to (steps,) array
        A label, and the cell's number after each step.

    Returns
    -------
    figure, alt text
    """
    if not memories:
        raise ValueError("memories is empty; it takes at least one cell's numbers")
    figure = new_figure(WIDTH, 2.7)
    axes = figure.add_axes((0.09, 0.185, 0.9, 0.785))
    sentences = []
    colours = (BLUE, VERMILION, GREEN, ORANGE, SKY)
    for index, (label, values) in enumerate(memories.items()):
        values = numeric_array(values, label, 1)
        axes.plot(
            range(len(values)),
            values,
            color=colours[index % len(colours)],
            linestyle=LINE_STYLES[index % len(LINE_STYLES)],
            marker=MARKERS[index % len(MARKERS)],
            markersize=4.5,
            linewidth=1.8,
            label=label,
        )
        sentences.append(f"{label}: from {values[0]:.2g} to {values[-1]:.2g}.")
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + 0.42 * (high - low))  # room for the legend
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_xlabel("step")
    axes.set_ylabel("the cell's number")
    axes.grid(color="#ddd")
    axes.legend(
        frameon=True, framealpha=0.9, edgecolor="none", fontsize=9, ncols=2, loc="upper right"
    )
    steps = counted(len(values) - 1, "step")
    return figure, f"The number in a cell over {steps}. {' '.join(sentences)}"
