"""A slider to move a window by hand; without ipywidgets a still figure takes its place."""

from course_utils import plotting
from course_utils.arguments import numeric_array
from course_utils.explore import grading, optional


def move_window(x, w):
    """Show one window of a filter, and sliders for its row and column.

    Parameters
    ----------
    x : (H, W) array
    w : (kh, kw) array
        Not larger than ``x``.

    Shows ``plotting.window`` at row 0, column 0 where ipywidgets is not installed or the page
    is not live, and nothing while grading.
    """
    if grading():
        return
    ipywidgets = optional("ipywidgets")
    if ipywidgets is None:
        plotting.window(x, w, caption="With ipywidgets, sliders move this window.")
        return
    from IPython.display import display

    panel = window_panel(ipywidgets, x, w)
    figure, alt = plotting.window.draw(x, w)
    # Frontends without widgets fall back on the still figure.
    still = plotting.figure_html(figure, alt, "In a running notebook, sliders move this window.")
    display(panel._repr_mimebundle_() | {"text/html": still, "text/plain": alt}, raw=True)


def window_panel(ipywidgets, x, w):
    """Build the sliders and the figure they move: a VBox of row, column and an HTML figure."""
    x, w = numeric_array(x, "x", 2), numeric_array(w, "w", 2)
    plotting.window.draw(x, w)  # refuses a filter that does not fit, before a slider is made
    rows, columns = (n - k for n, k in zip(x.shape, w.shape, strict=True))
    page = ipywidgets.HTML()
    row = ipywidgets.IntSlider(0, 0, rows, description="row")
    column = ipywidgets.IntSlider(0, 0, columns, description="column")

    def draw(_change=None):
        page.value = plotting.figure_html(*plotting.window.draw(x, w, row.value, column.value))

    row.observe(draw, "value")
    column.observe(draw, "value")
    draw()
    return ipywidgets.VBox([row, column, page])
