"""The one way a figure reaches the page: HTML with a PNG, alt text and a caption."""

import base64
import functools
import html
import io
import re

from course_utils.explore import grading

# Okabe and Ito's palette: told apart with every common kind of colour blindness.
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
OKABE_ITO = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, BLACK, YELLOW)

WIDTH = 6.6  # inches; the widest figure
DOTS_PER_INCH = 130
FIGURE_STYLE = (
    "margin:0.6em 0;padding:8px;background:#fff;color:#222;display:inline-block;"
    "max-width:100%;box-sizing:border-box;border-radius:4px"
)
CAPTION_STYLE = "font-size:0.92em;line-height:1.4;padding-top:6px;max-width:40em"

# matplotlib's player draws its buttons with a web font; these characters need no network.
BUTTONS = {
    "fa-minus": "−",
    "fa-fast-backward": "«",
    "fa-step-backward": "‹",
    "fa-play fa-flip-horizontal": "◀",
    "fa-pause": "Ⅱ",
    "fa-play": "▶",
    "fa-step-forward": "›",
    "fa-fast-forward": "»",
    "fa-plus": "+",
}


def new_figure(width, height):
    """An empty white figure of ``width`` by ``height`` inches that belongs to no GUI."""
    from matplotlib.figure import Figure  # here: a notebook that is being graded never needs it

    return Figure(figsize=(width, height), facecolor="white")


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
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError(f"alt is {alt!r}; every figure needs a text that describes it")
    png = base64.b64encode(_png(figure)).decode()
    width = round(figure.get_figwidth() * 96)
    image = (
        f'<img alt="{html.escape(alt)}" src="data:image/png;base64,{png}" '
        f'width="{width}" style="max-width:100%;height:auto;display:block">'
    )
    return _wrap(image, caption)


def _png(figure):
    """The figure as an opaque PNG of at most 255 colours, a third of the size of full colour."""
    from PIL import Image

    drawn, reduced = io.BytesIO(), io.BytesIO()
    figure.savefig(drawn, format="png", dpi=DOTS_PER_INCH, facecolor="white")
    picture = Image.open(drawn).convert("RGB")
    picture.quantize(255, dither=Image.Dither.NONE).save(reduced, format="png", optimize=True)
    return reduced.getvalue()


def _wrap(content, caption):
    text = f'<figcaption style="{CAPTION_STYLE}">{html.escape(caption)}</figcaption>'
    return f'<figure style="{FIGURE_STYLE}">{content}{text if caption else ""}</figure>'


def _display(page, alt):
    from IPython.display import display

    display({"text/html": page, "text/plain": alt}, raw=True)


def show(figure, alt, caption=""):
    """Show a matplotlib figure with alt text and caption; do nothing while grading.

    Parameters and errors are those of ``figure_html``. Frontends without HTML print ``alt``.
    """
    if not grading():
        _display(figure_html(figure, alt, caption), alt)


def animate(figure, update, frames, alt, caption="", interval=700):
    """Show an animation with a player; do nothing while grading.

    Parameters
    ----------
    figure : matplotlib Figure
    update : callable
        Called with each frame's number, draws on ``figure``.
    frames : int
        Number of frames.
    alt, caption : str
        As for ``figure_html``.
    interval : int
        Milliseconds a frame stays.
    """
    if grading():
        return
    _display(animation_html(figure, update, frames, alt, caption, interval), alt)


def animation_html(figure, update, frames, alt, caption="", interval=700):
    """Return the HTML that ``animate`` shows; loads nothing from the network."""
    from matplotlib import rc_context
    from matplotlib.animation import FuncAnimation
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(figure)
    with rc_context({"savefig.facecolor": "white"}):
        player = FuncAnimation(figure, update, frames=frames, init_func=lambda: None)
        page = player.to_jshtml(fps=1000 / interval, embed_frames=True, default_mode="once")
    page = re.sub(r"<link [^>]*>", "", page)
    for name, character in BUTTONS.items():
        page = page.replace(f'<i class="fa {name}"></i>', character)
    image_style = "max-width:100%;height:auto"
    page = page.replace("<img id=", f'<img alt="{html.escape(alt)}" style="{image_style}" id=')
    # Both fit a phone's width.
    page = page.replace("width: 374px;", "width: 90%;").replace("width: 36px;", "width: 30px;")
    # The first frame waits for the reader to press Play.
    return _wrap(page, caption)


def picture(draw):
    """Make a drawing function into one that shows what it draws.

    ``draw(...)`` returns ``(figure, alt)``. The new function takes the same arguments and
    ``caption=""``, shows the figure, returns nothing, and returns at once while grading.
    The drawing function stays within reach as ``.draw``.
    """

    @functools.wraps(draw)
    def shown(*args, caption="", **kwargs):
        if not grading():
            show(*draw(*args, **kwargs), caption)

    shown.draw = draw
    return shown
