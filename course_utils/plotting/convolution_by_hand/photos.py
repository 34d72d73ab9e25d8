"""Photographs, a drawing, and what filters make of them."""

import numpy as np

from course_utils.arguments import numeric_array
from course_utils.plotting.display import WIDTH, new_figure, picture
from course_utils.plotting.number_grids import draw_box, draw_grid, draw_signed, rows_text
from course_utils.plotting.photos import draw_photo
from course_utils.plotting.wording import counted

MOST_MAPS = 4  # pictures side by side


@picture
def photo_and_pixels(photo, row, col, side=8):
    """Draw a photograph and, beside it, a small piece of it as numbers from 0 to 99.

    Parameters
    ----------
    photo : (H, W) array
        Brightness from 0 to 1.
    row, col : int
        Top-left corner of the piece.
    side : int
        Rows and columns of the piece.

    Returns
    -------
    figure, alt text

    Raises
    ------
    ValueError
        Where the piece does not lie inside the photograph.
    """
    photo = numeric_array(photo, "photo", 2)
    if not (0 <= row <= photo.shape[0] - side and 0 <= col <= photo.shape[1] - side):
        raise ValueError(
            f"row, col is {row}, {col}; a piece of {side} by {side} in a photograph of "
            f"{photo.shape} starts at rows 0 to {photo.shape[0] - side} and columns "
            f"0 to {photo.shape[1] - side}"
        )
    piece = np.floor(photo[row : row + side, col : col + side] * 99.999)
    figure = new_figure(WIDTH, 2.75)
    left, right = figure.subplots(1, 2, width_ratios=(3.9, 2.6))
    figure.subplots_adjust(left=0.01, right=0.99, bottom=0.02, top=0.9, wspace=0.05)
    draw_photo(left, photo, "what you see")
    draw_box(left, row, col, side, side)
    draw_grid(right, piece, "what arrives: brightness 0–99", 99)
    alt = (
        f"Left, a grey photograph of {photo.shape[0]} by {photo.shape[1]} pixels with a small "
        f"square marked. Right, the brightness in that square: {rows_text(piece)}."
    )
    return figure, alt


@picture
def filter_gallery(photo, filters, correlate):
    """Draw a photograph seen through several filters, each filter in a corner of its map.

    Parameters
    ----------
    photo : (H, W) array
    filters : dict of str to (kh, kw) array
        Filters whose numbers sum to 0 give maps around 0, drawn around mid-grey.
    correlate : callable
        ``correlate(photo, filter)`` returns the map. It is called only if the figure is drawn.

    Returns
    -------
    figure, alt text
    """
    if not filters:
        raise ValueError("filters is empty; it takes at least one filter")
    photo = numeric_array(photo, "photo", 2)
    rows = (len(filters) + 1) // 2
    figure = new_figure(WIDTH, rows * 2.42)
    figure.subplots_adjust(
        left=0.01, right=0.99, bottom=0.01, top=1 - 0.1 / rows, wspace=0.03, hspace=0.14
    )
    for index, (name, w) in enumerate(filters.items()):
        w = numeric_array(w, f"filters[{name!r}]", 2)
        response = numeric_array(correlate(photo, w), f"the map of {name!r}", 2)
        axes = figure.add_subplot(rows, 2, index + 1)
        draw_photo(axes, response, name, signed=abs(w.sum()) < 1e-9)
        corner = axes.inset_axes((0.0, 0.0, 0.2, 0.3))
        draw_signed(corner, w)
        corner.set_xticks([])
        corner.set_yticks([])
        for spine in corner.spines.values():
            spine.set(color="white", linewidth=2)
    alt = (
        "The photograph seen through "
        + ", ".join(filters)
        + ". Edge filters leave flat parts mid-grey and draw outlines in white and black."
    )
    return figure, alt


