import sys

import pytest

from course_utils import data, plotting, widgets

IMAGE, EDGES = data.BRIGHT_BAR, data.HORIZONTAL_EDGES


@pytest.fixture
def displayed(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: shown.append(bundle))
    return shown


@pytest.fixture
def panel():
    return widgets.window_panel(pytest.importorskip("ipywidgets"), IMAGE, EDGES)


def test_the_sliders_cover_every_window(panel):
    row, column, _ = panel.children
    assert (row.min, row.max, column.min, column.max) == (0, 2, 0, 2)


def test_moving_a_slider_redraws_the_window(panel):
    row, column, page = panel.children
    at_start = page.value
    row.value, column.value = 1, 2
    expected = plotting.figure_html(*plotting.window.draw(IMAGE, EDGES, 1, 2))
    assert page.value == expected != at_start


def test_a_page_that_is_not_live_gets_a_still_figure(displayed):
    pytest.importorskip("ipywidgets")
    widgets.move_window(IMAGE, EDGES)
    (bundle,) = displayed
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert "<img alt=" in bundle["text/html"]
    assert bundle["text/plain"].startswith("The window at row 0, column 0")


def test_without_ipywidgets_a_still_figure_takes_its_place(displayed, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    widgets.move_window(IMAGE, EDGES)
    (bundle,) = displayed
    assert set(bundle) == {"text/html", "text/plain"}
    assert "With ipywidgets" in bundle["text/html"]


def test_nothing_is_shown_while_grading(displayed, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    widgets.move_window(IMAGE, EDGES)
    assert displayed == []


def test_a_filter_that_does_not_fit_is_refused(displayed):
    with pytest.raises(ValueError, match="must fit into x"):
        widgets.move_window(EDGES, IMAGE)
