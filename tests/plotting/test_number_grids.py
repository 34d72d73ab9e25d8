"""Numbers in squares: written as a reader would, and legible."""

import numpy as np
import pytest

from course_utils.plotting import number_grids


def test_numbers_stand_out_from_their_squares():
    _, (axes,) = number_grids.lay_out([(4, 5)], "")
    number_grids.draw_grid(axes, np.arange(-8, 12).reshape(4, 5))
    (image,) = axes.images
    for text in axes.texts:
        column, row = text.get_position()
        red, green, blue, _ = image.to_rgba(image.get_array()[row, column])
        paper = 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2
        ink = 1.0 if text.get_color() == "white" else 0.0
        contrast = (max(paper, ink) + 0.05) / (min(paper, ink) + 0.05)
        assert contrast >= 3, text.get_text()  # large text, WCAG 2.2


@pytest.mark.parametrize("values", [[[0, 5]], [[-3, 0]], [[0, 0]], [[-1, 0, 9]], [[0.0, np.nan]]])
def test_zero_has_the_same_colour_whatever_stands_beside_it(values):
    values = np.array(values, dtype=float)
    _, (axes,) = number_grids.lay_out([values.shape], "")
    number_grids.draw_grid(axes, values)
    (image,) = axes.images
    zero = image.to_rgba(0.0)
    np.testing.assert_allclose(zero, number_grids.signed_colours()(0.5), atol=0.02)
    for value in values[np.isfinite(values) & (values != 0)]:
        red, _, blue, _ = image.to_rgba(value)
        assert (red > blue) == (value > 0)


@pytest.mark.parametrize(
    ("value", "text"),
    [(-2.6, "−2.6"), (1.0, "1"), (0.0, "0"), (-0.001, "0"), (3.75, "3.75"), (1 / 3, "0.33")],
)
def test_numbers_are_written_as_a_reader_would(value, text):
    assert number_grids.number(value) == text


def test_many_grids_wrap_onto_several_lines():
    _, all_axes = number_grids.lay_out([(5, 5)] * 4, "   ")
    bottoms = [round(axes.get_position().y0, 6) for axes in all_axes]
    assert bottoms[0] == bottoms[1] > bottoms[2] == bottoms[3]