@picture
def filter_bank(filters):
    """Draw many filters as small pictures, mid-grey for 0, white for large positive.

    Parameters
    ----------
    filters : (O, kh, kw) array

    Returns
    -------
    figure, alt text
    """
    filters = numeric_array(filters, "filters", 3)
    columns = min(len(filters), 8)
    rows = -(-len(filters) // columns)
    side = WIDTH / columns
    figure = new_figure(WIDTH, rows * side)
    figure.subplots_adjust(left=0.01, right=0.99, bottom=0.02, top=0.98, wspace=0.1, hspace=0.1)
    for index, values in enumerate(filters):
        draw_photo(figure.add_subplot(rows, columns, index + 1), values, signed=True)
    count, height, width = filters.shape
    return figure, f"{counted(count, 'filter')} of {height} by {width} weights as small pictures."


@picture
def hierarchy(drawing, layers, conv_layer, names):
    """Draw the maps of stacked layers, one row of pictures per layer.

    Parameters
    ----------
    drawing : (H, W) array
    layers : dict of str to (weight, bias)
        A layer's title, its filters (O, C, kh, kw) with O from 1 to 4, and O biases.
    conv_layer : callable
        ``conv_layer(maps, weight, bias)`` returns the next maps, (O, H', W'). It is called only
        if the figure is drawn.
    names : dict of str to list of str
        What each filter of a layer looks for.

    Returns
    -------
    figure, alt text
    """
    stages = {"the drawing": numeric_array(drawing, "drawing", 2)[None]}
    maps, names = stages["the drawing"], {"the drawing": [""], **names}
    for title, (weight, bias) in layers.items():
        maps = numeric_array(conv_layer(maps, weight, bias), f"the maps of {title!r}", 3)
        if len(maps) > MOST_MAPS:
            raise ValueError(f"{title!r} has {len(maps)} maps; it takes up to {MOST_MAPS}")
        if len(names[title]) != len(maps):
            raise ValueError(
                f"{title!r} has {counted(len(maps), 'map')} and "
                f"{counted(len(names[title]), 'name')}"
            )
        stages[title] = maps
    # One or two maps get twice the width of three or four.
    spans = [2 if len(maps) <= 2 else 1 for maps in stages.values()]
    heights = [0.55 + 0.92 * span for span in spans]
    figure = new_figure(WIDTH, sum(heights))
    grid = figure.add_gridspec(
        len(stages),
        4,
        left=0.01,
        right=0.99,
        bottom=0.04,
        top=0.96,
        wspace=0.05,
        hspace=0.4,
        height_ratios=heights,
    )
    for row, ((title, maps), span) in enumerate(zip(stages.items(), spans, strict=True)):
        for col, values in enumerate(maps):
            axes = figure.add_subplot(grid[row, span * col : span * (col + 1)])
            draw_signed(axes, values)
            axes.set_xticks([])
            axes.set_yticks([])
            if col == 0:
                axes.set_title(title, fontsize=13, pad=4, loc="left")
            axes.set_xlabel(names[title][col], fontsize=13, labelpad=3)
    alt = "Stacked layers: " + "; ".join(
        f"{title}{' (' + ', '.join(names[title]) + ')' if any(names[title]) else ''}, "
        f"{len(maps)} of {maps.shape[1]} by {maps.shape[2]}, "
        f"{counted(int((maps > 0).sum()), 'square')} lit"
        for title, maps in stages.items()
    )
    return figure, alt + "."


@picture
def hide_and_seek(photo, box, searches):
    """Draw a piece of a photograph, and where searches for it ended.

    Parameters
    ----------
    photo : (H, W) array
    box : (top, left, height, width)
        The piece that was searched for.
    searches : dict of str to (function, filter)
        A search's name and how it makes its map: ``function(photo, filter)``, called only if the
        figure is drawn. The search ends at the largest value of the map.

    Returns
    -------
    figure, alt text
    """
    photo = numeric_array(photo, "photo", 2)
    top, left, height, width = box
    piece = photo[top : top + height, left : left + width]
    if piece.shape != (height, width):
        raise ValueError(f"box is {box}; it must lie inside the photograph, {photo.shape}")
    ends = {}
    for name, (function, w) in searches.items():
        response = numeric_array(function(photo, w), f"the map of {name!r}", 2)
        ends[name] = tuple(int(i) for i in np.unravel_index(response.argmax(), response.shape))
    panels = len(ends) + 1
    figure = new_figure(WIDTH, 2.3 if panels < 3 else 1.75)
    axes = figure.subplots(1, panels, width_ratios=[0.62] + [1.0] * len(ends))
    figure.subplots_adjust(left=0.01, right=0.99, bottom=0.02, top=0.86, wspace=0.04)
    draw_photo(axes[0], piece, "the piece")
    for ax, (name, (row, col)) in zip(axes[1:], ends.items(), strict=True):
        draw_photo(ax, photo, name)
        draw_box(ax, row, col, height, width)
    alt = f"The piece was cut out at row {top}, column {left}. " + " ".join(
        f"{name}: the search ends at row {row}, column {col}." for name, (row, col) in ends.items()
    )
    return figure, alt
