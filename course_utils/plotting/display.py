"""The one way a figure reaches the page: HTML with a PNG, alt text and a caption."""

import base64
import functools
import html
import io

from course_utils.explore import is_grading

# Okabe and Ito's palette: told apart with every common kind of colour blindness.
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
OKABE_ITO = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, BLACK, YELLOW)
LINE_STYLES = ("-", "--", "-.", ":")
MARKERS = ("o", "s", "^", "D", "v", "P")

WIDTH = 6.6  # inches; the widest figure
DOTS_PER_INCH = 130
PIXELS = 96  # of CSS, to an inch
SMALLEST_TEXT = 9  # pixels of CSS: on a phone a figure rather scrolls than has smaller text
FIGURE_STYLE = (
    "margin:0.6em 0;padding:8px;background:#fff;color:#222;display:inline-block;"
    "max-width:100%;box-sizing:border-box;border-radius:4px"
)
CAPTION_STYLE = "font-size:0.92em;line-height:1.4;padding-top:6px;max-width:40em"


def new_figure(width, height):
    """An empty white figure of ``width`` by ``height`` inches that belongs to no GUI."""
    from matplotlib.figure import Figure  # here: a notebook that is being graded never needs it

    return Figure(figsize=(width, height), facecolor="white")


def canvas(width, height):
    """A figure and Axes that fill it, without a frame; their unit is the inch."""
    figure = new_figure(width, height)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    axes.axis("off")
    return figure, axes


def figure_html(figure, alt, caption=""):
    """Return a figure as HTML ``<figure>`` with the PNG inside.

    Parameters
    ----------
    figure : matplotlib Figure
    alt : str
        What a reader who does not see the figure should know.
    caption : str
        One or two sentences below the figure.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        Where ``alt`` is empty.
    """
    return captioned(image(figure, alt), caption)


def image(figure, alt):
    """Return a figure as HTML ``<img>``; parameters and errors are those of ``figure_html``."""
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError(f"alt is {alt!r}; every figure needs a text that describes it")
    width = round(figure.get_figwidth() * PIXELS)
    return (
        f'<div style="overflow-x:auto"><img alt="{html.escape(alt)}" src="{png_url(figure)}" '
        f'width="{width}" style="max-width:100%;min-width:{narrowest(figure)}px;height:auto;'
        'display:block"></div>'
    )


def narrowest(figure):
    """Pixels of CSS that a figure has to be wide for its smallest text to be read."""
    from matplotlib.text import Text

    figure.draw_without_rendering()  # which makes the labels of ticks
    sizes = [t.get_fontsize() for t in figure.findobj(Text) if t.get_visible() and t.get_text()]
    smallest = min(sizes, default=72) * PIXELS / 72
    width = figure.get_figwidth() * PIXELS
    return round(width * min(SMALLEST_TEXT / smallest, 1))


def png_url(figure):
    """Return a figure as the data URL of an opaque PNG.

    It has at most 255 colours, which take a third of the space of full colour.
    """
    from PIL import Image

    drawn, reduced = io.BytesIO(), io.BytesIO()
    figure.savefig(drawn, format="png", dpi=DOTS_PER_INCH, facecolor="white")
    picture = Image.open(drawn).convert("RGB")
    picture.quantize(255, dither=Image.Dither.NONE).save(reduced, format="png", optimize=True)
    return "data:image/png;base64," + base64.b64encode(reduced.getvalue()).decode()


def captioned(content, caption):
    """Return HTML in a white ``<figure>``, with its caption where there is one."""
    text = f'<figcaption style="{CAPTION_STYLE}">{html.escape(caption)}</figcaption>'
    return f'<figure style="{FIGURE_STYLE}">{content}{text if caption else ""}</figure>'


def display_html(page, alt):
    """Hand HTML to the notebook, and ``alt`` to frontends that show none."""
    from IPython.display import display

    display({"text/html": page, "text/plain": alt}, raw=True)


def show(figure, alt, caption=""):
    """Show a matplotlib figure with alt text and caption; do nothing while grading.

    Parameters and errors are those of ``figure_html``. Frontends without HTML print ``alt``.
    """
    if not is_grading():
        display_html(figure_html(figure, alt, caption), alt)


def picture(draw):
    """Make a drawing function into one that shows what it draws.

    ``draw(...)`` returns ``(figure, alt)``. The new function takes the same arguments and
    ``caption=""``, shows the figure, returns nothing, and returns at once while grading.
    The drawing function stays within reach as ``.draw``.
    """

    @functools.wraps(draw)
    def shown(*args, caption="", **kwargs):
        if not is_grading():
            show(*draw(*args, **kwargs), caption)

    shown.draw = draw
    return shown
