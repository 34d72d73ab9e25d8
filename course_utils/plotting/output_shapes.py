"""Figures about sizes: windows along one axis, networks drawn to scale, shares, dropout."""

from itertools import pairwise

import numpy as np

from course_utils.arguments import numeric_array, whole_number
from course_utils.plotting.display import (
    BLUE,
    GREEN,
    OKABE_ITO,
    ORANGE,
    SKY,
    VERMILION,
    WIDTH,
    canvas,
    new_figure,
    picture,
)
from course_utils.plotting.sliders import with_sliders
from course_utils.plotting.wording import counted

MOST_PIXELS = 40
LABEL = 0.62  # inches that the text "224×224" takes
PADDING_COLOUR = "#e0e0e0"
EDGE = "#666"


def _square(axes, col, row, face, hatch=None, size=1.0):
    from matplotlib.patches import Rectangle

    margin = (1 - size) / 2
    axes.add_patch(
        Rectangle((col + margin, row + margin), size, size, facecolor=face, edgecolor=EDGE,
                  linewidth=0.8, hatch=hatch)
    )  # fmt: skip


@picture
def axis(n, kernel, stride=1, padding=0, dilation=1):
    """Draw the pixels along one axis and, below, every window that fits, one to a line.

    Parameters
    ----------
    n, kernel, stride, dilation : int, at least 1
    padding : int, at least 0
        Zeros at each end; ``n + 2 * padding`` is at most 40.

    Returns
    -------
    figure, alt text

    Raises
    ------
    ValueError
        Where no window fits, or the axis is too long to draw.
    """
    n, kernel = whole_number(n, "n", 1), whole_number(kernel, "kernel", 1)
    stride, padding = whole_number(stride, "stride", 1), whole_number(padding, "padding", 0)
    span = whole_number(dilation, "dilation", 1) * (kernel - 1) + 1
    length = n + 2 * padding
    if length > MOST_PIXELS:
        raise ValueError(f"the padded axis has {length} pixels; up to {MOST_PIXELS} can be drawn")
    if span > length:
        raise ValueError(f"the kernel spans {span} pixels and the padded axis has only {length}")
    starts = range(0, length - span + 1, stride)
    touched = {start + dilation * tap for start in starts for tap in range(kernel)}
    cell = min(0.34, (WIDTH - 0.1) / (length + 1.6))
    figure = new_figure(cell * (length + 1.6) + 0.1, cell * (len(starts) + 1.9) + 0.1)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(-0.2, length + 1.4)
    axes.set_ylim(len(starts) + 1.7, -0.2)
    axes.set_aspect("equal")
    axes.axis("off")
    size = min(12.0, 34 * cell)
    for col in range(length):
        is_zero = not padding <= col < padding + n
        _square(axes, col, 0, PADDING_COLOUR if is_zero else "white",
                None if col in touched else "////")  # fmt: skip
        label = "0" if is_zero else str(col - padding + 1)
        box = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
        axes.text(col + 0.5, 0.52, label, ha="center", va="center", fontsize=size,
                  bbox=None if col in touched else box)  # fmt: skip
    for index, start in enumerate(starts):
        row = 1.5 + index
        colour = OKABE_ITO[index % 6]
        axes.plot([start + 0.5, start + span - 0.5], [row + 0.5] * 2, color=colour, linewidth=1.5)
        for tap in range(kernel):
            _square(axes, start + dilation * tap, row, colour, size=0.7)
        axes.text(length + 0.3, row + 0.52, str(index + 1), va="center", fontsize=size + 1,
                  weight="bold")  # fmt: skip
    unused = length - len(touched)
    alt = (
        f"An axis of {counted(n, 'pixel')} with {counted(padding, 'zero')} at each end. A "
        f"kernel of {counted(kernel, 'weight')} that spans {counted(span, 'pixel')} starts at "
        f"{', '.join(str(start + 1) for start in starts)}: "
        f"{counted(len(starts), 'window')}. Touched by no weight: {unused} of "
        f"{counted(length, 'pixel')}."
    )
    return figure, alt


