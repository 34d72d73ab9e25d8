import base64
import io
import re
import subprocess
import sys

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from PIL import Image
from scipy.signal import convolve2d, correlate2d

from course_utils import data, plotting
from course_utils.plotting import display, number_grids

IMAGE, EDGES = data.BRIGHT_BAR, data.HORIZONTAL_EDGES
PHOTO = data.photograph(shrink=8)


def valid(image, kernel):
    return correlate2d(image, kernel, mode="valid")


def layer(x, weight, bias):
    """Enough of a convolutional layer for a figure."""
    maps = [sum(map(valid, x, w)) + b for w, b in zip(weight, bias, strict=True)]
    return np.maximum(np.stack(maps), 0)


FIGURES = {
    "grids": lambda: plotting.grids.draw([IMAGE, EDGES], ["image", "filter"], "⋆"),
    "window": lambda: plotting.window.draw(IMAGE, EDGES, 1, 2),
    "landing": lambda: plotting.landing.draw((5, 7), 3, 2),
    "pixel_use": lambda: plotting.pixel_use.draw([[1, 2, 1], [2, 4, 2]]),
    "pooling": lambda: plotting.pooling.draw(data.MAX_POOL_IMAGE, [[9, 2], [6, 3]], 2),
    "channels": lambda: plotting.channels.draw(3, 4),
    "perceptron": lambda: plotting.perceptron.draw(),
    "photo_and_pixels": lambda: plotting.photo_and_pixels.draw(PHOTO, 3, 4, 6),
    "filter_gallery": lambda: plotting.filter_gallery.draw(PHOTO, data.FILTERS, valid),
    "hierarchy": lambda: plotting.hierarchy.draw(
        data.shapes_picture(), {"edges": (np.stack([[EDGES], [-EDGES]]), [0, 0])}, layer
    ),
    "hide_and_seek": lambda: plotting.hide_and_seek.draw(
        PHOTO, (3, 4, 6, 6), {"as it is": (valid, PHOTO[3:9, 4:10])}
    ),
    "learning": lambda: plotting.learning.draw({0: 0 * EDGES, 9: EDGES}, [8, 2, 0.01], EDGES),
    "weights_over_time": lambda: plotting.weights_over_time.draw(
        [[[0, 0], [1, 1]], [[0, 1], [1, 3]]], ["equal", "different"], "weight"
    ),
}


def numbers(axes):
    """The texts inside an Axes, row by row from the top."""
    places = sorted((t.get_position()[1], t.get_position()[0], t.get_text()) for t in axes.texts)
    return [text for _, _, text in places]


def outlines(axes):
    """(row, column, height, width) of the coloured outlines, insets undone."""
    found = []
    for patch in axes.patches:
        outlined = isinstance(patch, Rectangle) and not patch.get_fill()
        if outlined and to_hex(patch.get_edgecolor()) != "#ffffff":
            (x, y), w, h = patch.get_xy(), patch.get_width(), patch.get_height()
            found.append((round(y + 0.2), round(x + 0.2), round(h + 0.2), round(w + 0.2)))
    return found


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_fits_the_page_and_is_described(name):
    figure, alt = FIGURES[name]()
    assert figure.get_figwidth() <= display.WIDTH + 1e-9
    assert len(alt) > 40
    page = plotting.figure_html(figure, alt, "A caption.")
    assert page.startswith("<figure") and page.endswith("</figure>")
    assert "<figcaption" in page and "A caption." in page
    assert re.search(r'<img alt="[^"]{40,}"', page)
    assert "max-width:100%" in page


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_is_drawn_outside_the_figure(name):
    figure, _ = FIGURES[name]()
    figure.savefig(io.BytesIO(), format="png")
    width, height = figure.bbox.width, figure.bbox.height
    for axes in figure.axes:
        box = axes.get_tightbbox()
        assert box.x0 >= -1 and box.y0 >= -1, name
        assert box.x1 <= width + 1 and box.y1 <= height + 1, name


@pytest.mark.parametrize("name", FIGURES)
def test_numbers_do_not_run_into_each_other(name):
    figure, _ = FIGURES[name]()
    figure.savefig(io.BytesIO(), format="png")
    for axes in figure.axes:
        boxes = [t.get_window_extent() for t in axes.texts if t.get_text()]
        for i, one in enumerate(boxes):
            assert not any(one.overlaps(other) for other in boxes[i + 1 :]), name


def test_the_png_is_opaque_and_white():
    page = plotting.figure_html(*FIGURES["grids"]())
    png = base64.b64decode(re.search(r"base64,([^\"]+)", page)[1])
    picture = Image.open(io.BytesIO(png))
    assert "transparency" not in picture.info
    assert picture.convert("RGB").getpixel((0, 0)) == (255, 255, 255)
    assert "background:#fff" in page  # the frame around it, in either of Jupyter's themes


