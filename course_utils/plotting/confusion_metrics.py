"""Who is confused with whom: outcome boxes, tables of counts, thresholds and their curves."""

import numpy as np

from course_utils.arguments import numeric_array
from course_utils.plotting.curves import curve_style, enlarge_text
from course_utils.plotting.display import (
    BLUE,
    VERMILION,
    WIDTH,
    new_figure,
    picture,
)
from course_utils.plotting.sliders import with_sliders
from course_utils.plotting.wording import counted

RIGHT, WRONG, PAPER = "#cfe6f3", "#f8d9c6", "#f4f4f4"
OUTCOMES = (("tp", "fn"), ("fp", "tn"))
OUTCOME_NAMES = {
    "tp": "true positives",
    "fn": "false negatives",
    "fp": "false positives",
    "tn": "true negatives",
}
# Which outcomes a ratio counts above the line, and which below it besides these.
RATIOS = {
    "accuracy": (("tp", "tn"), ("fn", "fp")),
    "precision": (("tp",), ("fp",)),
    "recall": (("tp",), ("fn",)),
    "specificity": (("tn",), ("fp",)),
}


def _outcome(truth, guess, positive):
    if guess == positive:
        return "tp" if truth == positive else "fp"
    return "fn" if truth == positive else "tn"


def _box(axes, row, column, colour, hatch=None):
    from matplotlib.patches import Rectangle

    axes.add_patch(
        Rectangle((column, row), 1, 1, facecolor=colour, edgecolor="#555", hatch=hatch, linewidth=1)
    )


def _two_by_two(axes):
    axes.set(xlim=(-0.02, 2.02), ylim=(2.02, -0.02), xticks=[], yticks=[])
    axes.set_frame_on(False)


@picture
def outcomes(target, predicted, positive, negative):
    """Sort numbered samples into the four boxes of a two-class problem.

    Parameters
    ----------
    target, predicted : sequences of labels, equally long
    positive, negative : str
        The two labels.

    Returns
    -------
    figure, alt text
    """
    boxes = {name: [] for name in OUTCOME_NAMES}
    for number, (truth, guess) in enumerate(zip(target, predicted, strict=True), 1):
        boxes[_outcome(truth, guess, positive)].append(number)
    figure = new_figure(WIDTH, 3.2)
    axes = figure.add_axes((0.12, 0.02, 0.86, 0.84))
    _two_by_two(axes)
    for row, names in enumerate(OUTCOMES):
        for column, name in enumerate(names):
            _box(axes, row, column, RIGHT if row == column else WRONG)
            sign = "✓" if row == column else "✗"
            axes.text(column + 0.04, row + 0.16, f"{sign} {OUTCOME_NAMES[name]}", fontsize=11)
            numbers = [str(number) for number in boxes[name]]
            lines = [" ".join(numbers[i : i + 6]) for i in range(0, len(numbers), 6)]
            axes.text(
                column + 0.5, row + 0.62, "\n".join(lines), fontsize=15, ha="center", va="center"
            )
    for place, label in enumerate((positive, negative)):
        axes.text(place + 0.5, -0.08, f"called {label}", ha="center", fontsize=11)
        axes.text(-0.04, place + 0.5, f"is\n{label}", ha="right", va="center", fontsize=11)
    alt = ". ".join(f"{OUTCOME_NAMES[name]}: {boxes[name]}" for name in boxes)
    return figure, f"Four boxes with the numbers of the samples. {alt}."


@picture
def ratios():
    """Show which of the four boxes each ratio counts.

    Returns
    -------
    figure, alt text
    """
    figure = new_figure(WIDTH, 2.35)
    panels = figure.subplots(1, len(RATIOS))
    figure.subplots_adjust(left=0.01, right=0.99, top=0.84, bottom=0.13, wspace=0.12)
    sentences = []
    for axes, (ratio, (above, below)) in zip(panels, RATIOS.items(), strict=True):
        _two_by_two(axes)
        axes.set_aspect("equal")
        for row, names in enumerate(OUTCOMES):
            for column, name in enumerate(names):
                inside = name in above + below
                _box(
                    axes,
                    row,
                    column,
                    BLUE if name in above else "white" if inside else PAPER,
                    "///" if inside and name not in above else None,
                )
                axes.text(
                    column + 0.5,
                    row + 0.5,
                    name,
                    ha="center",
                    va="center",
                    fontsize=12,
                    color="white" if name in above else "#111" if inside else "#aaa",
                    bbox=None
                    if name in above or not inside
                    else {"facecolor": "white", "edgecolor": "none", "pad": 2},
                )
        axes.set_title(ratio, fontsize=11.5)
        whole = " + ".join(above + below)
        part = " + ".join(above)
        axes.set_xlabel(f"{part} of {whole}" if ratio != "accuracy" else "the diagonal of all")
        sentences.append(f"{ratio}: {part} divided by {whole}")
    return figure, "Blue over blue and hatched. " + "; ".join(sentences) + "."


