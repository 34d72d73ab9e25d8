"""A figure to drag, in Chromium: by pointer, by keyboard, on a phone, and without scripts."""

import pytest
from playwright.sync_api import expect

from course_utils.datasets.receptive_fields import conv, pool
from course_utils.plotting import draggable
from course_utils.plotting import receptive_fields as figures

LAYERS = [conv(3), pool(2), conv(2, dilation=2)]  # maps of 22, 11 and 9 places


@pytest.fixture(scope="module")
def html():
    pages = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(draggable, "display_html", lambda page, alt: pages.append(page))
        figures.drag(LAYERS, 24, caption="Drag across it.")
    return pages[0]


@pytest.fixture
def figure(page, html):
    """The figure on a page of its own, as wide as a phone."""
    page.set_viewport_size({"width": 390, "height": 800})
    page.set_content(html)
    return page


def lit(figure):
    """Places of the orange pixels."""
    fills = figure.locator("rect").evaluate_all("all => all.map(r => r.getAttribute('fill'))")
    return [place for place, fill in enumerate(fills) if fill != "white"]


def test_it_shows_what_the_middle_unit_sees(figure):
    expect(figure.get_by_role("status")).to_have_text(
        "conv k 2, d 2, unit 4: 8 pixels, from 8 to 15."
    )
    assert lit(figure) == list(range(8, 16))
    expect(figure.get_by_role("img", name="24 pixels in a row")).to_be_hidden()


def test_dragging_moves_along_a_row_and_to_another(figure):
    box = figure.locator("svg").bounding_box()
    top, second = box["y"] + box["height"] / 8, box["y"] + 3 * box["height"] / 8
    figure.mouse.move(box["x"] + box["width"] / 2, top)
    figure.mouse.down()
    figure.mouse.move(box["x"] + 1, top)
    assert lit(figure) == list(range(8))
    figure.mouse.move(box["x"] + box["width"] - 1, second)
    assert lit(figure) == list(range(20, 24))
    figure.mouse.up()
    figure.mouse.move(box["x"] + 1, top)
    assert lit(figure) == list(range(20, 24))


def test_the_slider_does_the_same_for_a_keyboard(figure):
    slider = figure.get_by_role("slider")
    slider.focus()
    slider.press("Home")
    assert lit(figure) == list(range(8))
    slider.press("End")
    assert lit(figure) == list(range(16, 24))


def test_it_fits_a_phone(figure):
    assert figure.evaluate("document.documentElement.scrollWidth") == 390


def test_without_scripts_the_still_picture_stands_alone(browser, html):
    page = browser.new_page(java_script_enabled=False)
    page.set_content(html)
    expect(page.get_by_role("img", name="24 pixels in a row")).to_be_visible()
    expect(page.get_by_role("slider")).to_have_count(0)
    page.close()
