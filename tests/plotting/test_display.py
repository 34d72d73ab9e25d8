"""A figure reaches the page as HTML with a picture, a description and a caption, or not at all."""

import base64
import io
import re
import subprocess
import sys

import pytest
from PIL import Image

from course_utils import plotting
from course_utils.plotting import convolution_by_hand as figures
from course_utils.plotting.display import new_figure


def test_the_png_is_opaque_and_white():
    page = plotting.figure_html(*figures.grids.draw([[[1, 2]]], ["image"]))
    png = base64.b64decode(re.search(r"base64,([^\"]+)", page)[1])
    picture = Image.open(io.BytesIO(png))
    assert "transparency" not in picture.info
    assert picture.convert("RGB").getpixel((0, 0)) == (255, 255, 255)
    assert "background:#fff" in page  # the frame around it, in either of Jupyter's themes


def test_markup_in_texts_is_escaped():
    figure, _ = figures.perceptron.draw()
    page = plotting.figure_html(figure, 'a "b" <c>', "1 < 2 & <script>")
    assert 'alt="a &quot;b&quot; &lt;c&gt;"' in page
    assert "<script>" not in page


@pytest.mark.parametrize("size", [8, 9, 10.5, 14])
def test_the_smallest_text_stays_legible_on_a_narrow_page(size):
    figure, _ = figures.perceptron.draw()
    figure.text(0.5, 0.5, "small", fontsize=size)
    least = int(re.search(r"min-width:(\d+)px", plotting.figure_html(figure, "It is."))[1])
    scale = least / (figure.get_figwidth() * 96)
    smallest = min(size, 13)  # which the figure itself has
    assert scale * smallest * 96 / 72 == pytest.approx(9, rel=0.01)


def test_a_figure_without_text_may_become_as_narrow_as_the_page():
    figure = new_figure(5, 2)
    assert "min-width:45px" in plotting.figure_html(figure, "Nothing.")


@pytest.mark.parametrize("alt", ["", "  ", None])
def test_a_figure_without_a_description_is_refused(alt):
    figure, _ = figures.perceptron.draw()
    with pytest.raises(ValueError, match="every figure needs a text that describes it"):
        plotting.figure_html(figure, alt)


def test_showing_offers_html_and_plain_text(displayed):
    figures.grids([[[0.1, 0.2]], [[1]]], ["image", "filter"], caption="Two grids.")
    (bundle,) = displayed
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/plain"].startswith("image: rows 0.1 0.2")
    assert "Two grids." in bundle["text/html"]


def test_nothing_is_shown_while_grading(displayed, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    plotting.show(*figures.perceptron.draw())
    figures.perceptron()
    assert displayed == []


def test_matplotlib_is_loaded_by_the_first_figure_only():
    check = (
        "import sys, os; os.environ['NBGRADER_EXECUTION'] = 'autograde';"
        "from course_utils.datasets import convolution_by_hand as data;"
        "from course_utils.plotting import convolution_by_hand as figures;"
        "figures.window(data.BRIGHT_BAR, data.HORIZONTAL_EDGES);"
        "figures.move_window(data.BRIGHT_BAR, data.HORIZONTAL_EDGES);"
        "print([m for m in ('matplotlib', 'scipy', 'torch', 'ipywidgets') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