@picture
def table(matrix, labels, title=""):
    """Draw a confusion matrix; colour shows the confusions, the diagonal stays grey.

    Parameters
    ----------
    matrix : (C, C) counts
    labels : sequence of C labels
    title : str

    Returns
    -------
    figure, alt text
    """
    matrix = numeric_array(matrix, "matrix", 2)
    size = len(matrix)
    side = min(4.9, 1.6 + 0.42 * size)
    figure = new_figure(side + 0.5, side + 0.3 * bool(title))
    left = 0.3 + 0.09 * max(len(str(label)) for label in labels)
    width, height = figure.get_size_inches()
    axes = figure.add_axes(
        (left / width, 0.05 / height, 1 - (left + 0.05) / width, (side - 0.55) / height)
    )
    wrong = np.where(np.eye(size, dtype=bool), np.nan, matrix)
    highest = max(np.nanmax(wrong), 1) if size > 1 else 1
    axes.set_facecolor("#d9d9d9")
    axes.imshow(wrong, cmap="cividis", vmin=0, vmax=highest, aspect="auto")
    for (row, column), count in np.ndenumerate(matrix):
        if row == column or count:
            bright = row == column or count / highest > 0.45
            axes.text(
                column,
                row,
                f"{count:.0f}",
                ha="center",
                va="center",
                fontsize=11,
                color="black" if bright else "white",
            )
    axes.set_xticks(range(size), [str(label) for label in labels], fontsize=11)
    axes.set_yticks(range(size), [str(label) for label in labels], fontsize=11)
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.tick_params(length=0)
    axes.set_xlabel("predicted", fontsize=11)
    axes.set_ylabel("target", fontsize=11)
    if title:
        figure.text(0.5, 0.985, title, ha="center", va="top", fontsize=11)
    rows = [
        f"{label}: {' '.join(f'{count:.0f}' for count in row)}"
        for label, row in zip(labels, matrix, strict=True)
    ]
    return figure, f"Confusion matrix{title and f' ({title})'}, by target: {'; '.join(rows)}."


def _draw_line(axes, target, scores, threshold, names):
    """The samples on the axis of scores: positives in the upper row, negatives in the lower."""
    for value, height, colour, marker in ((1, 0.68, VERMILION, "^"), (0, 0.25, BLUE, "o")):
        values = np.sort(scores[target == value])
        right = (values >= threshold) == bool(value)
        for shown, fill in ((values[right], colour), (values[~right], "white")):
            axes.plot(
                shown,
                np.full(shown.size, height),
                marker,
                markersize=9,
                markerfacecolor=fill,
                markeredgecolor=colour,
                markeredgewidth=1.8,
                linestyle="none",
                clip_on=False,
            )
        axes.text(-0.03, height, names[1 - value], ha="right", va="center", fontsize=11)
    axes.axvspan(threshold, 1.0, color="#eee", zorder=0)
    axes.axvline(threshold, color="black", linewidth=2)
    axes.text(threshold, 1.04, f"threshold {threshold:.2f}", ha="center", fontsize=10.5)
    axes.set(xlim=(0, 1), ylim=(0, 1), yticks=[])
    axes.set_xlabel(f"probability of {names[0]}")
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)


def _draw_counts(axes, counts, names):
    _two_by_two(axes)
    for row, outcome_names in enumerate(OUTCOMES):
        for column, name in enumerate(outcome_names):
            _box(axes, row, column, RIGHT if row == column else WRONG)
            axes.text(
                column + 0.5,
                row + 0.5,
                f"{name}\n{counts[name]}",
                ha="center",
                va="center",
                fontsize=12,
            )
    for place, label in enumerate(names):
        axes.text(place + 0.5, -0.1, f"called {label}", ha="center", fontsize=9.5)
        axes.text(-0.07, place + 0.5, f"is\n{label}", ha="right", va="center", fontsize=9.5)


