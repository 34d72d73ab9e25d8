"""Figures of the tutorial on reading images as sequences."""

import numpy as np

from course_utils.arguments import numeric_array
from course_utils.plotting.curves import curve_style, enlarge_text
from course_utils.plotting.display import (
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    WIDTH,
    YELLOW,
    new_figure,
    picture,
)
from course_utils.plotting.wording import counted

# Eight fills light enough for black numbers; the numbers tell the tokens apart, not the colours.
FILLS = (SKY, ORANGE, YELLOW, "#7fc8ac", "#d9d9d9", "#e5a8c6", "#9fc3e0", "#e8a77c")


def _bare(axes, title):
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_title(title, fontsize=10, pad=4)


def _rows_and_columns(count, most):
    columns = min(count, most)
    return -(-count // columns), columns


@picture
def pictures(images, most=6):
    """Draw small grey images side by side.

    Parameters
    ----------
    images : dict of str to (H, W) array
        Title and image; bright ink on black, every image on a scale of its own.
    most : int
        Images per row.

    Returns
    -------
    figure, alt text
    """
    if not images:
        raise ValueError("images is empty; it takes at least one image")
    images = {title: numeric_array(image, title, 2) for title, image in images.items()}
    rows, columns = _rows_and_columns(len(images), most)
    side = WIDTH / max(columns, 4)
    figure = new_figure(columns * side, rows * (side + 0.12))
    figure.subplots_adjust(left=0.01, right=0.99, bottom=0.01, top=1 - 0.14 / rows, wspace=0.06)
    for index, (title, image) in enumerate(images.items()):
        axes = figure.add_subplot(rows, columns, index + 1)
        axes.imshow(image, cmap="gray")
        _bare(axes, title)
    alt = "Small grey images: " + "; ".join(
        f"{title}, {image.shape[0]} by {image.shape[1]}" for title, image in images.items()
    )
    return figure, alt + "."


@picture
def reading_orders(ways, width):
    """Draw which pixels share a token, and in which order the tokens come.

    Parameters
    ----------
    ways : dict of str to (T, length) array
        Title, and the tokens of an image that holds its places 0, 1, 2, …; -1 is padding. A
        pixel that is in several tokens gets the number of the last one.
    width : int
        Columns of the image.

    Returns
    -------
    figure, alt text
    """
    ways = {title: numeric_array(tokens, title, 2).astype(int) for title, tokens in ways.items()}
    figure, panels = _panels(ways)
    for axes, tokens in zip(panels, ways.values(), strict=True):
        height = (tokens.max() + width) // width
        numbers = np.zeros((height, width), dtype=int)
        for number, token in enumerate(tokens, start=1):
            numbers.flat[token[token >= 0]] = number
        _draw_numbers(axes, numbers)
    alt = " ".join(
        f"{title}: {counted(len(tokens), 'token')} of {tokens.shape[1]}; the first holds "
        f"the places {', '.join(map(str, tokens[0][:8]))}{' …' if tokens.shape[1] > 8 else ''}."
        for title, tokens in ways.items()
    )
    return figure, alt


@picture
def token_numbers(ways):
    """Draw which token every pixel is read with.

    Parameters
    ----------
    ways : dict of str to (H, W) array of whole numbers
        Title, and for every pixel the number of its token.

    Returns
    -------
    figure, alt text
    """
    ways = {title: numeric_array(numbers, title, 2).astype(int) for title, numbers in ways.items()}
    figure, panels = _panels(ways)
    for axes, numbers in zip(panels, ways.values(), strict=True):
        _draw_numbers(axes, numbers)
    alt = "Every pixel with the number of its token. " + "; ".join(
        f"{title}: top row {' '.join(map(str, numbers[0]))}, "
        f"left column {' '.join(map(str, numbers[:, 0]))}"
        for title, numbers in ways.items()
    )
    return figure, alt + "."


def _panels(ways):
    """A figure with one square panel per way, titled; two in a row."""
    rows, columns = _rows_and_columns(len(ways), 2)
    side = WIDTH / 2.6
    width, height = columns * (side + 0.1), rows * (side + 0.32)
    figure = new_figure(max(width, 2.6), height)
    panels = []
    for index, title in enumerate(ways):
        axes = figure.add_subplot(rows, columns, index + 1)
        _bare(axes, title)
        panels.append(axes)
    figure.subplots_adjust(
        left=0.01, right=0.99, bottom=0.01, top=1 - 0.26 / height, wspace=0.06, hspace=0.14
    )
    return figure, panels


def _draw_numbers(axes, numbers):
    from matplotlib.patches import Rectangle

    for (row, col), number in np.ndenumerate(numbers):
        fill = FILLS[(number - 1) % len(FILLS)]
        axes.add_patch(Rectangle((col, row), 1, 1, facecolor=fill, edgecolor="white"))
        axes.text(col + 0.5, row + 0.5, str(number), ha="center", va="center", fontsize=9)
    axes.set_xlim(0, numbers.shape[1])
    axes.set_ylim(numbers.shape[0], 0)
    axes.set_aspect("equal")


@picture
def sequences(ways):
    """Draw sequences of tokens as a reader meets them: time runs to the right.

    Parameters
    ----------
    ways : dict of str to (T, features) array

    Returns
    -------
    figure, alt text
    """
    ways = {title: numeric_array(tokens, title, 2) for title, tokens in ways.items()}
    figure = new_figure(WIDTH, 2.5)
    widths = [max(tokens.shape[0], 5) for tokens in ways.values()]
    panels = figure.subplots(1, len(ways), width_ratios=widths, squeeze=False)[0]
    figure.subplots_adjust(left=0.07, right=0.99, bottom=0.16, top=0.88, wspace=0.3)
    for axes, (title, tokens) in zip(panels, ways.items(), strict=True):
        axes.imshow(tokens.T, cmap="cividis", aspect="auto")
        axes.set_title(title, fontsize=10)
        axes.set_xticks([0, len(tokens) - 1], [1, len(tokens)])
        axes.set_yticks([0, tokens.shape[1] - 1], [1, tokens.shape[1]])
        axes.set_xlabel("token")
    panels[0].set_ylabel("pixel of the token", labelpad=-6)
    alt = "Sequences of tokens, one column per token: " + ", ".join(
        f"{title} {counted(len(tokens), 'token')} of {counted(tokens.shape[1], 'pixel')}"
        for title, tokens in ways.items()
    )
    return figure, alt + "."


@picture
def accuracies(results):
    """Draw the accuracy of several networks: one mark per training, a bar at the mean.

    Parameters
    ----------
    results : dict of str to list of numbers from 0 to 1

    Returns
    -------
    figure, alt text
    """
    results = {name: numeric_array(values, name, 1) for name, values in results.items()}
    lowest = min(values.min() for values in results.values())
    figure, axes = _accuracy_axes(len(results), 0.36, lowest)
    for place, (name, values) in enumerate(results.items()):
        colour = VERMILION if name.lower().startswith("cnn") else BLUE
        _draw_trainings(axes, place, values, colour, "s" if colour == VERMILION else "o")
    axes.set_yticks(range(len(results)), list(results))
    enlarge_text(axes)
    alt = "Accuracy on unseen digits: " + ", ".join(
        f"{name} {values.mean():.2f}" for name, values in results.items()
    )
    return figure, alt + "."


@picture
def before_and_after(before, after, labels):
    """Draw the accuracy of the same networks in two conditions.

    Parameters
    ----------
    before, after : dict of str to list of numbers from 0 to 1
        The same names.
    labels : pair of str
        What the conditions are called.

    Returns
    -------
    figure, alt text
    """
    if list(before) != list(after):
        raise ValueError(f"after has the networks {list(after)}; it takes those of before")
    lowest = min(min(values) for values in (*before.values(), *after.values()))
    figure, axes = _accuracy_axes(len(before), 0.5, lowest)
    sentences = []
    for place, name in enumerate(before):
        pair = [numeric_array(values[name], name, 1) for values in (before, after)]
        _draw_trainings(axes, place - 0.14, pair[0], GREEN, "o")
        _draw_trainings(axes, place + 0.14, pair[1], PURPLE, "D")
        sentences.append(f"{name} {pair[0].mean():.2f} and {pair[1].mean():.2f}")
    for colour, marker, label in zip((GREEN, PURPLE), "oD", labels, strict=True):
        axes.plot([], [], marker, color=colour, label=label)
    axes.legend(loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=2, frameon=False)
    axes.set_yticks(range(len(before)), list(before))
    enlarge_text(axes)
    return figure, f"Accuracy, {labels[0]} and {labels[1]}: " + "; ".join(sentences) + "."


def _accuracy_axes(count, row, lowest):
    height = 1.05 + count * row
    figure = new_figure(WIDTH, height)
    axes = figure.add_subplot()
    figure.subplots_adjust(left=0.2, right=0.97, bottom=0.6 / height, top=1 - 0.34 / height)
    axes.set_ylim(count - 0.45, -0.55)
    axes.set_xlim(min(0.7, lowest - 0.07), 1.0)
    axes.set_xlabel("accuracy on unseen digits")
    axes.grid(axis="x", color="#ddd")
    axes.set_axisbelow(True)
    return figure, axes


def _draw_trainings(axes, place, values, colour, marker):
    axes.plot(values, np.full(len(values), place), marker, color=colour, alpha=0.75, markersize=6)
    mean = values.mean()
    axes.plot([mean, mean], [place - 0.13, place + 0.13], color=colour, linewidth=2.5)
    axes.annotate(
        f"{mean:.3f}", (values.min(), place), (-9, 0), textcoords="offset points",
        ha="right", va="center", fontsize=9,
    )  # fmt: skip


@picture
def staircase(curves, title):
    """Draw how readers of sentences do on longer and longer sentences.

    Parameters
    ----------
    curves : dict of str to list of numbers from 0 to 1
        Accuracy on sentences of 3, 5, 7, … words.
    title : str

    Returns
    -------
    figure, alt text
    """
    figure = new_figure(WIDTH, 3.1)
    axes = figure.add_subplot()
    figure.subplots_adjust(left=0.115, right=0.7, bottom=0.18, top=0.9)
    sentences = []
    for index, (name, values) in enumerate(curves.items()):
        values = numeric_array(values, name, 1)
        words = 3 + 2 * np.arange(len(values))
        axes.plot(
            words, values, **curve_style(index),
            linewidth=max(5 - index, 1.5), markersize=max(12 - 2.5 * index, 4), label=name,
        )  # fmt: skip
        sentences.append(f"{name}: {', '.join(f'{value:.2f}' for value in values)}")
    axes.axhline(0.5, color="#777", linestyle=":", linewidth=1.5)
    axes.text(words[0] - 0.2, 0.505, "guessing", fontsize=8.5, color="#444", va="bottom")
    axes.set_xticks(words)
    axes.set_ylim(0.4, 1.06)
    axes.set_xlabel("words in the sentence")
    axes.set_ylabel("accuracy")
    axes.set_title(title, fontsize=10.5)
    axes.grid(color="#ddd")
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, handlelength=1.5)
    enlarge_text(axes)
    alt = f"Accuracy on sentences of {words[0]} to {words[-1]} words. " + "; ".join(sentences)
    return figure, alt + "."
