"""The figures of the tutorial on convolution by hand show what they say, and fit the page."""

import io
import re

import numpy as np
import pytest
from drawn import numbers, outlines
from matplotlib.patches import Rectangle
from scipy.signal import convolve2d, correlate2d

from course_utils import plotting
from course_utils.datasets import convolution_by_hand as data
from course_utils.datasets.photographs import photograph
from course_utils.plotting import convolution_by_hand as figures
from course_utils.plotting import display
from course_utils.plotting.convolution_by_hand.windows import (
    draw_sliding_channels,
    draw_sliding_window,
)
from course_utils.plotting.number_grids import number

IMAGE, EDGES = data.BRIGHT_BAR, data.HORIZONTAL_EDGES
PHOTO = photograph(shrink=8)


def valid(image, kernel):
    return correlate2d(image, kernel, mode="valid")


def layer(x, weight, bias):
    """Enough of a convolutional layer for a figure."""
    maps = [sum(map(valid, x, w)) + b for w, b in zip(weight, bias, strict=True)]
    return np.maximum(np.stack(maps), 0)


FIGURES = {
    "grids": lambda: figures.grids.draw([IMAGE, EDGES], ["image", "filter"], "⋆"),
    "window": lambda: figures.window.draw(IMAGE, EDGES, 1, 2),
    "landing": lambda: plotting.landing.draw((5, 7), 3, 2),
    "pixel_use": lambda: figures.pixel_use.draw([[1, 2, 1], [2, 4, 2]]),
    "pooling": lambda: figures.pooling.draw(data.MAX_POOL_IMAGE, [[9, 2], [6, 3]], 2),
    "channels": lambda: figures.channels.draw(3, 4),
    "perceptron": lambda: figures.perceptron.draw(),
    "photo_and_pixels": lambda: figures.photo_and_pixels.draw(PHOTO, 3, 4, 6),
    "filter_gallery": lambda: figures.filter_gallery.draw(PHOTO, data.FILTERS, valid),
    "filter_bank": lambda: figures.filter_bank.draw(np.arange(90).reshape(10, 3, 3)),
    "hierarchy": lambda: figures.hierarchy.draw(
        data.shapes_picture(),
        {"edges": (np.stack([[EDGES], [-EDGES]]), [0, 0])},
        layer,
        {"edges": ["lower", "upper"]},
    ),
    "hide_and_seek": lambda: figures.hide_and_seek.draw(
        PHOTO, (3, 4, 6, 6), {"as it is": (valid, PHOTO[3:9, 4:10])}
    ),
    "learning": lambda: figures.learning.draw({0: 0 * EDGES, 9: EDGES}, [8, 2, 0.01], EDGES),
    "weights_over_time": lambda: figures.weights_over_time.draw(
        [[[0, 0], [1, 1]], [[0, 1], [1, 3]]], ["equal", "different"], "weight"
    ),
}


def test_every_figure_of_the_tutorial_is_tested_here():
    defined = {name for name, thing in vars(figures).items() if hasattr(thing, "draw")}
    assert defined == set(FIGURES) - {"landing"}  # which tutorials share


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