def _rates(counts):
    flagged, positives = counts["tp"] + counts["fp"], counts["tp"] + counts["fn"]
    return (
        counts["fp"] / (counts["fp"] + counts["tn"]),
        counts["tp"] / positives,
        counts["tp"] / flagged if flagged else None,
    )


def _counts(target, scores, threshold):
    flagged = scores >= threshold
    return {
        "tp": int((flagged & (target == 1)).sum()),
        "fn": int((~flagged & (target == 1)).sum()),
        "fp": int((flagged & (target == 0)).sum()),
        "tn": int((~flagged & (target == 0)).sum()),
    }


def _curve(target, scores):
    """Threshold by threshold: (false positive rate, recall, precision), first nothing flagged."""
    rates = [_rates(_counts(target, scores, t)) for t in np.unique(scores)[::-1]]
    return np.array(rates)


def _draw_curve(axes, x, y, labels, title, here):
    axes.plot(x, y, "-", color="#777", linewidth=1.6)
    axes.plot(x, y, "o", color="#777", markersize=3.5)
    if here[0] is not None and here[1] is not None:
        axes.plot(*here, "D", color=VERMILION, markersize=10, clip_on=False, zorder=3)
    _frame(axes, labels, title)


def _frame(axes, labels, title):
    axes.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.05), xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
    axes.set_xlabel(labels[0], fontsize=9.5, labelpad=1)
    axes.set_ylabel(labels[1], fontsize=9.5, labelpad=0)
    axes.set_title(title, fontsize=10.5)
    axes.grid(color="#ddd")
    axes.tick_params(labelsize=9)


ROC_LABELS = ("false positive rate", "true positive rate")
PRECISION_RECALL_LABELS = ("recall", "precision")


@picture
def threshold(target, scores, at, names=("spam", "ham")):
    """Show every sample's score, a threshold, the counts it gives and its place on both curves.

    Parameters
    ----------
    target : (N,) array of 1 (positive) and 0, some of each
    scores : (N,) array, each from 0 to 1
    at : number from 0 to 1
        The threshold.
    names : pair of str
        What to call the positives and the negatives.

    Returns
    -------
    figure, alt text
    """
    target, scores = numeric_array(target, "target", 1), numeric_array(scores, "scores", 1)
    figure = new_figure(WIDTH, 4.1)
    counts = _counts(target, scores, at)
    _draw_line(figure.add_axes((0.115, 0.69, 0.855, 0.24)), target, scores, at, names)
    _draw_counts(figure.add_axes((0.115, 0.06, 0.26, 0.4)), counts, names)
    fpr, recall, precision = _rates(counts)
    x, y, p = _curve(target, scores).T
    _draw_curve(
        figure.add_axes((0.475, 0.1, 0.21, 0.36)),
        [0, *x],
        [0, *y],
        ROC_LABELS,
        "ROC",
        (fpr, recall),
    )
    _draw_curve(
        figure.add_axes((0.765, 0.1, 0.22, 0.36)),
        y,
        p,
        PRECISION_RECALL_LABELS,
        "precision-recall",
        (recall, precision),
    )
    said = "undefined" if precision is None else f"{precision:.2f}"
    alt = (
        f"Threshold {at:.2f}: {counts['tp']} tp, {counts['fn']} fn, {counts['fp']} fp, "
        f"{counts['tn']} tn; false positive rate {fpr:.2f}, recall {recall:.2f}, precision {said}."
    )
    return figure, alt


def move_threshold(target, scores, names=("spam", "ham")):
    """Show ``threshold`` with a slider; parameters are those of ``threshold``."""
    with_sliders(
        lambda at: threshold.draw(target, scores, at, names),
        {"threshold": (0.5, 0, 1, 0.01)},
        "a slider moves the line",
    )


