"""Arrays as grids of numbers: one window, all windows after each other, pooling."""

import numpy as np

from course_utils.arguments import numeric_array, pair
from course_utils.explore import is_grading
from course_utils.plotting.animation import animate
from course_utils.plotting.display import (
    BLACK,
    BLUE,
    GREEN,
    LINE_STYLES,
    OKABE_ITO,
    VERMILION,
    WIDTH,
    new_figure,
    picture,
)
from course_utils.plotting.number_grids import draw_box, draw_grid, lay_out, number, rows_text
from course_utils.plotting.sliders import with_sliders

SMALL = 0.85  # numbers of grids whose squares are smaller than usual


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
    largest = np.abs(x).max() * np.abs(w).max()  # in any window: colours stay as the window moves
    figure, axes = lay_out([x.shape, w.shape, w.shape], "×=", below=0.1)
    draw_grid(axes[0], x, "image")
    draw_box(axes[0], row, col, *w.shape)
    draw_grid(axes[1], w, "filter")
    draw_grid(axes[2], products, "products", largest)
    axes[2].set_xlabel(f"sum: {number(products.sum())}", fontsize=13, weight="bold")
    alt = (
        f"The window at row {row}, column {col} covers {rows_text(patch)}. Times the filter, "
        f"{rows_text(w)}, it gives the products {rows_text(products)}, "
        f"whose sum is {number(products.sum())}."
    )
    return figure, alt


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


def move_window(x, w):
    """Show ``window`` with sliders for its row and column; parameters are those of ``window``."""
    if is_grading():
        return
    x, w, _ = _patch(x, w, 0, 0)
    rows, columns = (n - k for n, k in zip(x.shape, w.shape, strict=True))
    with_sliders(
        lambda row, column: window.draw(x, w, row, column),
        {"row": (0, 0, rows, 1), "column": (0, 0, columns, 1)},
        "sliders move this window",
    )


def sliding_window(x, w, caption=""):
    """Show an animation of a filter sliding over an image and filling its map.

    Parameters
    ----------
    x : (H, W) array
    w : (kh, kw) array
        Not larger than ``x``.
    caption : str
    """
    if is_grading():
        return
    animate(*draw_sliding_window(x, w), caption)


def draw_sliding_window(x, w):
    """The parts of ``sliding_window``: figure, update function, number of frames, alt text."""
    from scipy.signal import correlate2d

    x, w, _ = _patch(x, w, 0, 0)
    full = correlate2d(x, w, mode="valid")
    figure, axes = lay_out([x.shape, w.shape, full.shape], "⋆=")
    limit = np.abs(full).max()

    def update(frame):
        row, col = divmod(frame, full.shape[1])
        for ax in axes:
            ax.clear()
        draw_grid(axes[0], x, "image")
        draw_box(axes[0], row, col, *w.shape)
        draw_grid(axes[1], w, "filter")
        seen = np.full(full.shape, np.nan)
        seen.flat[: frame + 1] = full.flat[: frame + 1]
        draw_grid(axes[2], seen, "map", limit)
        draw_box(axes[2], row, col, 1, 1)

    alt = (
        f"Animation: a {w.shape[0]} by {w.shape[1]} window moves over the {x.shape[0]} by "
        f"{x.shape[1]} image, left to right and top to bottom. At each stop the sum of products "
        f"becomes one square of the map: {rows_text(full)}."
    )
    return figure, update, full.size, alt


COLOURS = {"red": VERMILION, "green": GREEN, "blue": BLUE}  # of the three channels


def sliding_channels(x, w, bias, caption=""):
    """Show an animation of one filter sliding over three channels and filling one map.

    Parameters
    ----------
    x : (3, H, W) array
    w : (3, kh, kw) array
        Not larger than ``x``.
    bias : number
    caption : str
    """
    if is_grading():
        return
    animate(*draw_sliding_channels(x, w, bias), caption, interval=1800)


