"""The images and filters of the tutorial on convolution by hand give the results it tells."""

import numpy as np
import pytest
from scipy.signal import correlate2d

from course_utils.datasets import convolution_by_hand as data

ARRAYS = {name: value for name, value in vars(data).items() if isinstance(value, np.ndarray)}


@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_are_floats_that_no_cell_can_change(name):
    array = ARRAYS[name]
    assert array.dtype == np.float64
    with pytest.raises(ValueError, match="read-only"):
        array[0, 0] = 99


def valid(image, kernel):
    return correlate2d(image, kernel, mode="valid")


def test_the_bar_and_its_edges():
    expected = [[-2.6, -2.6, -2.8], [-0.2, 0.1, 0.1], [2.8, 2.6, 2.7]]
    np.testing.assert_array_equal(data.EDGE_MAP, expected)
    np.testing.assert_allclose(valid(data.BRIGHT_BAR, data.HORIZONTAL_EDGES), expected, atol=1e-12)


def test_the_pencil_example():
    got = valid(data.PENCIL_IMAGE, data.PENCIL_FILTER)
    np.testing.assert_allclose(got, [[1.60, 2.59], [1.51, 1.91]])


def test_padding_moves_the_corner():
    plain = valid(data.FRAMED_IMAGE, data.FRAMED_FILTER)
    padded = valid(np.pad(data.FRAMED_IMAGE, 1), data.FRAMED_FILTER)
    assert plain.shape == (3, 3)
    assert plain[-1, -1] == -22
    assert padded.shape == (5, 5)
    assert padded[-1, -1] == 7


def test_the_rows_of_digits():
    expected = [[-5, -4, 0, 8], [-10, -2, 2, 3], [0, -2, -4, -7], [-3, -2, -3, -16]]
    np.testing.assert_array_equal(valid(data.DIGIT_ROWS, data.VERTICAL_EDGES), expected)


def test_the_images_to_pool():
    maxima = data.MAX_POOL_IMAGE.reshape(2, 2, 2, 2).max((1, 3))
    averages = data.AVERAGE_POOL_IMAGE.reshape(2, 2, 2, 2).mean((1, 3))
    np.testing.assert_array_equal(maxima, [[9, 2], [6, 3]])
    np.testing.assert_array_equal(averages, [[3.75, 1.25], [4, 2]])


def test_filters_sum_to_one_or_to_zero():
    sums = {name: round(float(w.sum()), 9) for name, w in data.FILTERS.items()}
    assert sums == {
        "blur": 1,
        "sharpen": 1,
        "horizontal edges": 0,
        "vertical edges": 0,
        "diagonal edges": 0,
        "any edges": 0,
    }


def test_the_drawing_has_its_squares_where_it_says():
    picture = data.shapes_picture()
    assert set(np.unique(picture)) == {0.0, 1.0}
    for top, left in ((6, 6), (26, 50)):
        framed = picture[top - 1 : top + 9, left - 1 : left + 9]
        np.testing.assert_array_equal(framed, np.pad(np.ones((8, 8)), 1))
