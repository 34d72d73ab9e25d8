"""What happens while a filter learns."""

import numpy as np

from course_utils.arguments import numeric_array
from course_utils.plotting.curves import curve_style, enlarge_text
from course_utils.plotting.display import OKABE_ITO, WIDTH, new_figure, picture
from course_utils.plotting.number_grids import draw_grid, number, rows_text
from course_utils.plotting.wording import counted


@picture
def learning(kernels, losses, target):
    """Draw a filter at a few moments of its training, its target, and the loss.

    Parameters
    ----------
    kernels : dict of int to (kh, kw) array
        The filter after that many steps.
    losses : sequence of positive numbers
        The loss before each step.
    target : (kh, kw) array

    Returns
    -------
    figure, alt text
    """
    target = numeric_array(target, "target", 2)
    losses = numeric_array(losses, "losses", 1)
    grids = {f"step {step}": numeric_array(k, "kernels", 2) for step, k in kernels.items()}
    grids["the true filter"] = target
    figure = new_figure(WIDTH, 4.0)
    layout = figure.add_gridspec(
        2,
        len(grids),
        height_ratios=(1.3, 1),
        left=0.125,
        right=0.985,
        bottom=0.14,
        top=0.93,
        hspace=0.3,
        wspace=0.12,
    )
    limit = np.abs(target).max()
    for col, (title, values) in enumerate(grids.items()):
        # One decimal is what fits and what counts.
        draw_grid(figure.add_subplot(layout[0, col]), values.round(1), title, limit, 0.85)
    axes = figure.add_subplot(layout[1, :])
    axes.semilogy(losses, color=OKABE_ITO[0], linewidth=2)
    axes.set_xlabel("step of gradient descent")
    axes.set_ylabel("loss")
    axes.grid(color="#ddd")
    enlarge_text(axes)
    last = list(grids)[-2]
    alt = (
        f"The loss falls from {number(losses[0])} to {losses[-1]:.2g} in "
        f"{counted(len(losses) - 1, 'step')}. The filter at {last}: {rows_text(grids[last])}. "
        f"The true filter: {rows_text(target)}."
    )
    return figure, alt


@picture
def weights_over_time(histories, titles, ylabel):
    """Draw how far each filter's weights travel while training, one panel per experiment.

    Parameters
    ----------
    histories : list of (steps, filters) arrays
        One number per filter and step, for example its first weight.
    titles : list of str
        One per experiment.
    ylabel : str
        What the numbers are.

    Returns
    -------
    figure, alt text
    """
    histories = [numeric_array(h, f"histories[{i}]", 2) for i, h in enumerate(histories)]
    if len(titles) != len(histories):
        raise ValueError(f"titles has {len(titles)} entries; {len(histories)} panels need as many")
    figure = new_figure(WIDTH, 3.0)
    panels = figure.subplots(1, len(histories), sharey=True, squeeze=False)[0]
    figure.subplots_adjust(left=0.125, right=0.985, bottom=0.19, top=0.9, wspace=0.08)
    sentences = []
    for axes, history, title in zip(panels, histories, titles, strict=True):
        for index, values in enumerate(history.T):
            axes.plot(
                values,
                **curve_style(index),
                markevery=max(len(values) // 6, 1),
                markersize=9 - 3 * index if index < 2 else 5,
                linewidth=2,
                label=f"filter {index + 1}",
            )
        axes.set_title(title)
        axes.set_xlabel("step of gradient descent")
        axes.grid(color="#ddd")
        axes.legend(frameon=False)
        enlarge_text(axes)
        gap = float(np.ptp(history[-1]))
        sentences.append(f"{title}: at the end the filters differ by {number(gap)}.")
    panels[0].set_ylabel(ylabel, fontsize=13)
    return figure, " ".join(sentences)
