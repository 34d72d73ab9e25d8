"""Arrays drawn as grids of numbers: images, filters, maps and where windows land."""

import numpy as np

from course_utils.arguments import numeric_array, pair
from course_utils.explore import grading
from course_utils.plotting.display import (
    BLACK,
    OKABE_ITO,
    VERMILION,
    WIDTH,
    animate,
    new_figure,
    picture,
)

CELL, GAP, TITLE, MARGIN = 0.5, 0.46, 0.34, 0.08  # inches
TITLE_SIZE = 11.5  # points
LINE_STYLES = ("-", "--", "-.", ":")
PADDING_COLOUR = "#e8e8e8"


def number(value):
    """A number as a reader writes it: at most two decimals, a real minus sign."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text.replace("-", "−")


def rows_text(values):
    """The numbers of a grid in words, for alt text: ``rows 1 2; 3 4``."""
    return "rows " + "; ".join(" ".join(map(number, row)) for row in values)


def draw_grid(axes, values, title="", limits=None, scale=1.0):
    """Draw a 2-D array as coloured squares with its numbers; NaN leaves a square empty.

    Parameters
    ----------
    axes : matplotlib Axes
    values : (H, W) array
    title : str
    limits : (low, high) or None
        What the ends of the colour scale stand for; None takes them from ``values``.
    scale : float
        Size of the numbers; 1 suits squares of half an inch.
    """
    finite = values[np.isfinite(values)]
    low, high = limits or ((finite.min(), finite.max()) if finite.size else (0, 1))
    if low == high:
        low, high = low - 1, high + 1
    axes.imshow(values, cmap="cividis", vmin=low, vmax=high)
    small = max((len(number(v)) for v in finite), default=1) > 4
    for (row, col), value in np.ndenumerate(values):
        if np.isfinite(value):
            dark = (value - low) / (high - low) < 0.55
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


@picture
def grids(arrays, titles, between=""):
    """Draw 2-D arrays side by side, as grids of numbers.

    Parameters
    ----------
    arrays : list of (H, W) arrays
    titles : list of str
        One per array.
    between : str
        One character between each pair of grids, for example ``"⋆="``.

    Returns
    -------
    figure, alt text

    Raises
    ------
    ValueError
        For arrays that are no grids of numbers, or too few or many titles or signs.
    """
    arrays = [numeric_array(a, f"arrays[{i}]", 2) for i, a in enumerate(arrays)]
    if len(titles) != len(arrays):
        raise ValueError(f"titles has {len(titles)} entries; {len(arrays)} arrays need as many")
    between = between or " " * (len(arrays) - 1)
    if len(between) != len(arrays) - 1:
        raise ValueError(f"between is {between!r}; it takes {len(arrays) - 1} characters")
    figure, axes = lay_out([a.shape for a in arrays], between)
    for ax, array, title in zip(axes, arrays, titles, strict=True):
        draw_grid(ax, array, title)
    alt = ". ".join(f"{t}: {rows_text(a)}" for t, a in zip(titles, arrays, strict=True))
    return figure, alt + "."


def _patch(x, w, row, col):
    """The inputs and arguments of a figure about one window, checked."""
    x, w = numeric_array(x, "x", 2), numeric_array(w, "w", 2)
    height, width = (n - k + 1 for n, k in zip(x.shape, w.shape, strict=True))
    if height < 1 or width < 1:
        raise ValueError(f"w has shape {w.shape}; it must fit into x, which has {x.shape}")
    if not (0 <= row < height and 0 <= col < width):
        raise ValueError(
            f"row, col is {row}, {col}; windows start at rows 0 to {height - 1}, "
            f"columns 0 to {width - 1}"
        )
    return x, w, x[row : row + w.shape[0], col : col + w.shape[1]]


@picture
def window(x, w, row=0, col=0):
    """Draw one window: the image, the filter, the products and their sum.

    Parameters
    ----------
    x : (H, W) array
    w : (kh, kw) array
        Not larger than ``x``.
    row, col : int
        Where the window's top-left square lies.

    Returns
    -------
    figure, alt text
    """
    x, w, patch = _patch(x, w, row, col)
    products = patch * w
    figure, axes = lay_out([x.shape, w.shape, w.shape], "×=", below=0.1)
    draw_grid(axes[0], x, "image")
    draw_box(axes[0], row, col, *w.shape)
    draw_grid(axes[1], w, "filter")
    draw_grid(axes[2], products, "products")
    axes[2].set_xlabel(f"sum: {number(products.sum())}", fontsize=13, weight="bold")
    alt = (
        f"The window at row {row}, column {col} covers {rows_text(patch)}. Times the filter, "
        f"{rows_text(w)}, it gives the products {rows_text(products)}, "
        f"whose sum is {number(products.sum())}."
    )
    return figure, alt


def sliding_window(x, w, caption=""):
    """Show an animation of a filter sliding over an image and filling its map.

    Parameters
    ----------
    x : (H, W) array
    w : (kh, kw) array
        Not larger than ``x``.
    caption : str
    """
    if grading():
        return
    figure, update, frames, alt = draw_sliding_window(x, w)
    animate(figure, update, frames, alt, caption)


def draw_sliding_window(x, w):
    """The parts of ``sliding_window``: figure, update function, number of frames, alt text."""
    from scipy.signal import correlate2d

    x, w, _ = _patch(x, w, 0, 0)
    full = correlate2d(x, w, mode="valid")
    figure, axes = lay_out([x.shape, w.shape, full.shape], "⋆=")
    limits = full.min(), full.max()

    def update(frame):
        row, col = divmod(frame, full.shape[1])
        for ax in axes:
            ax.clear()
        draw_grid(axes[0], x, "image")
        draw_box(axes[0], row, col, *w.shape)
        draw_grid(axes[1], w, "filter")
        seen = np.full(full.shape, np.nan)
        seen.flat[: frame + 1] = full.flat[: frame + 1]
        draw_grid(axes[2], seen, "map", limits)
        draw_box(axes[2], row, col, 1, 1)

    alt = (
        f"Animation: a {w.shape[0]} by {w.shape[1]} window moves over the {x.shape[0]} by "
        f"{x.shape[1]} image, left to right and top to bottom. At each stop the sum of products "
        f"becomes one square of the map: {rows_text(full)}."
    )
    return figure, update, full.size, alt


@picture
def landing(shape, kernel, stride=1, padding=0):
    """Draw where the windows of a filter land, and which square of the map each one fills.

    Parameters
    ----------
    shape : (H, W)
    kernel, stride, padding : int or (vertical, horizontal)

    Returns
    -------
    figure, alt text

    Raises
    ------
    ValueError
        Where the kernel does not fit into the padded image.
    """
    shape, kernel = pair(shape, "shape", 1), pair(kernel, "kernel", 1)
    stride, padding = pair(stride, "stride", 1), pair(padding, "padding", 0)
    padded = tuple(n + 2 * p for n, p in zip(shape, padding, strict=True))
    if kernel[0] > padded[0] or kernel[1] > padded[1]:
        raise ValueError(f"kernel is {kernel}; it must fit into the padded image, {padded}")
    starts = [list(range(0, n - k + 1, s)) for n, k, s in zip(padded, kernel, stride, strict=True)]
    size = len(starts[0]), len(starts[1])
    figure, axes = lay_out([padded, size], "→")
    reached = np.zeros(padded)
    for row in starts[0]:
        for col in starts[1]:
            reached[row : row + kernel[0], col : col + kernel[1]] = 1
    _draw_places(axes[0], padded, shape, padding, reached)
    _draw_places(axes[1], size, size, (0, 0), np.ones(size))
    axes[0].set_title(
        "image" + (" in its frame of zeros" if max(padding) else ""), fontsize=TITLE_SIZE
    )
    axes[1].set_title(f"map {size[0]}×{size[1]}", fontsize=TITLE_SIZE)
    places = [(row, col) for row in range(size[0]) for col in range(size[1])]
    for index, (row, col) in enumerate(places):
        colour = OKABE_ITO[index % 6]
        line = LINE_STYLES[index % len(LINE_STYLES)]
        top, left = starts[0][row], starts[1][col]
        # Neighbours get different insets, so that overlapping outlines stay apart.
        draw_box(axes[0], top, left, *kernel, colour, line, 0.06 + 0.09 * ((row + col) % 3))
        for ax, (r, c) in ((axes[0], (top, left)), (axes[1], (row, col))):
            ax.text(c, r, str(index + 1), ha="center", va="center", fontsize=12, weight="bold")
        draw_box(axes[1], row, col, 1, 1, colour, line, 0.12)
    unused = int((reached == 0).sum())
    alt = (
        f"Windows of {kernel[0]} by {kernel[1]} on an image of {shape[0]} by {shape[1]} with "
        f"padding {padding[0]} and {padding[1]} start at rows {starts[0]} and columns "
        f"{starts[1]}: the map is {size[0]} by {size[1]}. {unused} squares are in no window."
    )
    return figure, alt


def _draw_places(axes, shape, inner, padding, reached):
    """Empty squares: white inside, grey in the frame of zeros, hatched where no window comes."""
    from matplotlib.patches import Rectangle

    for row in range(shape[0]):
        for col in range(shape[1]):
            inside = (
                padding[0] <= row < padding[0] + inner[0]
                and padding[1] <= col < padding[1] + inner[1]
            )
            axes.add_patch(
                Rectangle(
                    (col - 0.5, row - 0.5),
                    1,
                    1,
                    facecolor="white" if inside else PADDING_COLOUR,
                    edgecolor="#999",
                    linewidth=0.8,
                    hatch=None if reached[row, col] else "///",
                )
            )
    axes.set_xlim(-0.5, shape[1] - 0.5)
    axes.set_ylim(shape[0] - 0.5, -0.5)
    axes.set_aspect("equal")
    axes.axis("off")


@picture
def pixel_use(counts):
    """Draw how many windows cover each pixel, as a heat map with its numbers.

    Parameters
    ----------
    counts : (H, W) array of whole numbers from 0 up

    Returns
    -------
    figure, alt text
    """
    counts = numeric_array(counts, "counts", 2)
    figure, (axes,) = lay_out([counts.shape], "")
    draw_grid(axes, counts, "windows per pixel", (0, max(counts.max(), 1)))
    alt = f"How many windows cover each pixel: {rows_text(counts)}."
    return figure, alt


@picture
def pooling(x, pooled, size):
    """Draw an image cut into blocks, and the pooled map with one square per block.

    Parameters
    ----------
    x : (H, W) array
    pooled : (H // size, W // size) array
    size : int
        Side of a block; the blocks do not overlap.

    Returns
    -------
    figure, alt text

    Raises
    ------
    ValueError
        Where ``pooled`` does not have one square per block.
    """
    x, pooled = numeric_array(x, "x", 2), numeric_array(pooled, "pooled", 2)
    size = pair(size, "size", 1)
    blocks = tuple(n // k for n, k in zip(x.shape, size, strict=True))
    if pooled.shape != blocks:
        raise ValueError(f"pooled has shape {pooled.shape}; blocks of {size} make it {blocks}")
    figure, axes = lay_out([x.shape, pooled.shape], "→")
    limits = min(x.min(), pooled.min()), max(x.max(), pooled.max())
    draw_grid(axes[0], x, "image", limits)
    draw_grid(axes[1], pooled, "pooled", limits)
    for index, (row, col) in enumerate(np.ndindex(*blocks)):
        style = {"colour": (BLACK, *OKABE_ITO[1:4])[index % 4], "line": LINE_STYLES[index % 4]}
        draw_box(axes[0], row * size[0], col * size[1], *size, inset=0.07, **style)
        draw_box(axes[1], row, col, 1, 1, inset=0.07, **style)
    alt = (
        f"Blocks of {size[0]} by {size[1]} in the image {rows_text(x)} become one number each: "
        f"{rows_text(pooled)}."
    )
    return figure, alt
