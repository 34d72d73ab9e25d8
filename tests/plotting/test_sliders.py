"""Figures with sliders, and what stands for them where there are none."""

import sys

import ipywidgets
import pytest

from course_utils.plotting import figure_html
from course_utils.plotting.display import new_figure
from course_utils.plotting.sliders import slider_panel, with_sliders

SLIDERS = {"row": (1, 0, 4, 1), "slope": (0.5, -1, 2, 0.25)}


def draw(row, slope):
    return new_figure(1, 1), f"row {row}, slope {slope}"


def test_every_slider_has_its_name_and_its_limits():
    row, slope, _ = slider_panel(ipywidgets, draw, SLIDERS).children
    assert isinstance(row, ipywidgets.IntSlider) and isinstance(slope, ipywidgets.FloatSlider)
    for slider, (name, numbers) in zip((row, slope), SLIDERS.items(), strict=True):
        assert slider.description == name
        assert (slider.value, slider.min, slider.max, slider.step) == numbers


def test_moving_a_slider_redraws_the_figure():
    row, slope, page = slider_panel(ipywidgets, draw, SLIDERS).children
    assert page.value == figure_html(*draw(1, 0.5))
    row.value, slope.value = 3, 1.25
    assert page.value == figure_html(*draw(3, 1.25))


def test_a_page_that_is_not_live_gets_a_still_figure(displayed):
    with_sliders(draw, SLIDERS, "sliders do something")
    (bundle,) = displayed
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"] == "row 1, slope 0.5"
    expected = figure_html(*draw(1, 0.5), "In a running notebook, sliders do something.")
    assert bundle["text/html"] == expected


def test_without_ipywidgets_a_still_figure_takes_its_place(displayed, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    with_sliders(draw, SLIDERS, "sliders do something")
    (bundle,) = displayed
    assert set(bundle) == {"text/html", "text/plain"}
    assert "With ipywidgets, sliders do something." in bundle["text/html"]


def test_nothing_is_drawn_while_grading(displayed, monkeypatch):
    def never(*_):
        raise AssertionError("was called while grading")

    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    with_sliders(never, SLIDERS, "sliders do something")
    assert displayed == []


def test_an_impossible_figure_shows_nothing(displayed):
    def impossible(*_):
        raise ValueError("does not fit")

    with pytest.raises(ValueError, match="does not fit"):
        with_sliders(impossible, SLIDERS, "sliders do something")
    assert displayed == []
