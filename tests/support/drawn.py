"""What a matplotlib figure shows, as lists."""

from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle


def numbers(axes):
    """The texts inside an Axes, row by row from the top."""
    places = sorted((t.get_position()[1], t.get_position()[0], t.get_text()) for t in axes.texts)
    return [text for _, _, text in places]


def outlines(axes):
    """(row, column, height, width) of the coloured outlines, insets undone."""
    found = []
    for patch in axes.patches:
        outlined = isinstance(patch, Rectangle) and not patch.get_fill()
        if outlined and to_hex(patch.get_edgecolor()) != "#ffffff":
            (x, y), w, h = patch.get_xy(), patch.get_width(), patch.get_height()
            found.append((round(y + 0.2), round(x + 0.2), round(h + 0.2), round(w + 0.2)))
    return found
