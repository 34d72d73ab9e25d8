"""The figures on reading images as sequences show what they are given."""

import numpy as np
import pytest

from course_utils.plotting import figure_html
from course_utils.plotting import image_tokenization as figures
from course_utils.staff.reference.image_tokenization import patch_tokens, row_tokens, window_tokens

PLACES = np.arange(64).reshape(8, 8)


def texts(axes):
    return [text.get_text() for text in axes.texts]


def test_reading_orders_number_every_pixel_by_its_token():
    ways = {"rows": row_tokens(PLACES), "patches": patch_tokens(PLACES, 4)}
    figure, alt = figures.reading_orders.draw(ways, 8)
    rows, patches = figure.axes
    assert texts(rows) == [str(place // 8 + 1) for place in range(64)]
    assert [texts(patches).count(str(n)) for n in (1, 2, 3, 4)] == [16] * 4
    assert "rows: 8 tokens of 8" in alt and "patches: 4 tokens of 16" in alt


def test_reading_orders_leave_padding_out():
    figure, _ = figures.reading_orders.draw({"windows": window_tokens(PLACES + 1) - 1}, 8)
    assert len(figure.axes[0].texts) == 64


def test_token_numbers_are_written_into_their_pixels():
    figure, alt = figures.token_numbers.draw({"halves": np.array([[1, 1, 2], [1, 2, 2]])})
    assert texts(figure.axes[0]) == list("112122")
    assert "halves: top row 1 1 2, left column 1 1" in alt


def test_pictures_show_each_image_with_its_title():
    images = {"seven": np.eye(3), "patch": np.ones((2, 5))}
    figure, alt = figures.pictures.draw(images)
    for axes, (title, image) in zip(figure.axes, images.items(), strict=True):
        assert axes.get_title() == title
        np.testing.assert_array_equal(axes.images[0].get_array(), image)
    assert "seven, 3 by 3; patch, 2 by 5" in alt


def test_sequences_run_from_left_to_right():
    tokens = patch_tokens(PLACES, 4)
    figure, alt = figures.sequences.draw({"patches": tokens, "rows": PLACES})
    np.testing.assert_array_equal(figure.axes[0].images[0].get_array(), tokens.T)
    assert "patches 4 tokens of 16 pixels" in alt


def test_accuracies_mark_every_training_and_the_mean():
    figure, alt = figures.accuracies.draw({"CNN": [0.9, 1.0], "rows": [0.8, 0.6]})
    (axes,) = figure.axes
    drawn = [[float(x) for x in line.get_xdata()] for line in axes.lines]
    assert [0.9, 1.0] in drawn and [0.8, 0.6] in drawn
    assert pytest.approx([0.95, 0.95]) in drawn
    assert "CNN 0.95, rows 0.70" in alt


def test_before_and_after_names_both_conditions():
    before, after = {"CNN": [0.9]}, {"CNN": [0.7]}
    figure, alt = figures.before_and_after.draw(before, after, ("digits", "snow"))
    labels = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert labels == ["digits", "snow"]
    assert alt == "Accuracy, digits and snow: CNN 0.90 and 0.70."
    with pytest.raises(ValueError, match="takes those of before"):
        figures.before_and_after.draw(before, {"rows": [0.7]}, ("digits", "snow"))


def test_staircase_counts_words():
    figure, alt = figures.staircase.draw({"LSTM": [1, 1, 0.5], "CNN": [1, 0.5, 0.5]}, "title")
    assert list(figure.axes[0].lines[0].get_xdata()) == [3, 5, 7]
    assert "sentences of 3 to 7 words" in alt and "CNN: 1.00, 0.50, 0.50" in alt


@pytest.mark.parametrize(
    "drawn",
    [
        figures.pictures.draw({str(n): np.eye(8) for n in range(10)}, most=5),
        figures.reading_orders.draw({str(n): row_tokens(PLACES) for n in range(4)}, 8),
        figures.sequences.draw({"rows": PLACES}),
        figures.accuracies.draw({str(n): [0.5, 0.6] for n in range(8)}),
        figures.before_and_after.draw({"CNN": [0.9]}, {"CNN": [0.7]}, ("a", "b")),
        figures.staircase.draw({"LSTM": [1, 1]}, "title"),
    ],
    ids=["pictures", "reading_orders", "sequences", "accuracies", "before_and_after", "staircase"],
)
def test_figures_fit_the_page_and_have_alt_text(drawn):
    figure, alt = drawn
    assert figure.get_figwidth() <= 6.6
    assert f'alt="{alt[:20]}' in figure_html(figure, alt)


def test_figures_are_silent_while_grading(monkeypatch, capsys):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    figures.accuracies({"CNN": "no numbers at all"})
    assert capsys.readouterr().out == ""


def test_impossible_arguments_are_named():
    with pytest.raises(ValueError, match="images is empty"):
        figures.pictures.draw({})
    with pytest.raises(ValueError, match="rows has shape"):
        figures.sequences.draw({"rows": np.ones(3)})
