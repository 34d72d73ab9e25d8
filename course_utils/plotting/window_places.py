"""Where the windows of a filter land on an image."""

import numpy as np

from course_utils.arguments import pair
from course_utils.plotting.display import LINE_STYLES, OKABE_ITO, picture
from course_utils.plotting.number_grids import TITLE_SIZE, draw_box, lay_out

PADDING_COLOUR = "#e8e8e8"


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
        f"{starts[1]}: the map is {size[0]} by {size[1]}. Squares in no window: {unused}."
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
