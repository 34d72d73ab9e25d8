"""Figures for receptive fields: pyramids of units, keyholes, regions and gradients."""

import numpy as np

from course_utils.arguments import numeric_array, whole_number
from course_utils.explore import is_grading
from course_utils.layers import windows
from course_utils.plotting.curves import curve_style, enlarge_text
from course_utils.plotting.display import (
    BLUE,
    LINE_STYLES,
    OKABE_ITO,
    ORANGE,
    VERMILION,
    WIDTH,
    new_figure,
    picture,
)
from course_utils.plotting.draggable import show_draggable
from course_utils.plotting.number_grids import draw_box, number
from course_utils.plotting.photos import draw_photo
from course_utils.plotting.wording import counted

MOST_UNITS = 64  # places that one row of a pyramid can show
FEW_PIXELS = 40  # so few are easily overlooked in a large field
UNSEEN = "#e8e8e8"


@picture
def pyramid(layers, places, unit=None):
    """Draw one axis of a network as rows of dots, and every dot that one unit depends on.

    Parameters
    ----------
    layers : list of dict
    places : int
        Pixels of the input, from 1 to 64.
    unit : int or None
        The unit of the last map, from 0; None takes the middle one.

    Returns
    -------
    figure, alt text

    Raises
    ------
    ValueError
        Where a layer does not fit, or the last map has no such unit.
    """
    slides = windows(layers)
    rows = _rows(layers, places)
    top = _top(rows, unit)
    figure = new_figure(WIDTH, 0.62 + 0.72 * len(layers) + 0.35)
    axes = figure.add_axes((0.26, 0.04, 0.73, 0.93))
    reached = [{top}]
    for level in range(len(slides), 0, -1):
        below = _below(reached[0], slides[level - 1], len(rows[level - 1]))
        for start, end in below:
            axes.plot(
                (rows[level - 1][start], rows[level][end]),
                (level - 1, level),
                color=BLUE,
                linewidth=0.9,
                alpha=0.65,
                zorder=1,
            )
        reached.insert(0, {start for start, _ in below})
    size = 62 if places <= 32 else 26
    for level, (row, lit) in enumerate(zip(rows, reached, strict=True)):
        colours = [ORANGE if index in lit else "white" for index in range(len(row))]
        edges = ["black" if index in lit else "#aaa" for index in range(len(row))]
        marker = "s" if level == 0 else "o"
        axes.scatter(
            row, [level] * len(row), size, colours, marker=marker, edgecolors=edges, zorder=2
        )
        axes.text(-1.1, level, _level_name(layers, level), ha="right", va="center", fontsize=13)
    axes.set_xlim(-0.8, places - 0.2)
    axes.set_ylim(-0.45, len(layers) + 0.4)
    axes.axis("off")
    seen = sorted(reached[0])
    alt = (
        f"{counted(places, 'pixel')} in a row, with {counted(len(layers), 'layer')} above. "
        f"Unit {top} of the last map depends on {counted(len(seen), 'pixel')}"
        + (f", the first {seen[0]} and the last {seen[-1]}: {seen}." if seen else ".")
    )
    return figure, alt


def drag(layers, places, unit=None, caption=""):
    """Show ``pyramid`` so that one can drag across it, and any dot shows what it depends on.

    Parameters are those of ``pyramid``, which is what a page shows where no script runs.
    """
    if is_grading():
        return
    figure, alt = pyramid.draw(layers, places, unit)
    rows, slides = _rows(layers, places), windows(layers)
    below = [[]]  # pixels depend on nothing
    for slide, upper, lower in zip(slides, rows[1:], rows, strict=False):
        looks = [[place for place, _ in _below([u], slide, len(lower))] for u in range(len(upper))]
        below.append(looks)
    names = [_level_name(layers, level) for level in range(len(rows))]
    places_of_dots = [row.tolist() for row in rows]
    show_draggable(figure, alt, places_of_dots, below, names, _top(rows, unit), caption)


def _rows(layers, places):
    """Where each unit of each map stands, in pixels of the input; the pixels come first."""
    if whole_number(places, "places", 1) > MOST_UNITS:
        raise ValueError(f"places is {places}; it takes a whole number from 1 to {MOST_UNITS}")
    rows = [np.arange(places, dtype=float)]
    for layer, slide in zip(layers, windows(layers), strict=True):
        rows.append(_above(rows[-1], slide, layer))
    return rows