def draw_sliding_channels(x, w, bias):
    """The parts of ``sliding_channels``: figure, update function, number of frames, alt text."""
    x, w = numeric_array(x, "x", 3), numeric_array(w, "w", 3)
    if len(x) != 3 or len(w) != 3:
        raise ValueError(f"x and w have shapes {x.shape} and {w.shape}; both take 3 channels")
    _patch(x[0], w[0], 0, 0)
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape)[0]
    products = windows * w
    sums = products.sum(axis=(3, 4))  # one per place and channel
    full = sums.sum(axis=2) + bias
    cell, gap, sides = 0.4, 0.3, (x.shape[1:], w.shape[1:], w.shape[1:])
    row_height = x.shape[1] * cell + 0.42
    figure = new_figure(WIDTH, 3 * row_height + 0.05)

    def place(left, middle, shape):
        height, width = (n * cell for n in shape)
        box = left / WIDTH, (middle - height / 2), width / WIDTH, height
        total = figure.get_figheight()
        return figure.add_axes((box[0], box[1] / total, box[2], box[3] / total))

    grids, left = [], 0.08
    for channel in range(3):
        middle, left = (2.5 - channel) * row_height - 0.14, 0.08
        line = []
        for shape, sign in zip(sides, "×= ", strict=True):
            line.append(place(left, middle, shape))
            left += shape[1] * cell + gap
            if sign.strip():
                _sign(figure, left - gap / 2, middle, sign)
        grids.append(line)
    right = left + 0.02
    result = place(right, 1.35 * row_height - 0.6, full.shape)
    lines = [figure.text(right / WIDTH, 1 - (0.55 + 0.27 * i) / figure.get_figheight(), "",
                         fontsize=13) for i in range(5)]  # fmt: skip
    limit = np.abs(products).max()

    def update(frame):
        row, col = divmod(frame, full.shape[1])
        for ax in [*sum(grids, []), result]:
            ax.clear()
        for channel, (name, colour) in enumerate(COLOURS.items()):
            image, kernel, product = grids[channel]
            draw_grid(image, x[channel], name, np.abs(x).max(), SMALL)
            image.title.set(color=colour, weight="bold")
            draw_box(image, row, col, *w.shape[1:])
            draw_grid(kernel, w[channel], "filter", np.abs(w).max(), SMALL)
            draw_grid(product, products[row, col, channel], "products", limit, SMALL)
            lines[channel].set(text=f"{name}: {number(sums[row, col, channel])}", color=colour)
        lines[3].set_text(f"bias: {number(bias)}")
        lines[4].set(text=f"sum: {number(full[row, col])}", weight="bold")
        seen = np.full(full.shape, np.nan)
        seen.flat[: frame + 1] = full.flat[: frame + 1]
        draw_grid(result, seen, "map", np.abs(full).max(), SMALL)
        draw_box(result, row, col, 1, 1)

    told = "; ".join(
        " + ".join([*map(number, sums[place]), f"bias {number(bias)}"])
        + f" = {number(full[place])}"
        for place in np.ndindex(*full.shape)
    )
    alt = (
        f"Animation: one filter of three channels, {w.shape[1]} by {w.shape[2]} each, moves over "
        f"the red, the green and the blue channel at once. At each stop the three sums of products "
        f"and the bias add up to one square of the map: {told}."
    )
    return figure, update, full.size, alt


def _sign(figure, x, y, sign):
    figure.text(x / WIDTH, y / figure.get_figheight(), sign, ha="center", va="center", fontsize=17)


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
    draw_grid(axes, counts, "windows per pixel")
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
    limit = max(np.abs(x).max(), np.abs(pooled).max())
    draw_grid(axes[0], x, "image", limit)
    draw_grid(axes[1], pooled, "pooled", limit)
    for index, (row, col) in enumerate(np.ndindex(*blocks)):
        style = {"colour": (BLACK, *OKABE_ITO[1:4])[index % 4], "line": LINE_STYLES[index % 4]}
        draw_box(axes[0], row * size[0], col * size[1], *size, inset=0.07, **style)
        draw_box(axes[1], row, col, 1, 1, inset=0.07, **style)
    alt = (
        f"Blocks of {size[0]} by {size[1]} in the image {rows_text(x)} become one number each: "
        f"{rows_text(pooled)}."
    )
    return figure, alt
