"""The figures of the tutorial on recurrent networks: what is drawn, and what the alt text says."""

import re

import numpy as np
import pytest

from course_utils.plotting import rnn_taxonomy as figures


def texts(figure):
    """Everything written in a figure's axes, titles and legends aside."""
    return [text.get_text() for axes in figure.axes for text in axes.texts if text.get_text()]


def curves(axes):
    """The y values of the drawn curves by label; helper lines have none."""
    return {
        line.get_label(): line.get_ydata()
        for line in axes.lines
        if not line.get_label().startswith("_")
    }


def test_the_unrolled_drawing_repeats_the_same_three_labels_at_every_step():
    figure, alt = figures.unrolled.draw(4)
    labels = texts(figure)
    assert [labels.count(f"$W_{{{w}}}$") for w in ("hh", "hx", "yh")] == [4, 4, 4]
    assert labels.count("$h_0$") == 1 and labels.count("$x_4$") == 1
    assert "4 steps" in alt


def test_the_compact_drawing_has_one_node_each_and_a_loop():
    figure, alt = figures.compact.draw()
    assert [texts(figure).count(f"${node}$") for node in "xhy"] == [1, 1, 1]
    assert "W_hh leads from h back to h" in alt


def test_kinds_draws_an_input_and_an_output_wherever_the_kind_has_one():
    figure, alt = figures.kinds.draw()
    circles = len(figure.axes[0].patches) - len(
        [p for p in figure.axes[0].patches if type(p).__name__ != "Circle"]
    )
    expected = sum(len(i) + len(o) + n for i, o, n in figures.KINDS.values())
    assert circles == expected
    width = figure.get_figwidth()
    assert all(0 < patch.center[0] < width for patch in figure.axes[0].patches
               if type(patch).__name__ == "Circle")  # fmt: skip
    assert "many-to-one: 3 in, 1 out" in alt


def test_log_panels_show_their_numbers_and_leave_gaps_at_zero():
    values = np.array([1.0, 0.5, 0.0])
    figure, alt = figures.on_a_log_scale.draw({"left": {"a": values}}, "steps", "size")
    drawn = curves(figure.axes[0])["a"]
    np.testing.assert_array_equal(drawn[:2], values[:2])
    assert np.isnan(drawn[2])
    assert figure.axes[0].get_yscale() == "log"
    assert "left, a: 1 at first, 0 after 3" in alt


def test_log_panels_cut_off_what_is_beyond_their_limits():
    panels = {"p": {"a": np.array([1e-30, 1.0]), "b": np.array([1.0, 1e30])}}
    figure, _ = figures.on_a_log_scale.draw(panels, "x", "y", lowest=1e-6, highest=1e6)
    assert figure.axes[0].get_ylim() == (1e-6, 1e6)


def test_a_text_has_a_tick_for_every_character():
    figure, alt = figures.along_a_text.draw("ab\nc", {"two": np.ones(4) * 0.5}, "distance")
    assert [tick.get_text() for tick in figure.axes[0].get_xticklabels()] == list("ab¶c")
    assert "two: 0.5 at first" in alt


def test_recall_names_the_sum_of_the_shares():
    figure, alt = figures.recall.draw({"radius 1": np.array([1.0, 0.75, 0.5])}, 20)
    assert curves(figure.axes[0])["radius 1: 2.2 in all"].tolist() == [1.0, 0.75, 0.5]
    assert "radius 1: 2.2 past inputs" in alt


def test_gates_draws_each_memory_from_step_zero_on():
    figure, alt = figures.gates.draw({"stone": np.array([0.8, 0.8, 0.8])})
    assert curves(figure.axes[0])["stone"].tolist() == [0.8, 0.8, 0.8]
    assert "over 2 steps" in alt


@pytest.mark.parametrize(
    ("draw", "arguments", "message"),
    [
        (figures.unrolled, (0,), "steps is 0; it takes a whole number from 1 up"),
        (figures.unrolled, (7,), "steps is 7; it takes from 1 to 6"),
        (figures.on_a_log_scale, ({}, "x", "y"), "panels is empty"),
        (figures.on_a_log_scale, ({"p": {"a": [[1]]}}, "x", "y"), "a has shape (1, 1)"),
        (figures.along_a_text, ("abc", {"a": [1, 2]}, "y"), "a has 2 numbers; 3 characters need"),
        (figures.recall, ({}, 20), "curves is empty"),
        (figures.gates, ({},), "memories is empty"),
        (figures.recall, ({"a": ["x"]}, 20), "a holds <U1 values"),
    ],
)
def test_bad_input_is_named(draw, arguments, message):
    with pytest.raises(ValueError) as error:
        draw.draw(*arguments)
    assert message in str(error.value)


def test_figures_are_silent_while_grading(monkeypatch, capsys):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    figures.unrolled(4, caption="not drawn")
    figures.recall({}, 20)
    assert capsys.readouterr().out == ""


def test_a_long_text_is_cut_into_lines_under_one_another():
    text = "abcdefghij" * 8 + "k"
    figure, _ = figures.along_a_text.draw(text, {"two": np.arange(1.0, 82.0)}, "distance")
    ticks = [[t.get_text() for t in axes.get_xticklabels()] for axes in figure.axes]
    assert [len(line) for line in ticks] == [41, 40] and sum(ticks, []) == list(text)
    drawn = np.concatenate([curves(axes)["two"] for axes in figure.axes])
    np.testing.assert_array_equal(drawn, np.arange(1.0, 82.0))


def test_the_lstm_drawing_names_the_four_gates_and_what_goes_in_and_out():
    figure, alt = figures.lstm.draw()
    written = texts(figure)
    assert all(written.count(f"${gate}$") == 1 for gate in "ifgo")
    assert written.count(r"$\sigma$") == 3 and written.count("×") == 3
    assert "forget gate f" in alt


def test_a_text_is_shaded_by_its_numbers_and_stays_whole(displayed):
    figures.over_a_text("ab<\nc", np.array([0.0, 1.0, 1.0, -1.0, -0.5]), "shades")
    page = displayed[0]["text/html"]
    spans = re.findall(r'<span style="background:(#\w+)">(.*?)</span>', page)
    assert spans == [
        ("#ffffff", "a"), ("#56b4e9", "b&lt;"), ("#e69f00", "<br>"), ("#f2cf80", "c"),
    ]  # fmt: skip
    assert "-0.5 at character 5" in displayed[0]["text/plain"]


def test_a_text_and_its_numbers_are_equally_long():
    with pytest.raises(ValueError, match="3 numbers do not fit 2 characters"):
        figures.over_a_text("ab", np.ones(3))
