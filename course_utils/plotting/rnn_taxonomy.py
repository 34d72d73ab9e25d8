"""Figures of the tutorial on recurrent networks: drawings of networks, and what they keep."""

import html

import numpy as np

from course_utils.arguments import numeric_array, whole_number
from course_utils.explore import is_grading
from course_utils.plotting.curves import TEXT_SIZE, curve_style, enlarge_text
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
    captioned,
    display_html,
    new_figure,
    picture,
)
from course_utils.plotting.wording import counted

INPUT_COLOUR, STATE_COLOUR, OUTPUT_COLOUR = "#d9e8f3", "#f9e5c3", "#cfeadd"
MOST_STEPS = 6
LETTERS_IN_A_ROW = 41  # of a text below a curve; more would be too small to read


def _node(axes, x, y, text, fill, edge=BLUE, size=0.25):
    from matplotlib.patches import Circle

    axes.add_patch(Circle((x, y), size, facecolor=fill, edgecolor=edge, linewidth=1.8, zorder=3))
    axes.text(x, y - 0.01, text, ha="center", va="center", fontsize=13, zorder=4)


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
        axes.text(x, y, label, ha="center", va="center", fontsize=13, color=colour)


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
    axes.text(3.3, 1.5, "$W_{hh}$, one step later", ha="center", fontsize=13, color=VERMILION)
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
    figure = new_figure(WIDTH, 3.4)
    all_axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    figure.subplots_adjust(left=0.14, right=0.985, bottom=0.18, top=0.89, wspace=0.06)
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
            axes.legend(frameon=True, framealpha=0.9, edgecolor="none", labelspacing=0.3)
        enlarge_text(axes)
    low, high = all_axes[0].get_ylim()
    all_axes[0].set_ylim(max(low, lowest), min(high, highest))
    all_axes[0].set_ylabel(ylabel, fontsize=TEXT_SIZE)
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
    rows = -(-len(text) // LETTERS_IN_A_ROW)
    length = -(-len(text) // rows)  # of each row but the last
    figure = new_figure(WIDTH, 0.35 + 1.75 * rows)
    all_axes = figure.subplots(rows, 1, sharey=True, squeeze=False)[:, 0]
    figure.subplots_adjust(
        left=0.105, right=0.985, bottom=0.5 / (0.35 + 1.75 * rows), top=0.985, hspace=0.25
    )
    sentences = []
    for index, (label, values) in enumerate(curves.items()):
        values = numeric_array(values, label, 1)
        if len(values) != len(text):
            raise ValueError(
                f"{label} has {len(values)} numbers; {len(text)} characters need one each"
            )
        for row, axes in enumerate(all_axes):
            axes.semilogy(
                np.arange(len(text))[row * length : (row + 1) * length],
                values[row * length : (row + 1) * length],
                color=OKABE_ITO[index],
                linestyle=LINE_STYLES[index % len(LINE_STYLES)],
                linewidth=1.8,
                label=label,
            )
        sentences.append(f"{label}: {values[0]:.2g} at first, {values[-1]:.1g} at the end.")
    letters = text.replace("\n", "¶")
    for row, axes in enumerate(all_axes):
        first, last = row * length, min((row + 1) * length, len(text))
        axes.set_xlim(first - 0.5, first + length - 0.5)
        axes.set_xticks(
            range(first, last), list(letters[first:last]), fontsize=9.5, family="monospace"
        )
        axes.tick_params(axis="x", length=0, pad=2)
        axes.grid(color="#ddd", axis="y")
    figure.supylabel(ylabel, fontsize=10, x=0.005)
    all_axes[-1].set_xlabel("characters read, line by line")
    all_axes[0].legend(frameon=False, fontsize=9.5, loc="lower left")
    return figure, "Along the words all verses share. " + " ".join(sentences)


@picture
def lstm():
    """Draw one step of an LSTM: the cell's line on top, the gates that change it below.

    Returns
    -------
    figure, alt text
    """
    from matplotlib.patches import FancyBboxPatch

    figure, axes = canvas(WIDTH, 3.3)
    cell, gate, news = 2.75, 1.35, 0.4  # heights of the cell's line, the gates and the input

    def line(*points, colour="#333", arrow=True):
        xs, ys = zip(*points, strict=True)
        axes.plot(xs[:-1] + xs[-1:] * (not arrow), ys[:-1] + ys[-1:] * (not arrow), color=colour,
                  linewidth=1.8, solid_joinstyle="round")  # fmt: skip
        if arrow:
            axes.annotate(
                "", points[-1], points[-2],
                arrowprops={"arrowstyle": "-|>", "color": colour, "lw": 1.8,
                            "shrinkA": 0, "shrinkB": 0},
            )  # fmt: skip

    line((0.55, cell), (6.1, cell), colour=VERMILION)
    line((0.55, news), (4.35, news), colour=BLUE, arrow=False)
    for x, name in ((1.35, "f"), (2.35, "i"), (3.35, "g"), (4.35, "o")):
        line((x, news), (x, gate - 0.2), colour=BLUE)
        axes.add_patch(
            FancyBboxPatch((x - 0.27, gate - 0.17), 0.54, 0.34, boxstyle="round,pad=0.03",
                           facecolor=INPUT_COLOUR if name == "g" else OUTPUT_COLOUR,
                           edgecolor=BLUE if name == "g" else GREEN, linewidth=1.8, zorder=3)
        )  # fmt: skip
        squashing = "tanh" if name == "g" else r"$\sigma$"
        axes.text(x, gate, squashing, ha="center", va="center", fontsize=13, zorder=4)
        axes.text(x - 0.1, gate + 0.33, f"${name}$", ha="right", va="center", fontsize=14)
    line((1.35, gate + 0.2), (1.35, cell - 0.14), colour=GREEN)
    line((2.35, gate + 0.2), (2.35, 2.1), (2.71, 2.1), colour=GREEN)
    line((3.35, gate + 0.2), (3.35, 2.1), (2.99, 2.1), colour=BLUE)
    line((2.85, 2.24), (2.85, cell - 0.14))
    line((4.35, gate + 0.2), (4.35, 2.1), (5.21, 2.1), colour=GREEN)
    line((5.35, cell), (5.35, 2.24))
    line((5.49, 2.1), (6.1, 2.1))
    for x, y, sign in ((1.35, cell, "×"), (2.85, cell, "+"), (2.85, 2.1, "×"), (5.35, 2.1, "×")):
        _node(axes, x, y, sign, "white", edge="#333", size=0.14)
    axes.text(5.45, 2.45, "tanh", ha="left", va="center", fontsize=13)
    for x, y, name in ((0.5, cell, "$c_{t-1}$"), (0.5, news, "$x_t, h_{t-1}$")):
        axes.text(x, y, name, ha="right", va="center", fontsize=12)
    for y, name in ((cell, "$c_t$"), (2.1, "$h_t$")):
        axes.text(6.15, y, name, ha="left", va="center", fontsize=12)
    axes.set_xlim(-0.25, WIDTH - 0.05)
    alt = (
        "The cell's line runs straight from c of the last step to c of this one: it is multiplied "
        "by the forget gate f, then the product of input gate i and candidate g is added. A tanh "
        "of the cell, multiplied by the output gate o, is the new state h. The input x and the "
        "last state h feed all four: three sigmoids and, for g, a tanh."
    )
    return figure, alt


def over_a_text(text, values, caption=""):
    """Show a text in which each character is shaded by a number: blue above 0, orange below.

    Parameters
    ----------
    text : str
    values : (len(text),) array
    caption : str
    """
    if is_grading():
        return
    values = numeric_array(values, "values", 1)
    if len(values) != len(text):
        raise ValueError(f"{len(values)} numbers do not fit {len(text)} characters")
    largest = np.abs(values).max() or 1.0
    shades = np.round(8 * values / largest).astype(int)
    starts = np.flatnonzero(np.diff(shades, prepend=shades[0] - 1))  # where the shade changes
    parts = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        colour = _mixed(SKY if shades[start] > 0 else ORANGE, abs(shades[start]) / 8)
        piece = html.escape(text[start:end]).replace("\n", "<br>")
        parts.append(f'<span style="background:{colour}">{piece}</span>')
    content = f'<div style="line-height:1.7;max-width:38em">{"".join(parts)}</div>'
    places = np.linspace(0, len(text) - 1, 6).astype(int)
    numbers = ", ".join(f"{values[place]:.2g} at character {place + 1}" for place in places)
    display_html(captioned(content, caption), f"A text, shaded by a number: {numbers}.")


def _mixed(colour, share):
    """A colour mixed with white, as CSS writes it."""
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(255 + share * (part - 255)):02x}" for part in parts)


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
    figure = new_figure(WIDTH, 3.2)
    axes = figure.add_axes((0.115, 0.175, 0.87, 0.795))
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
    axes.legend(frameon=True, framealpha=0.9, edgecolor="none")
    enlarge_text(axes)
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
    figure = new_figure(WIDTH, 3.3)
    axes = figure.add_axes((0.11, 0.17, 0.88, 0.8))
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
    axes.set_ylim(low, high + 0.55 * (high - low))  # room for the legend
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_xlabel("step")
    axes.set_ylabel("the cell's number")
    axes.grid(color="#ddd")
    axes.legend(
        frameon=True, framealpha=0.9, edgecolor="none", ncols=2, loc="upper right",
        labelspacing=0.3, columnspacing=1,
    )  # fmt: skip
    enlarge_text(axes)
    steps = counted(len(values) - 1, "step")
    return figure, f"The number in a cell over {steps}. {' '.join(sentences)}"
