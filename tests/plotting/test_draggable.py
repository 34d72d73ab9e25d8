"""A figure to drag is one piece of HTML: a still picture, the network, and a script."""

import json
import re

from course_utils.datasets.receptive_fields import conv, pool
from course_utils.plotting import receptive_fields as figures
from course_utils.staff.reference import receptive_fields as reference

LAYERS = [conv(3, padding=1), pool(2), {"type": "relu"}, conv(2, dilation=2)]


def network(displayed):
    (bundle,) = displayed
    return json.loads(re.search(r"= (\{\"rows\": .*\});", bundle["text/html"])[1])


def test_every_dot_knows_what_it_looks_at(displayed):
    figures.drag(LAYERS, 16)
    drawn = network(displayed)
    assert [len(row) for row in drawn["rows"]] == [16, 16, 8, 8, 6]
    assert drawn["names"] == ["pixels", "conv k 3, p 1", "pool k 2, s 2", "relu", "conv k 2, d 2"]
    for unit in range(6):
        seen = {unit}
        for below in reversed(drawn["below"][1:]):
            seen = {place for one in seen for place in below[one]}
        assert sorted(seen) == reference.seen_pixels(LAYERS, unit, 16)


def test_the_still_picture_is_the_pyramid_and_the_page_is_light(displayed):
    figures.drag(LAYERS, 16, unit=1, caption="Drag.")
    (bundle,) = displayed
    _, alt = figures.pyramid.draw(LAYERS, 16, 1)
    assert bundle["text/plain"] == alt and f'<img alt="{alt}"' in bundle["text/html"]
    assert "Drag.</figcaption>" in bundle["text/html"]
    assert not re.search(r"https?:|<link|url\(", bundle["text/html"])
    assert len(bundle["text/html"]) < 40_000


def test_nothing_is_drawn_while_grading(displayed, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    figures.drag(LAYERS, 16)
    assert displayed == []
