"""Figures with sliders; where ipywidgets or a kernel is missing, a still figure stands for them."""

import html

from course_utils.explore import is_grading, optional
from course_utils.plotting.display import figure_html, show


def with_sliders(draw, sliders, what):
    """Show a figure, and sliders that change it; do nothing while grading.

    Parameters
    ----------
    draw : callable
        ``draw(*values)``, with a value per slider, returns ``(figure, alt text)``.
    sliders : dict of str to (start, lowest, highest, step)
    what : str
        What the sliders do, such as ``"a slider moves the line"``: the still figure says so.
    """
    if is_grading():
        return
    figure, alt = draw(*(start for start, *_ in sliders.values()))
    ipywidgets = optional("ipywidgets")
    if ipywidgets is None:
        show(figure, alt, f"With ipywidgets, {what}.")
        return
    from IPython.display import display

    bundle = slider_panel(ipywidgets, draw, sliders)._repr_mimebundle_()
    # Frontends without widgets fall back on the still figure.
    still = figure_html(figure, alt, f"In a running notebook, {what}.")
    display(bundle | {"text/html": still, "text/plain": alt}, raw=True)


def slider_panel(ipywidgets, draw, sliders):
    """Build the sliders and the figure they change: a VBox of the sliders and an HTML figure."""
    page = ipywidgets.HTML()
    knobs = [_slider(ipywidgets, name, *numbers) for name, numbers in sliders.items()]

    def redraw(_change=None):
        try:
            page.value = figure_html(*draw(*(knob.value for knob in knobs)))
        except ValueError as impossible:
            page.value = f"<p>Impossible: {html.escape(str(impossible))}.</p>"

    for knob in knobs:
        knob.observe(redraw, "value")
    redraw()
    return ipywidgets.VBox([*knobs, page])


def _slider(ipywidgets, name, start, lowest, highest, step):
    whole = isinstance(step, int)
    kind = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
    return kind(
        start,
        min=lowest,
        max=highest,
        step=step,
        description=name,
        continuous_update=whole,  # with fine steps, drawing would not keep up
    )