def test_figures_draw_nothing_while_grading(displayed, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    figure, alt = FIGURES["perceptron"]()

    def never(*_):
        raise AssertionError("was called while grading")

    plotting.animate(figure, never, 9, alt)
    figures.sliding_window(IMAGE, EDGES)
    figures.sliding_channels(data.COLOUR_IMAGE, data.COLOUR_FILTER, 1)
    figures.move_window(IMAGE, EDGES)
    figures.grids([IMAGE, EDGES], ["image", "filter"])
    figures.filter_gallery(PHOTO, data.FILTERS, never)
    figures.hierarchy(PHOTO, {"edges": ([], [])}, never, {})
    figures.hide_and_seek(PHOTO, (0, 0, 3, 3), {"search": (never, EDGES)})
    assert displayed == []


def test_grids_print_their_numbers():
    figure, alt = FIGURES["grids"]()
    image, kernel = figure.axes
    assert numbers(image)[:6] == ["0.1", "0.2", "0.1", "0.1", "0", "0.8"]
    assert numbers(kernel) == ["1", "1", "1", "0", "0", "0", "−1", "−1", "−1"]
    assert [axes.get_title() for axes in figure.axes] == ["image", "filter"]
    assert [text.get_text() for text in figure.texts] == ["⋆"]
    assert "filter: rows 1 1 1; 0 0 0; −1 −1 −1." in alt


def test_a_window_shows_patch_products_and_sum():
    figure, alt = FIGURES["window"]()
    image, kernel, products = figure.axes
    patch = IMAGE[1:4, 2:5]
    assert outlines(image) == [(1, 2, 3, 3)]
    assert numbers(products) == [number(v) for v in (patch * EDGES).ravel()]
    assert products.get_xlabel() == "sum: 0.1"
    assert alt.endswith("whose sum is 0.1.")


@pytest.mark.parametrize("place", [(3, 0), (0, 3), (-1, 0)])
def test_a_window_outside_the_image_is_refused(place):
    with pytest.raises(ValueError, match="windows start at rows 0 to 2, columns 0 to 2"):
        figures.window.draw(IMAGE, EDGES, *place)


def test_a_filter_larger_than_the_image_is_refused():
    with pytest.raises(ValueError, match=r"w has shape \(5, 5\); it must fit into x"):
        figures.window.draw(EDGES, IMAGE)


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
        figures.pooling.draw(data.MAX_POOL_IMAGE, [[9, 2]], 2)


def test_channels_draws_one_map_per_filter():
    figure, alt = figures.channels.draw(3, 4)
    squares = [p for p in figure.axes[0].patches if isinstance(p, Rectangle)]
    assert len(squares) == 3 + 4 * 3 + 4
    assert "makes one map: 4 maps in all" in alt


@pytest.mark.parametrize("counts", [(0, 1), (1, 7), (7, 1), (1, 1.5)])
def test_channels_refuses_what_it_cannot_draw(counts):
    with pytest.raises(ValueError, match="it takes"):
        figures.channels.draw(*counts)


def test_the_photograph_is_shown_with_a_piece_as_numbers():
    figure, _ = FIGURES["photo_and_pixels"]()
    photo, piece = figure.axes
    np.testing.assert_array_equal(photo.images[0].get_array(), PHOTO)
    assert outlines(photo) == [(3, 4, 6, 6)]
    assert numbers(piece)[0] == str(int(PHOTO[3, 4] * 99.999))


def test_a_piece_outside_the_photograph_is_refused():
    with pytest.raises(ValueError, match="starts at rows 0 to"):
        figures.photo_and_pixels.draw(PHOTO, 1000, 0)


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
        figures.filter_gallery.draw(PHOTO, {}, valid)


def test_the_gallery_names_the_filter_whose_map_is_wrong():
    with pytest.raises(ValueError, match="the map of 'blur' has shape"):
        figures.filter_gallery.draw(PHOTO, {"blur": EDGES}, lambda photo, w: w[0])


def test_the_hierarchy_stacks_layers():
    figure, alt = FIGURES["hierarchy"]()
    drawing, first, second = figure.axes
    np.testing.assert_array_equal(drawing.images[0].get_array(), data.shapes_picture())
    expected = np.maximum(valid(data.shapes_picture(), EDGES), 0)
    np.testing.assert_array_equal(first.images[0].get_array(), expected)
    assert [axes.get_xlabel() for axes in figure.axes] == ["", "lower", "upper"]
    assert "edges (lower, upper), 2 of 38 by 70" in alt


def test_the_hierarchy_refuses_more_maps_than_fit():
    with pytest.raises(ValueError, match="'many' has 5 maps; it takes up to 4"):
        weights = {"many": (np.stack([[EDGES]] * 5), np.zeros(5))}
        figures.hierarchy.draw(data.shapes_picture(), weights, layer, {})


def test_the_hierarchy_wants_a_name_for_every_map():
    with pytest.raises(ValueError, match="'one' has 1 map and 0 names"):
        figures.hierarchy.draw(data.shapes_picture(), {"one": ([[EDGES]], [0])}, layer, {"one": []})


def test_hide_and_seek_ends_at_the_largest_response():
    photo = photograph()
    piece = photo[8:23, 58:73]
    balanced = piece - piece.mean()
    searches = {
        "as it is": (valid, piece),
        "balanced": (valid, balanced),
        "turned": (lambda x, w: convolve2d(x, w, mode="valid"), balanced),
    }
    figure, alt = figures.hide_and_seek.draw(photo, (8, 58, 15, 15), searches)
    shown, sky, found, missed = figure.axes
    np.testing.assert_array_equal(shown.images[0].get_array(), piece)
    assert outlines(found) == [(8, 58, 15, 15)]
    assert outlines(sky)[0][1] > 190  # bright sky at the right edge
    assert outlines(missed) != outlines(found)
    assert "balanced: the search ends at row 8, column 58." in alt


def test_a_hidden_piece_outside_the_photograph_is_refused():
    with pytest.raises(ValueError, match="box is .* must lie inside the photograph"):
        figures.hide_and_seek.draw(PHOTO, (0, 0, 999, 3), {})


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
        (lambda: figures.grids.draw([IMAGE], ["a", "b"]), "titles has 2 entries"),
        (lambda: figures.grids.draw([IMAGE, EDGES], ["a", "b"], "=="), "it takes 1 characters"),
        (lambda: figures.grids.draw([[1, 2]], ["a"]), r"arrays\[0\] has shape \(2,\)"),
        (lambda: figures.grids.draw([[["x"]]], ["a"]), "it takes"),
        (lambda: figures.pixel_use.draw([[1.0, np.nan]]), "it takes finite numbers"),
        (lambda: figures.weights_over_time.draw([[[1]]], [], "w"), "titles has 0 entries"),
    ],
)
def test_bad_input_is_named(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()


def test_the_sliding_window_fills_the_map_step_by_step():
    figure, update, frames, alt = draw_sliding_window(IMAGE, EDGES)
    assert frames == 9
    update(4)
    image, _, feature_map = figure.axes
    assert outlines(image) == [(1, 1, 3, 3)]
    assert numbers(feature_map) == ["−2.6", "−2.6", "−2.8", "−0.2", "0.1"]
    update(8)
    assert len(numbers(feature_map)) == 9
    assert "rows −2.6 −2.6 −2.8; −0.2 0.1 0.1; 2.8 2.6 2.7" in alt


def test_the_sliding_window_is_shown_at_every_place(displayed):
    figures.sliding_window(IMAGE, EDGES, caption="It slides.")
    (bundle,) = displayed
    page = bundle["text/html"]
    assert re.search(r'<img alt="Animation: a 3 by 3 window', page)
    assert page.count("data:image/png;base64,") == 9
    assert "It slides." in page
    assert len(page) < 250_000


def test_three_channels_and_a_bias_make_one_number_at_each_place():
    x, w = data.COLOUR_IMAGE, data.COLOUR_FILTER
    full = sum(map(valid, x, w)) + 2
    figure, update, frames, alt = draw_sliding_channels(x, w, 2)
    assert frames == full.size == 4
    for frame, place in enumerate(np.ndindex(*full.shape)):
        update(frame)
        *grids, feature_map = figure.axes
        assert [outlines(image) for image in grids[::3]] == [[(*place, 3, 3)]] * 3
        assert numbers(feature_map) == [number(v) for v in full.flat[: frame + 1]]
        texts = [text.get_text() for text in figure.texts if ":" in text.get_text()]
        summands = [float(text.split(": ")[1].replace("−", "-")) for text in texts]
        assert sum(summands[:4]) == summands[4] == full[place]
    assert f"bias 2 = {number(full[1, 1])}." in alt


def test_channels_are_shown_at_every_place(displayed):
    figures.sliding_channels(data.COLOUR_IMAGE, data.COLOUR_FILTER, 1, caption="They slide.")
    page = displayed[0]["text/html"]
    assert page.count("data:image/png;base64,") == 4 and "They slide." in page
    assert len(page) < 150_000


@pytest.mark.parametrize(
    ("x", "w", "message"),
    [
        (data.COLOUR_IMAGE[:2], data.COLOUR_FILTER[:2], "both take 3 channels"),
        (data.COLOUR_FILTER, data.COLOUR_IMAGE, "must fit into x"),
        (IMAGE, EDGES, r"x has shape \(5, 5\)"),
    ],
)
def test_channels_that_cannot_be_drawn_are_refused(x, w, message):
    with pytest.raises(ValueError, match=message):
        draw_sliding_channels(x, w, 0)


def test_the_filter_bank_shows_every_filter_around_mid_grey():
    figure, alt = FIGURES["filter_bank"]()
    assert len(figure.axes) == 10 and alt.startswith("10 filters of 3 by 3")
    for axes in figure.axes:
        low, high = axes.images[0].get_clim()
        assert low == -high


def test_sliders_move_the_window_to_every_place(panels):
    figures.move_window(IMAGE, EDGES)
    row, column, page = panels[0].children
    assert (row.min, row.max, column.min, column.max) == (0, 2, 0, 2)
    assert page.value == plotting.figure_html(*figures.window.draw(IMAGE, EDGES, 0, 0))
    row.value, column.value = 1, 2
    assert page.value == plotting.figure_html(*figures.window.draw(IMAGE, EDGES, 1, 2))


def test_sliders_for_a_filter_that_does_not_fit_are_refused(displayed):
    with pytest.raises(ValueError, match="must fit into x"):
        figures.move_window(EDGES, IMAGE)
    assert displayed == []