@picture
def curves(roc, precision_recall):
    """Draw ROC and precision-recall curves of several experiments side by side.

    Parameters
    ----------
    roc, precision_recall : dict of str to (K, 2) array
        Name of the experiment to the points (x, y) of its curve; the same names in both.

    Returns
    -------
    figure, alt text
    """
    if list(roc) != list(precision_recall):
        raise ValueError(f"roc names {list(roc)}, precision_recall {list(precision_recall)}")
    figure = new_figure(WIDTH, 3.3)
    panels = figure.subplots(1, 2)
    figure.subplots_adjust(left=0.1, right=0.985, bottom=0.16, top=0.91, wspace=0.3)
    sentences = []
    for index, name in enumerate(roc):
        # thinner and on top of each other, so that equal curves stay visible
        style = curve_style(index) | {
            "linewidth": 5 - 1.5 * index,
            "markersize": 9 - 2 * index,
            "label": name,
        }
        left, right = (numeric_array(points[name], name, 2) for points in (roc, precision_recall))
        panels[0].plot([0, *left[:, 0]], [0, *left[:, 1]], **style)
        panels[1].plot(right[:, 0], right[:, 1], **style)
        sentences.append(
            f"{name}: area under the ROC curve {_area(left):.3f}; precision at recall 1 is "
            f"{right[right[:, 0] == 1][0, 1]:.2f}"
        )
    _frame(panels[0], ROC_LABELS, "ROC")
    _frame(panels[1], PRECISION_RECALL_LABELS, "precision-recall")
    panels[0].plot([0, 1], [0, 1], color="#999", linewidth=1, zorder=0)
    panels[0].legend(frameon=False, loc="lower right", handlelength=1.2)
    enlarge_text(panels[0])
    enlarge_text(panels[1])
    return figure, ". ".join(sentences) + "."


def _area(points):
    x, y = np.vstack([[0, 0], points]).T
    return float(((x[1:] - x[:-1]) * (y[1:] + y[:-1]) / 2).sum())


@picture
def calibration(said, right, low, high, counts):
    """Draw how often answers are right against how sure the classifier was of them.

    Parameters
    ----------
    said, right : (K,) arrays
        For each group of answers: mean probability, and share that is right.
    low, high : (K,) arrays
        The interval around each share.
    counts : (K,) array of int
        Answers in each group.

    Returns
    -------
    figure, alt text
    """
    said, right = numeric_array(said, "said", 1), numeric_array(right, "right", 1)
    low, high = numeric_array(low, "low", 1), numeric_array(high, "high", 1)
    figure = new_figure(5.4, 3.6)
    axes = figure.add_axes((0.15, 0.16, 0.82, 0.81))
    axes.plot([0, 1], [0, 1], color="#777", linewidth=1.2, zorder=0)
    axes.errorbar(
        said, right, [right - low, high - right], color=BLUE, marker="o", markersize=7,
        linewidth=1.8, capsize=4,
    )  # fmt: skip
    for x, y, count in zip(said, low, counts, strict=True):
        axes.text(x, y - 0.02, f"{count}", ha="center", va="top", fontsize=10)
    axes.set(xlim=(min(said.min(), 0.4) - 0.05, 1.05), ylim=(min(low.min(), 0.4) - 0.1, 1.05))
    axes.set_xlabel("probability of the answer, mean of its group")
    axes.set_ylabel("share of the group that is right")
    axes.grid(color="#ddd")
    enlarge_text(axes)
    sentences = [
        f"{count} answers of mean probability {x:.2f}: {y:.2f} right ({below:.2f} to {above:.2f})"
        for x, y, below, above, count in zip(said, right, low, high, counts, strict=True)
    ]
    return figure, ". ".join(sentences) + "."


@picture
def digits(images, titles):
    """Draw small images of digits in one row or two, each with a title.

    Parameters
    ----------
    images : (N, H, W) array, at most 16 images
    titles : list of N strings

    Returns
    -------
    figure, alt text
    """
    images = np.asarray(images, dtype=float)
    if not 1 <= len(images) <= 16 or len(titles) != len(images):
        raise ValueError(
            f"there are {len(images)} images and {len(titles)} titles; "
            "digits takes 1 to 16 images and a title for each"
        )
    columns = min(len(images), 8 if len(images) > 12 else 6 if len(images) > 6 else len(images))
    rows = -(-len(images) // columns)
    figure = new_figure(min(WIDTH, 1.15 * columns), 1.3 * rows)
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    figure.subplots_adjust(left=0.02, right=0.98, bottom=0.02, top=1 - 0.22 / rows, hspace=0.32)
    for axes in panels:
        axes.set_axis_off()
    for axes, image, title in zip(panels, images, titles, strict=False):
        axes.imshow(image, cmap="gray_r", vmin=0, vmax=1)
        axes.set_title(title, fontsize=10)
    return figure, f"{counted(len(images), 'small picture')} of digits: {'; '.join(titles)}."
