"""The figures about sizes: what is drawn, and what the alt text says."""

import numpy as np
import pytest

from course_utils.plotting import output_shapes as figures
from course_utils.plotting.display import figure_html
from course_utils.staff.reference.output_shapes import conv_output_size


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def squares(figure):
    """(left, top, width, height) of every rectangle."""
    return [patch.get_bbox().bounds for axes in figure.axes for patch in axes.patches]


@pytest.mark.parametrize(
    "numbers",
    [(9, 3, 2, 0, 1), (10, 3, 4, 1, 1), (12, 3, 3, 1, 2), (1, 1, 1, 0, 1), (5, 5, 9, 0, 1)],
)
def test_the_axis_has_a_line_for_every_window_and_a_square_for_every_weight(numbers):
    n, kernel, stride, padding, dilation = numbers
    figure, alt = figures.axis.draw(*numbers)
    windows = conv_output_size(*numbers)
    assert len(squares(figure)) == n + 2 * padding + windows * kernel
    assert texts(figure)[-windows:] == [str(i + 1) for i in range(windows)]
    assert f": {windows} window{'' if windows == 1 else 's'}." in alt


def test_pixels_that_no_weight_touches_are_hatched():
    figure, alt = figures.axis.draw(10, 3, 4, 1)
    hatched = [patch.get_x() for patch in figure.axes[0].patches if patch.get_hatch()]
    assert hatched == [3, 7, 11]
    assert "Touched by no weight: 3 of 12 pixels." in alt


def test_zeros_of_the_padding_are_marked():
    figure, _ = figures.axis.draw(4, 3, 1, 2)
    assert texts(figure)[:8] == ["0", "0", "1", "2", "3", "4", "0", "0"]


@pytest.mark.parametrize(
    ("numbers", "message"),
    [((4, 5), "kernel spans 5 pixels"), ((40, 3, 1, 1), "has 42 pixels; up to 40"),
     ((0, 1), "n is 0"), ((5, 3, 0), "stride is 0")],
)  # fmt: skip
def test_an_axis_that_cannot_be_drawn_says_why(numbers, message):
    with pytest.raises(ValueError, match=message):
        figures.axis.draw(*numbers)


def test_blocks_are_to_scale():
    figure, alt = figures.to_scale.draw([(3, 128, 128), (6, 64, 64), (12, 16, 16), (10,)])
    (_, _, w1, h1), (_, _, w2, h2), (_, _, w3, h3), (_, _, _, h4) = squares(figure)
    np.testing.assert_allclose([h1 / h2, h1 / h3, h1 / h4], [2, 8, 12.8])
    np.testing.assert_allclose([w2 / w1, w3 / w1], [2, 4])
    assert "3@128×128, 6@64×64, 12@16×16, 10" in alt


def test_a_long_vector_is_cut_and_its_length_is_written():
    figure, _ = figures.to_scale.draw([(3, 20, 20), (5000,)])
    assert len(squares(figure)) == 3  # the white gap is the third
    assert texts(figure)[-1] == "5000"


@pytest.mark.parametrize("count", [1, 5, 10])
def test_every_block_and_label_lies_inside_the_page(count):
    figure, _ = figures.to_scale.draw([(512, 224, 224)] * count)
    width = figure.get_figwidth()
    assert all(left >= 0 and left + wide <= width for left, _, wide, _ in squares(figure))
    lefts = sorted(squares(figure))
    assert all(a[0] + a[2] <= b[0] for a, b in zip(lefts, lefts[1:], strict=False))


@pytest.mark.parametrize("shapes", [[], [(3, 4)], [(1,)] * 11])
def test_shapes_that_are_none_are_refused(shapes):
    with pytest.raises(ValueError, match="it takes up to 10 of"):
        figures.to_scale.draw(shapes)


def test_shares_are_percentages_of_each_total():
    figure, alt = figures.shares.draw(["a", "b", "c"], weights=[1, 3, 0], work=[9999, 1, 0])
    lengths = [[patch.get_width() for patch in axes.patches] for axes in figure.axes]
    np.testing.assert_allclose(lengths, [[25, 75, 0], [99.99, 0.01, 0]])
    assert texts(figure) == ["25.0 %", "75.0 %", "0", "100.0 %", "under 0.1 %", "0"]
    assert "Share of the weights: a 25.0 %, b 75.0 %." in alt
    assert [axes.get_title() for axes in figure.axes] == [
        "share of the weights",
        "share of the work",
    ]


@pytest.mark.parametrize(
    ("amounts", "message"),
    [({}, "one or two are drawn"), ({"a": [1, 2]}, "it takes 3 numbers"),
     ({"a": [1, -1, 2]}, "it takes 3 numbers"), ({"a": [0, 0, 0]}, "not all 0")],
)  # fmt: skip
def test_shares_of_nothing_are_refused(amounts, message):
    with pytest.raises(ValueError, match=message):
        figures.shares.draw(["x", "y", "z"], **amounts)


def test_dropout_marks_what_is_left_out_and_keeps_all_in_the_test():
    kept = np.array([[True, False, True], [False, False, True]])
    figure, alt = figures.dropout.draw(kept)
    assert texts(figure).count("×") == 3
    assert len(squares(figure)) == 9
    assert texts(figure)[-1] == "test"
    assert "pass 1 keeps 2, pass 2 keeps 1" in alt and "from pass to pass, 1 change in all" in alt


def test_sliders_draw_the_axis_and_say_what_is_impossible(panels):
    figures.slide_axis()
    n, kernel, stride, padding, dilation, page = panels[0].children
    assert page.value == figure_html(*figures.axis.draw(11, 3, 2, 1, 1))
    n.value, kernel.value = 4, 7
    assert page.value == (
        "<p>Impossible: the kernel spans 7 pixels and the padded axis has only 6.</p>"
    )
    kernel.value = 2
    assert page.value == figure_html(*figures.axis.draw(4, 2, 2, 1, 1))


def test_sliders_are_silent_while_grading_and_leave_a_figure_elsewhere(displayed, monkeypatch):
    figures.slide_axis()
    assert "In a running notebook, sliders change" in displayed[0]["text/html"]
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    figures.slide_axis()
    assert len(displayed) == 1


def test_every_figure_can_be_shown_as_html():
    for figure, alt in (
        figures.axis.draw(9, 3, 2),
        figures.to_scale.draw([(3, 8, 8), (10,)]),
        figures.shares.draw(["a"], weights=[1]),
        figures.dropout.draw(np.ones((2, 3))),
    ):
        assert figure_html(figure, alt).startswith("<figure")
