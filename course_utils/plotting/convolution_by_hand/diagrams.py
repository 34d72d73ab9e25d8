"""Diagrams without data: channels and the weighted sum at one place."""

from course_utils.arguments import whole_number
from course_utils.plotting.display import BLUE, OKABE_ITO, ORANGE, WIDTH, canvas, picture
from course_utils.plotting.wording import counted


@picture
def channels(in_channels, out_channels):
    """Draw why each filter has the input's channels and each filter makes one map.

    Parameters
    ----------
    in_channels, out_channels : int
        From 1 to 6.

    Returns
    -------
    figure, alt text
    """
    in_channels = whole_number(in_channels, "in_channels", 1)
    out_channels = whole_number(out_channels, "out_channels", 1)
    if max(in_channels, out_channels) > 6:
        raise ValueError(f"{in_channels} and {out_channels} channels; it takes up to 6 of each")
    step = 0.62 + 0.16 * in_channels
    height = max(out_channels * step, 2.2) + 0.55
    figure, axes = canvas(WIDTH, height)
    middle = (height - 0.5) / 2
    edge = _stack(axes, 0.3, middle - 0.75, in_channels, 1.25, "#d9e8f3")
    for index in range(out_channels):
        colour = OKABE_ITO[1:][index % 7]
        y = 0.12 + (out_channels - 1 - index) * step
        right = _stack(axes, 3.1, y, in_channels, 0.5, colour)
        axes.annotate("", (3.0, y + 0.3), (edge + 0.1, middle), arrowprops={"arrowstyle": "->"})
        axes.annotate(
            "", (5.05, y + 0.28), (right + 0.1, y + 0.28), arrowprops={"arrowstyle": "->"}
        )
        _stack(axes, 5.15, y - 0.05, 1, 0.68, colour)
    for x, text in (
        (0.3, f"input: {counted(in_channels, 'channel')}"),
        (2.75, f"{counted(out_channels, 'filter')} × {counted(in_channels, 'channel')}"),
        (5.1, counted(out_channels, "map")),
    ):
        axes.text(x, height - 0.26, text, fontsize=13)
    alt = (
        f"An input of {counted(in_channels, 'channel')} goes to "
        f"{counted(out_channels, 'filter')}. Every filter has "
        f"{counted(in_channels, 'channel')} of its own and makes one map: "
        f"{counted(out_channels, 'map')} in all."
    )
    return figure, alt


def _stack(axes, x, y, count, side, colour, shift=0.16):
    """Draw ``count`` squares behind each other; return the right edge."""
    from matplotlib.patches import Rectangle

    for index in reversed(range(count)):
        corner = x + index * shift, y + index * shift
        axes.add_patch(
            Rectangle(corner, side, side, facecolor=colour, edgecolor="black", linewidth=1.2)
        )
    return x + side + (count - 1) * shift


@picture
def perceptron():
    """Draw one place of a convolutional layer: weighted sum, bias, activation.

    Returns
    -------
    figure, alt text
    """
    figure, axes = canvas(WIDTH, 1.7)
    box = {"boxstyle": "round,pad=0.3", "facecolor": "white", "edgecolor": BLUE, "linewidth": 2}
    labels = (
        (0.62, "a window"),
        (2.07, "× weights\nand sum"),
        (3.35, "+ bias"),
        (4.55, "activation"),
        (5.92, "one number\nof the map"),
    )
    for x, text in labels:
        axes.text(x, 1.05, text, ha="center", va="center", fontsize=13, bbox=box)
    for left, right in ((1.13, 1.48), (2.66, 2.9), (3.8, 3.97), (5.13, 5.33)):
        axes.annotate(
            "",
            (right, 1.05),
            (left, 1.05),
            arrowprops={"arrowstyle": "->", "color": ORANGE, "lw": 2},
        )
    axes.text(
        WIDTH / 2,
        0.22,
        "the same weights and the same bias at every place of the image",
        ha="center",
        fontsize=13,
    )
    alt = (
        "A window of the image is multiplied by the weights and summed, a bias is added, and an "
        "activation function gives one number of the map; the same weights and bias everywhere."
    )
    return figure, alt
