"""The figures of the receptive field tutorial show what they say."""

import inspect

import numpy as np
import pytest

from course_utils.datasets.receptive_fields import alexnet, conv, pool
from course_utils.plotting import receptive_fields as figures
from course_utils.staff.reference import receptive_fields as reference

PHOTO = np.linspace(0, 1, 40 * 50).reshape(40, 50)
STACK = [conv(3), {"type": "relu"}, pool(2), conv(3, dilation=2)]
DRAWINGS = {
    "pyramid": (STACK, 24),
    "keyholes": (PHOTO, 20, 25, [4, 9]),
    "regions": (PHOTO, lambda top, left: ((top, top + 5), (left, left + 7)), {"a": (2, 3)}),
    "growth": (reference.receptive_field, {"AlexNet": alexnet()}),
    "seen": ({"one": np.eye(5), "two": np.ones((3, 3))},),
    "footprint": ({"a": STACK, "b": lambda: [conv(2, dilation=60)]},),
    "bells": ({"flat": np.ones(5)},),
    "spotlight": (PHOTO, 20, 25, np.ones((7, 7))),
}


def test_every_figure_of_the_module_is_tested_here():
    defined = {name for name, thing in vars(figures).items() if hasattr(thing, "draw")}
    assert defined == set(DRAWINGS)


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_figure_has_a_text_and_is_not_drawn_while_grading(name, monkeypatch, capsys):
    figure = getattr(figures, name)
    drawn, alt = figure.draw(*DRAWINGS[name])
    assert drawn.get_figwidth() <= figures.WIDTH + 0.01
    assert len(alt.split()) > 5 and alt.endswith(".")
    assert "caption" not in inspect.signature(figure.draw).parameters
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert figure(*DRAWINGS[name], caption="none") is None
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", ["regions", "growth", "footprint"])
def test_a_students_function_is_not_called_while_grading(name, monkeypatch):
    def broken(*_):
        raise AssertionError("called")

    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    arguments = {
        "regions": (PHOTO, broken, {"a": (1,)}),
        "growth": (broken, {"a": []}),
        "footprint": ({"a": broken},),
    }
    getattr(figures, name)(*arguments[name])


@pytest.mark.parametrize(
    ("layers", "places", "unit"),
    [
        ([conv(3)] * 3, 13, 3),
        ([conv(5, stride=2), conv(2)], 9, 1),
        ([conv(3, dilation=d) for d in (1, 2, 4)], 20, 0),
        ([conv(3, stride=2, padding=1), pool(2), {"type": "relu"}], 17, 0),
    ],
)
def test_a_pyramid_lights_exactly_the_pixels_that_reach_the_unit(layers, places, unit):
    figure, alt = figures.pyramid.draw(layers, places, unit)
    seen = reference.seen_pixels(layers, unit, places)
    assert f"depends on {len(seen)} pixels" in alt and str(seen) in alt
    pixels = figure.axes[0].collections[0]
    orange = [tuple(colour[:3]) != (1, 1, 1) for colour in pixels.get_facecolors()]
    assert np.flatnonzero(orange).tolist() == seen


def test_units_of_a_pyramid_stand_above_the_middle_of_what_they_see():
    layers = [conv(3), conv(3, stride=2), conv(2)]
    figure, _ = figures.pyramid.draw(layers, 15, 2)
    seen = reference.seen_pixels(layers, 2, 15)
    top = figure.axes[0].collections[-1].get_offsets()[2]
    assert top[0] == pytest.approx((seen[0] + seen[-1]) / 2)


def test_a_footprint_shows_the_pixels_with_a_gradient():
    for layers in ([conv(3, dilation=2)] * 3, [conv(2, stride=3), conv(3)], [conv(3), pool(3)]):
        size = reference.receptive_field(layers)[-1][0]
        count = np.count_nonzero(reference.gradient_map(layers, 4 * size))
        _, alt = figures.footprint.draw({"net": layers})
        assert f"a field of {size} by {size}; the unit is reached by {count} pixels" in alt


def test_seen_cuts_out_the_field_and_leaves_gaps_empty():
    gradient = np.zeros((9, 9))
    gradient[2:7:2, 3:8:2] = 1
    figure, alt = figures.seen.draw({"grid": gradient})
    shown = figure.axes[0].images[0].get_array()
    assert shown.shape == (5, 5) and np.ma.count(np.ma.masked_invalid(shown)) == 9
    assert "9 pixels, 36%" in alt


def test_bells_tell_the_standard_deviation():
    _, alt = figures.bells.draw({"three": [1, 1, 1]})
    assert "deviation 0.82" in alt


def test_the_spotlight_is_dark_outside_the_field():
    figure, _ = figures.spotlight.draw(np.ones((20, 30)), 10, 12, np.ones((5, 5)))
    lit = figure.axes[1].images[0].get_array()
    assert lit.sum() == 25 and lit[8:13, 10:15].all()


@pytest.mark.parametrize(
    ("draw", "arguments"),
    [
        (figures.pyramid, ([conv(3)], 65)),
        (figures.pyramid, ([conv(9)], 5)),
        (figures.pyramid, ([conv(3)], 9, 7)),
        (figures.keyholes, (PHOTO, 20, 25, [60])),
        (figures.keyholes, (PHOTO, 20, 25, [])),
        (figures.regions, (PHOTO, None, {})),
        (figures.growth, (None, {})),
        (figures.seen, ({"nothing": np.zeros((3, 3))},)),
        (figures.seen, ({},)),
        (figures.bells, ({},)),
        (figures.spotlight, (PHOTO, 0, 0, np.ones((5, 5)))),
    ],
)
def test_what_cannot_be_drawn_is_refused(draw, arguments):
    with pytest.raises(ValueError):
        draw.draw(*arguments)
