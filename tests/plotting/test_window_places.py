"""The figure of where windows land counts them, and tells them apart without colour."""

import pytest
from drawn import numbers, outlines
from matplotlib.colors import to_hex

from course_utils.plotting import display, landing, window_places


def test_landing_counts_the_windows():
    figure, alt = landing.draw((5, 7), 3, 2)
    image, result = figure.axes
    assert outlines(image) == [(r, c, 3, 3) for r in (0, 2) for c in (0, 2, 4)]
    assert numbers(result) == ["1", "2", "3", "4", "5", "6"]
    assert "the map is 2 by 3. Squares in no window: 0." in alt


def test_landing_draws_the_frame_and_what_no_window_reaches():
    figure, alt = landing.draw((4, 4), 3, 2, 1)
    squares = [p for p in figure.axes[0].patches if p.get_fill()]
    frame = [p for p in squares if to_hex(p.get_facecolor()) == window_places.PADDING_COLOUR]
    hatched = [p for p in squares if p.get_hatch()]
    assert (len(squares), len(frame), len(hatched)) == (36, 20, 11)
    assert "Squares in no window: 11." in alt


def test_landing_tells_windows_apart_without_colour():
    figure, _ = landing.draw((5, 7), 3, 2)
    kinds = {
        (to_hex(p.get_edgecolor()), p.get_linestyle())
        for p in figure.axes[0].patches
        if not p.get_fill() and to_hex(p.get_edgecolor()) != "#ffffff"
    }
    assert len({line for _, line in kinds}) == 4
    assert {colour for colour, _ in kinds} <= {c.lower() for c in display.OKABE_ITO}


def test_landing_refuses_a_kernel_that_does_not_fit():
    with pytest.raises(ValueError, match=r"kernel is \(5, 5\); it must fit .* \(4, 7\)"):
        landing.draw((4, 7), 5)
