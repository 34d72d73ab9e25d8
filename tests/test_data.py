import subprocess
import sys

import numpy as np
import pytest
from scipy.signal import correlate2d

from course_utils import data

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


@pytest.mark.parametrize("name", data.PHOTOGRAPHS)
def test_photographs_are_grey_and_fill_the_range(name):
    photo = data.photograph(name)
    assert photo.shape == (143, 214)
    assert photo.dtype == np.float64
    assert 0 <= photo.min() < 0.1
    assert 0.8 < photo.max() <= 1
    assert not photo.flags.writeable


def test_shrinking_takes_the_mean_of_blocks():
    full, small = data.photograph(shrink=1), data.photograph(shrink=10)
    assert full.shape == (427, 640)
    # Pillow rounds the mean of each block to one of 256 greys.
    np.testing.assert_allclose(small[3, 5], full[30:40, 50:60].mean(), atol=1 / 255)


def test_the_photograph_does_not_wait_for_scikit_learn():
    check = (
        "import sys; from course_utils import data; data.photograph(); "
        "print([m for m in ('sklearn', 'scipy', 'torch', 'matplotlib') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


@pytest.mark.parametrize("name", ["China", "cat", None])
def test_an_unknown_photograph_is_named_with_the_known_ones(name):
    with pytest.raises(ValueError, match=f"name is {name!r}; it takes one of china, flower"):
        data.photograph(name)


@pytest.mark.parametrize("shrink", [0, -1, 101, 2.5, True, "3"])
def test_an_impossible_shrink_is_named(shrink):
    with pytest.raises(ValueError, match="shrink is .*; it takes a whole number from 1 to 100"):
        data.photograph(shrink=shrink)


def test_the_drawing_has_its_squares_where_it_says():
    picture = data.shapes_picture()
    assert set(np.unique(picture)) == {0.0, 1.0}
    for top, left in ((6, 6), (26, 50)):
        framed = picture[top - 1 : top + 9, left - 1 : left + 9]
        np.testing.assert_array_equal(framed, np.pad(np.ones((8, 8)), 1))