def test_markup_in_texts_is_escaped():
    figure, _ = FIGURES["perceptron"]()
    page = plotting.figure_html(figure, 'a "b" <c>', "1 < 2 & <script>")
    assert 'alt="a &quot;b&quot; &lt;c&gt;"' in page
    assert "<script>" not in page


@pytest.mark.parametrize("alt", ["", "  ", None])
def test_a_figure_without_a_description_is_refused(alt):
    figure, _ = FIGURES["perceptron"]()
    with pytest.raises(ValueError, match="every figure needs a text that describes it"):
        plotting.figure_html(figure, alt)


@pytest.fixture
def displayed(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: shown.append(bundle))
    return shown


def test_showing_offers_html_and_plain_text(displayed):
    plotting.grids([IMAGE, EDGES], ["image", "filter"], caption="Two grids.")
    (bundle,) = displayed
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/plain"].startswith("image: rows 0.1 0.2")
    assert "Two grids." in bundle["text/html"]


def test_figures_draw_nothing_while_grading(displayed, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    figure, alt = FIGURES["perceptron"]()

    def never(*_):
        raise AssertionError("was called while grading")

    plotting.show(figure, alt)
    plotting.animate(figure, never, 9, alt)
    plotting.sliding_window(IMAGE, EDGES)
    plotting.grids([IMAGE, EDGES], ["image", "filter"])
    plotting.filter_gallery(PHOTO, data.FILTERS, never)
    plotting.hierarchy(PHOTO, {"edges": ([], [])}, never)
    plotting.hide_and_seek(PHOTO, (0, 0, 3, 3), {"search": (never, EDGES)})
    assert displayed == []


def test_matplotlib_is_loaded_by_the_first_figure_only():
    check = (
        "import sys, os; os.environ['NBGRADER_EXECUTION'] = 'autograde';"
        "from course_utils import data, plotting, widgets;"
        "plotting.window(data.BRIGHT_BAR, data.HORIZONTAL_EDGES);"
        "widgets.move_window(data.BRIGHT_BAR, data.HORIZONTAL_EDGES);"
        "print([m for m in ('matplotlib', 'scipy', 'torch', 'ipywidgets') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


# What the figures show


def test_grids_print_their_numbers():
    figure, alt = FIGURES["grids"]()
    image, kernel = figure.axes
    assert numbers(image)[:6] == ["0.1", "0.2", "0.1", "0.1", "0", "0.8"]
    assert numbers(kernel) == ["1", "1", "1", "0", "0", "0", "−1", "−1", "−1"]
    assert [axes.get_title() for axes in figure.axes] == ["image", "filter"]
    assert [text.get_text() for text in figure.texts] == ["⋆"]
    assert "filter: rows 1 1 1; 0 0 0; −1 −1 −1." in alt


def test_many_grids_wrap_onto_several_lines():
    figure, _ = plotting.grids.draw([np.eye(5)] * 4, ["a", "b", "c", "d"])
    bottoms = [round(axes.get_position().y0, 6) for axes in figure.axes]
    assert bottoms[0] == bottoms[1] > bottoms[2] == bottoms[3]


def test_numbers_stand_out_from_their_squares():
    figure, _ = plotting.grids.draw([np.arange(20).reshape(4, 5)], ["ramp"])
    (axes,) = figure.axes
    (image,) = axes.images
    for text in axes.texts:
        column, row = text.get_position()
        red, green, blue, _ = image.to_rgba(image.get_array()[row, column])
        paper = 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2
        ink = 1.0 if text.get_color() == "white" else 0.0
        contrast = (max(paper, ink) + 0.05) / (min(paper, ink) + 0.05)
        assert contrast >= 3, text.get_text()  # large text, WCAG 2.2


@pytest.mark.parametrize(
    ("value", "text"),
    [(-2.6, "−2.6"), (1.0, "1"), (0.0, "0"), (-0.001, "0"), (3.75, "3.75"), (1 / 3, "0.33")],
)
def test_numbers_are_written_as_a_reader_would(value, text):
    assert number_grids.number(value) == text


def test_a_window_shows_patch_products_and_sum():
    figure, alt = FIGURES["window"]()
    image, kernel, products = figure.axes
    patch = IMAGE[1:4, 2:5]
    assert outlines(image) == [(1, 2, 3, 3)]
    assert numbers(products) == [number_grids.number(v) for v in (patch * EDGES).ravel()]
    assert products.get_xlabel() == "sum: 0.1"
    assert alt.endswith("whose sum is 0.1.")


@pytest.mark.parametrize("place", [(3, 0), (0, 3), (-1, 0)])
def test_a_window_outside_the_image_is_refused(place):
    with pytest.raises(ValueError, match="windows start at rows 0 to 2, columns 0 to 2"):
        plotting.window.draw(IMAGE, EDGES, *place)


def test_a_filter_larger_than_the_image_is_refused():
    with pytest.raises(ValueError, match=r"w has shape \(5, 5\); it must fit into x"):
        plotting.window.draw(EDGES, IMAGE)


def test_landing_counts_the_windows():
    figure, alt = FIGURES["landing"]()
    image, result = figure.axes
    assert outlines(image) == [(r, c, 3, 3) for r in (0, 2) for c in (0, 2, 4)]
    assert numbers(result) == ["1", "2", "3", "4", "5", "6"]
    assert "the map is 2 by 3. 0 squares are in no window." in alt


def test_landing_draws_the_frame_and_what_no_window_reaches():
    figure, alt = plotting.landing.draw((4, 4), 3, 2, 1)
    squares = [p for p in figure.axes[0].patches if p.get_fill()]
    frame = [p for p in squares if to_hex(p.get_facecolor()) == number_grids.PADDING_COLOUR]
    hatched = [p for p in squares if p.get_hatch()]
    assert (len(squares), len(frame), len(hatched)) == (36, 20, 11)
    assert "11 squares are in no window" in alt


def test_landing_tells_windows_apart_without_colour():
    figure, _ = FIGURES["landing"]()
    kinds = {
        (to_hex(p.get_edgecolor()), p.get_linestyle())
        for p in figure.axes[0].patches
        if not p.get_fill() and to_hex(p.get_edgecolor()) != "#ffffff"
    }
    assert len({line for _, line in kinds}) == 4
    assert {colour for colour, _ in kinds} <= {c.lower() for c in display.OKABE_ITO}


def test_landing_refuses_a_kernel_that_does_not_fit():
    with pytest.raises(ValueError, match=r"kernel is \(5, 5\); it must fit .* \(4, 7\)"):
        plotting.landing.draw((4, 7), 5)


def test_pooling_outlines_blocks_and_results_alike():
    figure, alt = FIGURES["pooling"]()
    image, pooled = figure.axes
    assert outlines(image) == [(r, c, 2, 2) for r in (0, 2) for c in (0, 2)]
    assert outlines(pooled) == [(r, c, 1, 1) for r in (0, 1) for c in (0, 1)]
    assert numbers(pooled) == ["9", "2", "6", "3"]
    assert alt.endswith("rows 9 2; 6 3.")


def test_pooling_refuses_a_map_of_another_size():
    with pytest.raises(
        ValueError, match=r"pooled has shape \(1, 2\); blocks of .* make it \(2, 2\)"
    ):
        plotting.pooling.draw(data.MAX_POOL_IMAGE, [[9, 2]], 2)


def test_channels_draws_one_map_per_filter():
    figure, alt = plotting.channels.draw(3, 4)
    squares = [p for p in figure.axes[0].patches if isinstance(p, Rectangle)]
    assert len(squares) == 3 + 4 * 3 + 4
    assert "there are 4 maps" in alt


@pytest.mark.parametrize("counts", [(0, 1), (1, 7), (7, 1), (1, 1.5)])
def test_channels_refuses_what_it_cannot_draw(counts):
    with pytest.raises(ValueError, match="it takes"):
        plotting.channels.draw(*counts)


def test_the_photograph_is_shown_with_a_piece_as_numbers():
    figure, _ = FIGURES["photo_and_pixels"]()
    photo, piece = figure.axes
    np.testing.assert_array_equal(photo.images[0].get_array(), PHOTO)
    assert outlines(photo) == [(3, 4, 6, 6)]
    assert numbers(piece)[0] == str(int(PHOTO[3, 4] * 99.999))


def test_a_piece_outside_the_photograph_is_refused():
    with pytest.raises(ValueError, match="starts at rows 0 to"):
        plotting.photo_and_pixels.draw(PHOTO, 1000, 0)


def test_the_gallery_shows_each_filter_and_its_map():
    figure, alt = FIGURES["filter_gallery"]()
    maps = [axes for axes in figure.axes if axes.get_title()]
    assert [axes.get_title() for axes in maps] == list(data.FILTERS)
    for axes, w in zip(maps, data.FILTERS.values(), strict=True):
        np.testing.assert_allclose(axes.images[0].get_array(), valid(PHOTO, w))
        np.testing.assert_array_equal(axes.child_axes[0].images[0].get_array(), w)
        low, high = axes.images[0].get_clim()
        assert (low, high) == (0, 1) if w.sum() else low == -high
    assert all(name in alt for name in data.FILTERS)


def test_an_empty_gallery_is_refused():
    with pytest.raises(ValueError, match="at least one filter"):
        plotting.filter_gallery.draw(PHOTO, {}, valid)


def test_the_gallery_names_the_filter_whose_map_is_wrong():
    with pytest.raises(ValueError, match="the map of 'blur' has shape"):
        plotting.filter_gallery.draw(PHOTO, {"blur": EDGES}, lambda photo, w: w[0])


def test_the_hierarchy_stacks_layers():
    figure, alt = FIGURES["hierarchy"]()
    drawing, first, second = figure.axes
    np.testing.assert_array_equal(drawing.images[0].get_array(), data.shapes_picture())
    expected = np.maximum(valid(data.shapes_picture(), EDGES), 0)
    np.testing.assert_array_equal(first.images[0].get_array(), expected)
    assert "edges, 2 of 38 by 70" in alt


def test_the_hierarchy_refuses_more_maps_than_fit():
    with pytest.raises(ValueError, match="'many' has 5 maps; it takes up to 4"):
        weights = {"many": (np.stack([[EDGES]] * 5), np.zeros(5))}
        plotting.hierarchy.draw(data.shapes_picture(), weights, layer)


def test_hide_and_seek_ends_at_the_largest_response():
    photo = data.photograph()
    piece = photo[8:23, 58:73]
    balanced = piece - piece.mean()
    searches = {
        "as it is": (valid, piece),
        "balanced": (valid, balanced),
        "turned": (lambda x, w: convolve2d(x, w, mode="valid"), balanced),
    }
    figure, alt = plotting.hide_and_seek.draw(photo, (8, 58, 15, 15), searches)
    shown, sky, found, missed = figure.axes
    np.testing.assert_array_equal(shown.images[0].get_array(), piece)
    assert outlines(found) == [(8, 58, 15, 15)]
    assert outlines(sky)[0][1] > 190  # bright sky at the right edge
    assert outlines(missed) != outlines(found)
    assert "balanced: the search ends at row 8, column 58." in alt


def test_a_hidden_piece_outside_the_photograph_is_refused():
    with pytest.raises(ValueError, match="box is .* must lie inside the photograph"):
        plotting.hide_and_seek.draw(PHOTO, (0, 0, 999, 3), {})


def test_learning_draws_snapshots_target_and_loss():
    figure, alt = FIGURES["learning"]()
    start, end, target, loss = figure.axes
    assert [axes.get_title() for axes in figure.axes[:3]] == ["step 0", "step 9", "the true filter"]
    assert numbers(end) == numbers(target)
    np.testing.assert_array_equal(loss.lines[0].get_ydata(), [8, 2, 0.01])
    assert loss.get_yscale() == "log"
    assert "The loss falls from 8 to 0.01" in alt


def test_weights_over_time_draws_a_line_per_filter():
    figure, alt = FIGURES["weights_over_time"]()
    equal, different = figure.axes
    np.testing.assert_array_equal(different.lines[1].get_ydata(), [1, 3])
    styles = {(line.get_linestyle(), line.get_marker()) for line in equal.lines}
    assert len(styles) == 2
    assert "equal: at the end the filters differ by 0." in alt
    assert "different: at the end the filters differ by 2." in alt


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: plotting.grids.draw([IMAGE], ["a", "b"]), "titles has 2 entries"),
        (lambda: plotting.grids.draw([IMAGE, EDGES], ["a", "b"], "=="), "it takes 1 characters"),
        (lambda: plotting.grids.draw([[1, 2]], ["a"]), r"arrays\[0\] has shape \(2,\)"),
        (lambda: plotting.grids.draw([[["x"]]], ["a"]), "it takes"),
        (lambda: plotting.pixel_use.draw([[1.0, np.nan]]), "it takes finite numbers"),
        (lambda: plotting.weights_over_time.draw([[[1]]], [], "w"), "titles has 0 entries"),
    ],
)
def test_bad_input_is_named(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()


# The animation


def test_the_sliding_window_fills_the_map_step_by_step():
    figure, update, frames, alt = number_grids.draw_sliding_window(IMAGE, EDGES)
    assert frames == 9
    update(4)
    image, _, feature_map = figure.axes
    assert outlines(image) == [(1, 1, 3, 3)]
    assert numbers(feature_map) == ["−2.6", "−2.6", "−2.8", "−0.2", "0.1"]
    update(8)
    assert len(numbers(feature_map)) == 9
    assert "rows −2.6 −2.6 −2.8; −0.2 0.1 0.1; 2.8 2.6 2.7" in alt


def test_the_player_needs_no_network_and_has_alt_text(displayed):
    plotting.sliding_window(IMAGE, EDGES, caption="It slides.")
    (bundle,) = displayed
    page = bundle["text/html"]
    assert "http" not in page.replace("http://www.w3.org", "")
    assert "fa-" not in page
    assert re.search(r'<img alt="Animation: a 3 by 3 window', page)
    assert page.count("data:image/png;base64,") == 9
    assert "It slides." in page
    assert len(page) < 400_000
    assert bundle["text/plain"].startswith("Animation")
