"""What a cell shows: as its frontend gets it, and the widgets behind it."""

import pytest

from course_utils.plotting import sliders


@pytest.fixture
def displayed(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: shown.append(bundle))
    return shown


@pytest.fixture
def panels(displayed, monkeypatch):
    """The panels of sliders that were built, the last one last."""
    built, build = [], sliders.slider_panel

    def remember(*args):
        built.append(build(*args))
        return built[-1]

    monkeypatch.setattr(sliders, "slider_panel", remember)
    return built
