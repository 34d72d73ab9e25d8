"""The photographs: which there are, how they shrink, and that they are there at once."""

import subprocess
import sys

import numpy as np
import pytest

from course_utils.datasets.photographs import PHOTOGRAPHS, photograph


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_photographs_are_grey_and_fill_the_range(name):
    photo = photograph(name)
    assert photo.shape == (143, 214)
    assert photo.dtype == np.float64
    assert 0 <= photo.min() < 0.1
    assert 0.8 < photo.max() <= 1
    assert not photo.flags.writeable


def test_shrinking_takes_the_mean_of_blocks():
    full, small = photograph(shrink=1), photograph(shrink=10)
    assert full.shape == (427, 640)
    # Pillow rounds the mean of each block to one of 256 greys.
    np.testing.assert_allclose(small[3, 5], full[30:40, 50:60].mean(), atol=1 / 255)


def test_the_photograph_does_not_wait_for_scikit_learn():
    check = (
        "import sys; from course_utils.datasets.photographs import photograph; photograph(); "
        "print([m for m in ('sklearn', 'scipy', 'torch', 'matplotlib') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


@pytest.mark.parametrize("name", ["China", "cat", None])
def test_an_unknown_photograph_is_named_with_the_known_ones(name):
    with pytest.raises(ValueError, match=f"name is {name!r}; it takes one of china, flower"):
        photograph(name)


@pytest.mark.parametrize("shrink", [0, -1, 101, 2.5, True, "3"])
def test_an_impossible_shrink_is_named(shrink):
    with pytest.raises(ValueError, match="shrink is .*; it takes a whole number from 1 to 100"):
        photograph(shrink=shrink)