def _top(rows, unit):
    top = len(rows[-1]) // 2 if unit is None else whole_number(unit, "unit", 0)
    if top >= len(rows[-1]):
        raise ValueError(f"unit is {unit}; the last map has {len(rows[-1])} units, from 0")
    return top


def _above(row, slide, layer):
    """Where the units of the next map stand: above the middle of their windows."""
    k, s, p, d = (numbers[1] for numbers in slide)
    count = (len(row) + 2 * p - d * (k - 1) - 1) // s + 1
    if count < 1:
        raise ValueError(f"{layer} does not fit into a map of {len(row)}")
    step = row[1] - row[0] if len(row) > 1 else 1.0
    return row[0] + (np.arange(count) * s - p + d * (k - 1) / 2) * step


def _below(units, slide, length):
    """Pairs (place below, unit) for every place that the window of a unit covers."""
    k, s, p, d = (numbers[1] for numbers in slide)
    return [
        (place, unit)
        for unit in sorted(units)
        for place in range(unit * s - p, unit * s - p + d * k, d)
        if 0 <= place < length
    ]


def _level_name(layers, level):
    if level == 0:
        return "pixels"
    layer = layers[level - 1]
    if "kernel" not in layer:
        return layer["type"]
    slide = windows([layer])[0]
    extras = [f"k {slide.kernel[1]}"]
    extras += [f"s {slide.stride[1]}"] if slide.stride[1] > 1 else []
    extras += [f"d {slide.dilation[1]}"] if slide.dilation[1] > 1 else []
    extras += [f"p {slide.padding[1]}"] if slide.padding[1] else []
    return ("pool " if layer["type"].endswith("pool") else "conv ") + ", ".join(extras)


@picture
def keyholes(photo, row, col, sizes):
    """Draw what is left of a photograph through square holes around one place.

    Parameters
    ----------
    photo : (H, W) array
        Brightness from 0 to 1.
    row, col : int
        Centre of the holes.
    sizes : sequence of int
        Sides of the holes in pixels; at most 6.

    Returns
    -------
    figure, alt text

    Raises
    ------
    ValueError
        For more than 6 sizes, or a hole that does not lie inside the photograph.
    """
    photo = numeric_array(photo, "photo", 2)
    sizes = [whole_number(size, "every size", 1) for size in sizes]
    if not 1 <= len(sizes) <= 6:
        raise ValueError(f"sizes has {len(sizes)} entries; it takes 1 to 6")
    figure = new_figure(WIDTH, WIDTH / len(sizes) + 0.32)
    panels = figure.subplots(1, len(sizes), squeeze=False)[0]
    figure.subplots_adjust(left=0.01, right=0.99, bottom=0.02, top=0.85, wspace=0.06)
    for axes, size in zip(panels, sizes, strict=True):
        top, left = row - size // 2, col - size // 2
        if min(top, left) < 0 or top + size > photo.shape[0] or left + size > photo.shape[1]:
            raise ValueError(
                f"a hole of {size} around row {row}, column {col} leaves the photograph, "
                f"{photo.shape}"
            )
        draw_photo(axes, photo[top : top + size, left : left + size], f"{size}×{size}")
    alt = (
        f"The same place of a photograph, row {row}, column {col}, through square holes of "
        + ", ".join(map(str, sizes))
        + " pixels: first a blur of grey, in the end a building."
    )
    return figure, alt


@picture
def regions(photo, input_region, units):
    """Draw regions of a photograph, each with its name.

    Parameters
    ----------
    photo : (H, W) array
    input_region : callable
        ``input_region(*arguments)`` returns ((top, bottom), (left, right)), both ends inclusive.
        It is called only if the figure is drawn.
    units : dict of str to tuple
        A name, and the arguments; at most 8.

    Returns
    -------
    figure, alt text
    """
    photo = numeric_array(photo, "photo", 2)
    if not 1 <= len(units) <= len(OKABE_ITO):
        raise ValueError(f"units has {len(units)} entries; it takes 1 to {len(OKABE_ITO)}")
    boxes = {name: input_region(*arguments) for name, arguments in units.items()}
    side = 4.4
    figure = new_figure(side * photo.shape[1] / photo.shape[0], side)
    axes = figure.add_axes((0, 0, 1, 1))
    draw_photo(axes, photo)
    texts = []
    for index, (name, ((top, bottom), (left, right))) in enumerate(boxes.items()):
        colour = OKABE_ITO[index]
        size = bottom - top + 1, right - left + 1
        draw_box(axes, top, left, *size, colour, LINE_STYLES[index % len(LINE_STYLES)])
        at_top = index % 2  # names of overlapping neighbours stay apart
        axes.text(
            left + 3,
            top + 3 if at_top else bottom - 3,
            name,
            va="top" if at_top else "bottom",
            fontsize=13,
            color="white",
            zorder=5,
            bbox={"facecolor": colour, "edgecolor": "none", "pad": 2},
        )
        texts.append(f"{name}: rows {top} to {bottom}, columns {left} to {right}")
    axes.set_xlim(-0.5, photo.shape[1] - 0.5)
    axes.set_ylim(photo.shape[0] - 0.5, -0.5)
    alt = f"Boxes on a photograph of {photo.shape[0]} by {photo.shape[1]}. {'; '.join(texts)}."
    return figure, alt


