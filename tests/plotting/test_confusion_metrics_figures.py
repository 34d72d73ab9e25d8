"""What the figures of the confusion metrics draw and say."""

import numpy as np
import pytest

from course_utils.datasets import confusion_metrics as data
from course_utils.plotting import confusion_metrics as figures
from course_utils.staff.reference import confusion_metrics as reference

IS_SPAM = np.array([label == "spam" for label in data.TARGET])
PROBABILITIES = np.array(data.PROBABILITIES)


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def test_outcomes_put_every_message_into_its_box():
    figure, alt = figures.outcomes.draw(data.TARGET, data.PREDICTED, "spam", "ham")
    assert "false negatives: [1, 2, 12]" in alt and "false positives: [17, 20]" in alt
    shown = " ".join(text for text in texts(figure) if text[0].isdigit()).split()
    assert sorted(map(int, shown)) == list(range(1, 21))


def test_ratios_name_the_counts_of_the_reference():
    counts = {"tp": 6, "fn": 3, "fp": 2, "tn": 9}
    for name, (above, below) in figures.RATIOS.items():
        value = sum(counts[part] for part in above) / sum(counts[part] for part in above + below)
        expected = 0.75 if name == "accuracy" else getattr(reference, name)(**counts)
        assert value == pytest.approx(expected)
    assert "precision: tp divided by tp + fp" in figures.ratios.draw()[1]


def test_table_shows_hits_and_confusions_but_no_zeros_beside_the_diagonal():
    figure, alt = figures.table.draw([[6, 3], [0, 9]], ["spam", "ham"], "mail")
    assert texts(figure) == ["6", "3", "9"]
    assert alt == "Confusion matrix (mail), by target: spam: 6 3; ham: 0 9."


@pytest.mark.parametrize("at", [0.0, 0.3, 0.5, 0.99, 1.0])
def test_threshold_counts_as_the_reference_does_and_marks_its_place_on_both_curves(at):
    figure, alt = figures.threshold.draw(IS_SPAM, PROBABILITIES, at)
    flags = reference.predict_at(PROBABILITIES, at)
    counts = reference.confusion_counts(IS_SPAM, flags, True)
    for name, count in counts.items():
        assert f"{count} {name}" in alt
        assert f"{name}\n{count}" in texts(figure)
    _, _, roc, precision_recall = figure.axes
    place = 1 - reference.specificity(**counts), reference.recall(**counts)
    [diamond] = [line for line in roc.lines if line.get_marker() == "D"]
    assert (diamond.get_xdata()[0], diamond.get_ydata()[0]) == pytest.approx(place)
    diamonds = [line for line in precision_recall.lines if line.get_marker() == "D"]
    assert bool(diamonds) == flags.any()  # without a flag there is no precision
    expected = np.vstack([[0, 0], reference.roc_points(IS_SPAM, PROBABILITIES)])
    np.testing.assert_allclose(roc.lines[0].get_xydata(), expected)
    expected = reference.precision_recall_points(IS_SPAM, PROBABILITIES)
    np.testing.assert_allclose(precision_recall.lines[0].get_xydata(), expected)


def test_curves_tell_the_areas_and_refuse_names_that_do_not_match():
    roc = {"inbox": reference.roc_points(IS_SPAM, PROBABILITIES)}
    points = {"inbox": reference.precision_recall_points(IS_SPAM, PROBABILITIES)}
    assert "inbox: area under the ROC curve 0.874" in figures.curves.draw(roc, points)[1]
    with pytest.raises(ValueError, match="roc names"):
        figures.curves.draw(roc, {"other": points["inbox"]})


def test_digits_draws_each_image_and_wants_a_title_for_each():
    images = data.digit_scores()[2][:10]
    figure, alt = figures.digits.draw(images, [f"picture {i}" for i in range(10)])
    drawn = [axes.images[0].get_array() for axes in figure.axes if axes.images]
    np.testing.assert_allclose(drawn, images)
    assert "picture 9" in alt
    with pytest.raises(ValueError, match="1 images and 2 titles"):
        figures.digits.draw(images[:1], ["a", "b"])


def test_the_slider_redraws_the_figure(panels):
    figures.move_threshold(IS_SPAM, PROBABILITIES)
    slider, page = panels[0].children
    assert "Threshold 0.50" in page.value
    slider.value = 0.3
    assert "Threshold 0.30: 8 tp" in page.value


def test_nothing_is_shown_while_grading(monkeypatch, capsys):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    figures.ratios()
    figures.move_threshold(IS_SPAM, PROBABILITIES)
    assert capsys.readouterr().out == ""


def test_calibration_draws_the_shares_with_their_intervals_and_numbers():
    figure, alt = figures.calibration.draw(
        np.array([0.5, 0.9]), np.array([0.4, 0.8]), np.array([0.3, 0.6]), np.array([0.6, 0.85]),
        [10, 7],
    )  # fmt: skip
    (axes,) = figure.axes
    points = next(line for line in axes.lines if list(line.get_xdata()) == [0.5, 0.9])
    assert list(points.get_ydata()) == [0.4, 0.8]
    bars = axes.collections[0].get_segments()
    np.testing.assert_allclose([bar[:, 1] for bar in bars], [[0.3, 0.6], [0.6, 0.85]])
    assert [text.get_text() for text in axes.texts] == ["10", "7"]
    assert "10 answers of mean probability 0.50: 0.40 right (0.30 to 0.60)" in alt
