"""An animation's player in Chromium: it waits, plays to the end, steps, and fits a phone."""

import pytest
from playwright.sync_api import expect

from course_utils.plotting.animation import animation_html
from course_utils.plotting.display import WIDTH, new_figure

FRAMES, INTERVAL = 4, 300  # milliseconds


@pytest.fixture(scope="module")
def html():
    figure = new_figure(WIDTH, 2)

    def update(number):
        figure.clear()
        figure.text(0.5, 0.5, str(number))

    return animation_html(figure, update, FRAMES, "It counts.", "To three.", INTERVAL)


@pytest.fixture
def player(page, html):
    """The player on a page of its own, as wide as a phone."""
    page.set_viewport_size({"width": 390, "height": 800})
    page.set_content(html)
    return page


def at(player, number):
    """Expect the player to show this frame; return the picture."""
    expect(player.get_by_role("slider")).to_have_value(str(number))
    return player.get_by_alt_text("It counts.").get_attribute("src")


def test_it_waits_for_the_reader_and_plays_to_the_end(player):
    play = player.get_by_role("button", name="Play")
    player.wait_for_timeout(2 * INTERVAL)
    first = at(player, 0)
    play.click()
    expect(player.get_by_role("button", name="Pause")).to_be_visible()
    last = at(player, FRAMES - 1)
    assert last != first
    expect(play).to_be_visible()
    player.wait_for_timeout(2 * INTERVAL)
    assert at(player, FRAMES - 1) == last
    play.click()  # again, from the first frame
    expect(player.get_by_role("button", name="Pause")).to_be_visible()
    assert at(player, FRAMES - 1) == last


def test_it_steps_to_every_frame_and_no_further(player):
    forward, back = (player.get_by_role("button", name=n) for n in ("next frame", "frame before"))
    back.click()
    pictures = [at(player, 0)]
    for number in range(1, FRAMES):
        forward.click()
        pictures.append(at(player, number))
    assert len(set(pictures)) == FRAMES
    forward.click()
    assert at(player, FRAMES - 1) == pictures[-1]
    back.click()
    assert at(player, FRAMES - 2) == pictures[-2]
    player.get_by_role("slider").fill("1")
    assert at(player, 1) == pictures[1]


def test_a_step_pauses(player):
    player.get_by_role("button", name="Play").click()
    player.get_by_role("button", name="frame before").click()
    expect(player.get_by_role("button", name="Play")).to_be_visible()
    player.wait_for_timeout(FRAMES * INTERVAL)
    assert int(player.get_by_role("slider").input_value()) < FRAMES - 1


def test_it_fits_a_phone(player):
    assert player.evaluate("document.documentElement.scrollWidth") == 390
    lines = {button.bounding_box()["y"] for button in player.get_by_role("button").all()}
    assert len(lines) == 1


def test_without_scripts_the_first_frame_stands_alone(browser, html):
    page = browser.new_page(java_script_enabled=False)
    page.set_content(html)
    expect(page.get_by_alt_text("It counts.")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
    page.close()