def slide_axis():
    """Show ``axis`` with sliders for all its numbers."""
    with_sliders(
        axis.draw,
        {
            "n": (11, 1, 24, 1),
            "kernel": (3, 1, 9, 1),
            "stride": (2, 1, 5, 1),
            "padding": (1, 0, 4, 1),
            "dilation": (1, 1, 4, 1),
        },
        "sliders change all five numbers",
    )


def shape_text(shape):
    """A shape as the page writes it: ``12@48×48``, or the number of features."""
    if len(shape) == 1:
        return f"{shape[0]}"
    return f"{shape[0]}@{shape[1]}×{shape[2]}"


@picture
def to_scale(shapes):
    """Draw what flows through a network, seen from the side and to scale.

    An image is a block as high as its rows and as wide as its channels (each on a scale of its
    own). A flat vector is a line on the scale of the rows, broken where it is too long.

    Parameters
    ----------
    shapes : list of (channels, rows, columns) or (features,)
        From 1 to 10 of them.

    Returns
    -------
    figure, alt text
    """
    if not 1 <= len(shapes) <= 10 or any(len(shape) not in (1, 3) for shape in shapes):
        raise ValueError(
            f"shapes is {shapes!r}; it takes up to 10 of (channels, rows, columns) or (features,)"
        )
    tallest = max((shape[1] for shape in shapes if len(shape) == 3), default=max(shapes)[0])
    channels = [shape[0] for shape in shapes if len(shape) == 3] or [1]
    spare = WIDTH - 0.1 - LABEL * len(shapes)  # what blocks wider than their label may add
    per_row, per_channel = 1.6 / tallest, min(0.8, LABEL + spare / len(channels)) / max(channels)
    figure, axes = canvas(WIDTH, 2.3)
    widths = [max(shape[0] * per_channel, 0.03) if len(shape) == 3 else 0.03 for shape in shapes]
    slots = [max(width + 0.06, LABEL) for width in widths]
    gap = (WIDTH - 0.1 - sum(slots)) / len(shapes)
    left = 0.05 + gap / 2
    for shape, width, slot in zip(shapes, widths, slots, strict=True):
        middle = left + slot / 2
        _block(axes, shape, middle - width / 2, width, per_row, tallest)
        axes.text(middle, 0.43, shape_text(shape).replace("@", "@\n"), ha="center", va="top",
                  fontsize=8.8, linespacing=1.15)  # fmt: skip
        left += slot + gap
    alt = (
        "From left to right, drawn to scale: "
        + ", ".join(shape_text(shape) for shape in shapes)
        + ". Blocks are as high as their rows and as wide as their channels."
    )
    return figure, alt


def _block(axes, shape, left, width, per_row, tallest):
    from matplotlib.patches import Rectangle

    bottom, flat = 0.5, len(shape) == 1
    rows = min(shape[0], tallest * 1.06) if flat else shape[1]
    face = ORANGE if flat else SKY
    axes.add_patch(
        Rectangle((left, bottom), width, rows * per_row, facecolor=face, edgecolor="black",
                  linewidth=0.8)
    )  # fmt: skip
    if flat and shape[0] > rows:
        middle = bottom + rows * per_row / 2
        axes.add_patch(
            Rectangle((left - 0.02, middle - 0.04), width + 0.04, 0.08, facecolor="white", zorder=2)
        )
        for height in (middle - 0.04, middle + 0.04):
            axes.plot([left - 0.07, left + width + 0.07], [height - 0.03, height + 0.03],
                      color="black", linewidth=1)  # fmt: skip


