"""An animation is one piece of HTML: a description, a player and every frame."""

import re

import pytest

from course_utils.plotting import animate, display
from course_utils.plotting.animation import animation_html


@pytest.fixture
def figure():
    return display.new_figure(2, 1)


@pytest.fixture
def update(figure):
    """Draw the frame's number, and nothing else."""

    def draw(number):
        figure.clear()
        figure.text(0.5, 0.5, str(number))

    return draw


def test_the_page_shows_the_first_frame_and_holds_the_others_in_order(figure, update):
    page = animation_html(figure, update, 4, "It counts.", "To three.")
    urls = re.findall(r'data:image/png;base64,[^"]+', page)
    expected = []
    for number in range(4):
        update(number)
        expected.append(display.png_url(figure))
    assert urls == expected and len(set(urls)) == 4
    assert f'<img alt="It counts." src="{urls[0]}"' in page
    assert page.startswith("<figure") and page.endswith("To three.</figcaption></figure>")


def test_the_page_loads_nothing_and_is_the_same_every_time(figure, update):
    page = animation_html(figure, update, 3, "It counts.")
    assert page == animation_html(figure, update, 3, "It counts.")
    assert not re.search(r"https?:|<link|url\(", page)
    assert all(url.startswith("data:image/png;") for url in re.findall(r'src="([^"]*)', page))


def test_an_animation_without_a_description_is_refused(figure, update):
    with pytest.raises(ValueError, match="every figure needs a text that describes it"):
        animation_html(figure, update, 2, " ")


def test_a_frontend_without_html_gets_the_description(figure, update, displayed):
    animate(figure, update, 2, "It counts.", caption="To one.", interval=100)
    (bundle,) = displayed
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/plain"] == "It counts."
    assert "To one." in bundle["text/html"] and "100" in bundle["text/html"]


def test_no_frame_is_drawn_while_grading(figure, displayed, monkeypatch):
    def never(_):
        raise AssertionError("was called while grading")

    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    animate(figure, never, 9, "It counts.")
    assert displayed == []