@picture
def growth(receptive_field, networks, image=224):
    """Draw how the receptive field grows from layer to layer, one curve per network.

    Parameters
    ----------
    receptive_field : callable
        ``receptive_field(layers)`` returns (size, jump) per layer. It is called only if the
        figure is drawn.
    networks : dict of str to list of dict
        A network's name and its layers.
    image : int
        Side of the image, drawn as a line.

    Returns
    -------
    figure, alt text
    """
    if not networks:
        raise ValueError("networks is empty; it takes at least one network")
    sizes = {
        name: [size for size, _ in receptive_field(layers)] for name, layers in networks.items()
    }
    figure = new_figure(WIDTH, 3.8)
    axes = figure.add_axes((0.125, 0.145, 0.86, 0.84))
    for index, (name, values) in enumerate(sizes.items()):
        values = [1, *numeric_array(values, f"the sizes of {name!r}", 1)]
        axes.semilogy(
            values,
            **curve_style(index),
            markersize=4,
            linewidth=2,
            label=f"{name}: {number(values[-1])}",
        )
    axes.axhline(image, color="#555", linewidth=1)
    axes.text(0, image * 1.06, f"the whole image, {image}", color="#333")
    axes.set_xlabel("layer")
    axes.set_ylabel("receptive field (pixels, log scale)")
    axes.grid(color="#ddd")
    axes.legend(frameon=False, loc="lower right")
    enlarge_text(axes)
    alt = "Receptive field after every layer: " + "; ".join(
        f"{name} reaches {counted(number(values[-1]), 'pixel')} after "
        f"{counted(len(values), 'layer')}"
        for name, values in sizes.items()
    )
    return figure, f"{alt}. The image has {image}."


@picture
def seen(maps):
    """Draw gradients of one unit with respect to the pixels; pixels without any stay grey.

    Parameters
    ----------
    maps : dict of str to (H, W) array
        A title, and the gradients; at most 4.

    Returns
    -------
    figure, alt text
    """
    return _draw_seen(maps, "cividis")


def _draw_seen(maps, colours):
    if not 1 <= len(maps) <= 4:
        raise ValueError(f"maps has {len(maps)} entries; it takes 1 to 4")
    figure = new_figure(WIDTH, max(WIDTH / len(maps), 2.2) + 0.55 if len(maps) > 1 else 4.4)
    panels = figure.subplots(1, len(maps), squeeze=False)[0]
    figure.subplots_adjust(left=0.01, right=0.99, bottom=0.02, top=0.83, wspace=0.06)
    texts = []
    for axes, (title, values) in zip(panels, maps.items(), strict=True):
        values = np.abs(numeric_array(values, f"maps[{title!r}]", 2))
        reached = np.argwhere(values > 0)
        if not len(reached):
            raise ValueError(f"maps[{title!r}] is 0 everywhere; no pixel reaches the unit")
        (top, left), (bottom, right) = reached.min(axis=0), reached.max(axis=0)
        values = values[top : bottom + 1, left : right + 1]
        axes.set_facecolor(UNSEEN)
        if len(reached) <= FEW_PIXELS and len(values) > FEW_PIXELS:
            axes.scatter(
                *(reached - (top, left)).T[::-1], 50, BLUE, marker="s", clip_on=False, zorder=3
            )
        shown = np.where(values > 0, values, np.nan)
        axes.imshow(shown, cmap=colours, vmin=0, interpolation="nearest")
        axes.set_xticks([])
        axes.set_yticks([])
        share = len(reached) / values.size
        axes.set_title(f"{title}\n{len(reached)} of {values.size} seen", fontsize=13)
        texts.append(
            f"{title}: a field of {values.shape[0]} by {values.shape[1]}; the unit is reached by "
            f"{counted(len(reached), 'pixel')}, {share:.0%}"
        )
    return figure, "; ".join(texts) + "."