@picture
def shares(names, **amounts):
    """Draw, layer by layer, which share of each total a layer has.

    Parameters
    ----------
    names : list of str
        One per layer.
    **amounts : list of numbers from 0 up
        One or two, e.g. ``weights=[…], multiplications=[…]``; one number per layer, not all 0.

    Returns
    -------
    figure, alt text
    """
    if not 1 <= len(amounts) <= 2:
        raise ValueError(f"amounts are {list(amounts)}; one or two are drawn")
    percent = {}
    for title, numbers in amounts.items():
        numbers = numeric_array(numbers, title, 1)
        if len(numbers) != len(names) or numbers.min() < 0 or numbers.sum() == 0:
            raise ValueError(
                f"{title} is {numbers.tolist()}; it takes {len(names)} numbers from 0 up, not all 0"
            )
        percent[title] = 100 * numbers / numbers.sum()
    height = 0.25 * len(names) + 0.42
    figure = new_figure(WIDTH, height)
    panels = figure.subplots(1, len(percent), sharey=True, squeeze=False)[0]
    figure.subplots_adjust(left=0.175, right=0.98, bottom=0.03, top=1 - 0.34 / height, wspace=0.06)
    styles = ((BLUE, None), (VERMILION, "///"))
    sentences = []
    for axes, (title, values), (colour, hatch) in zip(
        panels, percent.items(), styles, strict=False
    ):
        axes.barh(range(len(names)), values, color=colour, hatch=hatch, edgecolor="white")
        for row, value in enumerate(values):
            axes.text(value + 0.02 * max(values), row, _percent(value), va="center", fontsize=13)
        axes.set_yticks(range(len(names)), names, fontsize=13)
        axes.set_ylim(len(names) - 0.4, -0.6)
        axes.set_xlim(0, max(values) * 1.4)
        axes.set_xticks([])
        axes.set_title(f"share of the {title}", fontsize=13)
        axes.tick_params(length=0)
        for side in ("top", "right", "bottom"):
            axes.spines[side].set_visible(False)
        told = ", ".join(f"{n} {_percent(v)}" for n, v in zip(names, values, strict=True) if v)
        sentences.append(f"Share of the {title}: {told}.")
    return figure, " ".join(sentences)


def _percent(value):
    if value == 0:
        return "0"
    return f"{value:.1f} %" if value >= 0.1 else "under 0.1 %"


@picture
def dropout(kept):
    """Draw which units take part in each forward pass, and all of them in a test.

    Parameters
    ----------
    kept : (passes, units) array of booleans
        True where the unit takes part.

    Returns
    -------
    figure, alt text
    """
    kept = numeric_array(kept, "kept", 2).astype(bool)
    rows = [*kept, np.ones(kept.shape[1], dtype=bool)]
    names = [f"training, pass {index + 1}" for index in range(len(kept))] + ["test"]
    cell = min(0.34, (WIDTH - 1.7) / kept.shape[1])
    figure = new_figure(1.6 + cell * kept.shape[1], cell * (len(rows) + 0.5) + 0.1)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(-1.55 / cell, kept.shape[1] + 0.15)
    axes.set_ylim(len(rows) + 0.5, -0.2)
    axes.set_aspect("equal")
    axes.axis("off")
    for index, (units, name) in enumerate(zip(rows, names, strict=True)):
        row = index + 0.3 * (index == len(kept))
        axes.text(-0.3, row + 0.52, name, ha="right", va="center", fontsize=13)
        for col, stays in enumerate(units):
            _square(axes, col, row, GREEN if stays else "white", size=0.84)
            if not stays:
                axes.text(col + 0.5, row + 0.52, "×", ha="center", va="center", fontsize=13)
    changes = sum(int((one != two).sum()) for one, two in pairwise(kept))
    alt = (
        f"{counted(kept.shape[1], 'unit')} while training, one forward pass after another: "
        + ", ".join(f"pass {i + 1} keeps {int(units.sum())}" for i, units in enumerate(kept))
        + f"; from pass to pass, {counted(changes, 'change')} in all. "
        "In a test all units take part."
    )
    return figure, alt
