"""Arrays drawn as grids of numbers: images, filters and maps; the colour of 0 never changes."""

import functools

import numpy as np

from course_utils.plotting.display import VERMILION, WIDTH, new_figure

CELL, GAP, TITLE, MARGIN = 0.5, 0.46, 0.34, 0.08  # inches
TITLE_SIZE = 13  # points
# Dark is 0, blue is negative, yellow positive; the brighter, the larger.
SIGNED = ("#93d5ff", "#2f7fb8", "#1c1c1c", "#a8701a", "#ffe14d")


@functools.cache
def signed_colours():
    """The colour map of every grid: the middle of its range stands for 0."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("signed", SIGNED)


def draw_signed(axes, values, limit=None):
    """Draw an array as coloured squares without numbers; parameters are those of ``draw_grid``."""
    limit = limit or np.abs(values[np.isfinite(values)]).max(initial=0) or 1
    return axes.imshow(
        values, cmap=signed_colours(), vmin=-limit, vmax=limit, interpolation="nearest"
    )


def number(value):
    """A number as a reader writes it: at most two decimals, a real minus sign."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text.replace("-", "−")


def rows_text(values):
    """The numbers of a grid in words, for alt text: ``rows 1 2; 3 4``."""
    return "rows " + "; ".join(" ".join(map(number, row)) for row in values)


def draw_grid(axes, values, title="", limit=None, scale=1.0):
    """Draw a 2-D array as coloured squares with its numbers; NaN leaves a square empty.

    Parameters
    ----------
    axes : matplotlib Axes
    values : (H, W) array
    title : str
    limit : float or None
        The size of a number that gets the brightest colour; None takes the largest of ``values``.
    scale : float
        Size of the numbers; 1 suits squares of half an inch.
    """
    finite = values[np.isfinite(values)]
    image = draw_signed(axes, values, limit)
    small = max((len(number(v)) for v in finite), default=1) > 4
    for (row, col), value in np.ndenumerate(values):
        if np.isfinite(value):
            dark = _luminance(image.to_rgba(value)) < 0.2
            axes.text(
                col,
                row,
                number(value),
                ha="center",
                va="center",
                fontsize=(11 if small else 13) * scale,
                color="white" if dark else "black",
            )
    height, width = values.shape
    axes.set_xticks(np.arange(-0.5, width), [])
    axes.set_yticks(np.arange(-0.5, height), [])
    axes.grid(color="white", linewidth=1.2)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_color("#555")
    axes.set_title(title, fontsize=TITLE_SIZE, pad=5)


def _luminance(colour):
    red, green, blue, _ = colour
    return 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2


def draw_box(axes, row, col, height, width, colour=VERMILION, line="-", inset=0.0):
    """Outline ``height`` by ``width`` squares of a grid from ``row``, ``col`` on."""
    from matplotlib.patches import Rectangle

    edges = (col - 0.5 + inset, row - 0.5 + inset), width - 2 * inset, height - 2 * inset
    # A white line below keeps the outline visible on dark and on bright squares.
    for shade, thickness in (("white", 5), (colour, 2.6)):
        axes.add_patch(
            Rectangle(
                *edges,
                fill=False,
                edgecolor=shade,
                linewidth=thickness,
                linestyle=line if shade != "white" else "-",
                zorder=3,
                clip_on=False,
            )
        )


def lay_out(shapes, between, below=0.0):
    """Make a figure with one Axes per grid shape, wrapped into rows that fit the page.

    Parameters
    ----------
    shapes : list of (rows, columns)
    between : list of str
        The sign before the second, third, … grid, such as ``"="``.
    below : float
        Inches kept free at the bottom.

    Returns
    -------
    figure, list of Axes
    """
    cell = min(CELL, (WIDTH - 2 * MARGIN) / max(width for _, width in shapes))
    lines, line, used = [], [], 0.0
    for index, (_, width) in enumerate(shapes):
        needed = width * cell + (GAP if line else 0)
        if line and used + needed > WIDTH - 2 * MARGIN:
            lines.append(line)
            line, needed, used = [], width * cell, 0.0
        line.append(index)
        used += needed
    lines.append(line)
    widths = [
        sum(shapes[i][1] * cell for i in line) + GAP * (len(line) - 1) + GAP * (line[0] > 0)
        for line in lines
    ]
    heights = [max(shapes[i][0] for i in line) * cell + TITLE for line in lines]
    # Narrow grids still need room for their titles.
    figure_width = max(max(widths) + 2 * MARGIN, 2.2)
    figure_height = sum(heights) + 2 * MARGIN + 0.12 * (len(lines) - 1) + below
    figure = new_figure(figure_width, figure_height)
    axes, top = [], figure_height - MARGIN
    for line, height in zip(lines, heights, strict=True):
        left = MARGIN + GAP * (line[0] > 0)
        middle = top - TITLE - (height - TITLE) / 2
        for index in line:
            rows, columns = shapes[index]
            if index > 0:
                figure.text(
                    (left - GAP / 2) / figure_width,
                    middle / figure_height,
                    between[index - 1],
                    ha="center",
                    va="center",
                    fontsize=24 if between[index - 1] == "⋆" else 17,
                )
            axes.append(
                figure.add_axes(
                    (
                        left / figure_width,
                        (middle - rows * cell / 2) / figure_height,
                        columns * cell / figure_width,
                        rows * cell / figure_height,
                    )
                )
            )
            left += columns * cell + GAP
        top -= height + 0.12
    return figure, axes