@picture
def footprint(designs):
    """Draw which pixels of its field reach one unit, for one or several networks.

    Parameters
    ----------
    designs : dict of str to list of dict, or to a callable that returns one
        A title and its layers; at most 4. Square layers; padding plays no part. A callable is
        called only if the figure is drawn.

    Returns
    -------
    figure, alt text
    """
    from matplotlib.colors import ListedColormap

    maps = {}
    for title, layers in designs.items():
        reached = {0}
        for slide in reversed(windows(layers() if callable(layers) else layers)):
            k, s, _, d = (numbers[1] for numbers in slide)
            reached = {unit * s + d * tap for unit in reached for tap in range(k)}
        line = np.zeros(max(reached) + 1)
        line[list(reached)] = 1
        maps[title] = np.outer(line, line)
    return _draw_seen(maps, ListedColormap([BLUE]))


@picture
def bells(profiles):
    """Draw how much of a unit's gradient comes from each distance, and the field's edges.

    Parameters
    ----------
    profiles : dict of str to sequence of numbers
        A name, and one number from 0 up per pixel across the field, of odd length; each is
        scaled to the sum 1.

    Returns
    -------
    figure, alt text
    """
    if not profiles:
        raise ValueError("profiles is empty; it takes at least one")
    figure = new_figure(WIDTH, 3.4)
    axes = figure.add_axes((0.135, 0.17, 0.85, 0.81))
    texts = []
    for index, (name, values) in enumerate(profiles.items()):
        values = numeric_array(values, f"profiles[{name!r}]", 1)
        values = values / values.sum()
        places = np.arange(len(values)) - (len(values) - 1) / 2
        sigma = float(np.sqrt((values * places**2).sum()))
        axes.plot(
            places,
            values,
            **curve_style(index),
            markersize=4,
            markevery=max(len(values) // 20, 1),
            linewidth=2,
            label=f"{name}:\nσ = {sigma:.2f} of {len(values)}",
        )
        texts.append(
            f"{name}: {counted(len(values), 'pixel')} wide, standard deviation {sigma:.2f}"
        )
    axes.set_xlabel("distance from the middle of the field (pixels)")
    axes.set_ylabel("share of the gradient")
    axes.grid(color="#ddd")
    axes.legend(frameon=False, loc="upper left")
    enlarge_text(axes)
    return figure, "Share of the gradient against distance. " + "; ".join(texts) + "."


@picture
def spotlight(photo, row, col, field):
    """Draw what a unit may see of a photograph, and what it attends to.

    Parameters
    ----------
    photo : (H, W) array
    row, col : int
        Centre of the field.
    field : (n, n) array, n odd
        Gradient per pixel; must fit inside the photograph around the centre.

    Returns
    -------
    figure, alt text
    """
    photo, field = numeric_array(photo, "photo", 2), numeric_array(field, "field", 2)
    side = len(field)
    top, left = row - side // 2, col - side // 2
    if min(top, left) < 0 or top + side > photo.shape[0] or left + side > photo.shape[1]:
        raise ValueError(
            f"a field of {side} around row {row}, column {col} leaves the photograph, {photo.shape}"
        )
    window = slice(top, top + side), slice(left, left + side)
    light = np.zeros(photo.shape)
    light[window] = field / field.max()
    box = np.full(photo.shape, 0.25)
    box[window] = 1
    figure = new_figure(WIDTH, WIDTH / 2 * photo.shape[0] / photo.shape[1] + 0.32)
    panels = figure.subplots(1, 2)
    figure.subplots_adjust(left=0.01, right=0.99, bottom=0.01, top=0.91, wspace=0.03)
    draw_photo(panels[0], photo * box, f"may see: {side}×{side} pixels")
    draw_box(panels[0], top, left, side, side, VERMILION)
    draw_photo(panels[1], photo * light, "attends to")
    draw_box(panels[1], top, left, side, side, VERMILION)
    bright = int((light > 0.1).sum())
    alt = (
        f"Left, the {side} by {side} pixels that a unit may see. Right, the same photograph lit by "
        f"how much each pixel counts; at least a tenth of the middle one: "
        f"{counted(bright, 'pixel')}."
    )
    return figure, alt
