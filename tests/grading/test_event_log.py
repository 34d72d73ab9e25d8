"""What grading notes about a submission reads as sentences."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from tiny_course import nbgrader_cell

from course_utils.staff.grading import event_log


def test_events_become_sentences_and_time_outs_share_one():
    nb = new_notebook()
    event_log.start(nb)
    event_log.add_event(nb, "deleted", "C1_visible")
    for number in range(5):
        event_log.add_event(nb, "timeout", f"C{number}")
    assert event_log.sentences(event_log.events(nb)) == [
        "The cell `C1_visible` was missing and has been put back.",
        "The cells `C0`, `C1`, `C2` and 2 more ran too long and were interrupted.",
    ]


def test_what_happened_to_the_file_is_told_for_each_file():
    noted = [event_log.event("odd-file", name) for name in ("a", "b")]
    assert [text[:12] for text in event_log.sentences(noted)] == ["`a` is a lin", "`b` is a lin"]


@pytest.mark.parametrize("kind", event_log.EVENTS)
def test_every_kind_of_event_is_told_in_one_sentence_and_named_in_the_table(kind):
    one = [event_log.event(kind, "T1_braces_{}")]
    several = [event_log.event(kind, f"T{number}_cell") for number in range(1, 7)]
    [sentence] = event_log.sentences(one)
    assert sentence.endswith(".") and "T1_braces_{}" in sentence
    if event_log.EVENTS[kind].several:
        [sentence] = event_log.sentences(several)
        assert "`T1_cell`, `T2_cell`, `T3_cell` and 3 more" in sentence
    [label] = event_log.labels(several[:2])
    assert label.endswith("(T1, T2)") != event_log.EVENTS[kind].of_file


def test_the_gravest_event_stands_first_in_the_table():
    noted = [event_log.event(kind, "T1") for kind in ("deleted", "renamed", "died")]
    assert event_log.labels(noted) == [
        "Python died (T1)",
        "notebook renamed",
        "deleted cell put back (T1)",
    ]


def test_a_single_time_out_is_told_in_the_singular():
    noted = [{"kind": "timeout", "cell": "C1"}]
    assert event_log.sentences(noted) == ["The cell `C1` ran too long and was interrupted."]


SOME_SOURCE = "\n  `slow`  ()\nmore()"


def test_a_cell_without_a_name_is_told_by_its_exercise_and_its_words():
    cells = [
        new_code_cell("import os"),
        nbgrader_cell("solution", "C5_conv", "x = 1"),
        new_code_cell(SOME_SOURCE),
        new_markdown_cell("w" * 10**6),
        {"source": [1, " \n", "a line\n"], "metadata": {"nbgrader": {"grade_id": "no name!"}}},
        {"source": 7, "metadata": [1]},
        "no cell at all",
    ]
    assert event_log.names_of(cells) == [
        "the beginning: import os",
        "C5_conv",
        "C5: 'slow' ()",
        "C5: " + "w" * 30 + "…" + "w" * 9,
        "C5: a line",
        "C5: a cell without text",
        "C5: a cell without text",
    ]
    noted = [event_log.event("timeout", name) for name in event_log.names_of(cells[:3])]
    assert event_log.labels(noted) == ["timed out (the beginning, C5)"]
    assert event_log.sentences(noted[2:]) == [
        "The cell `C5: 'slow' ()` ran too long and was interrupted."
    ]


def test_the_exercise_is_what_stands_before_the_first_underscore():
    assert event_log.exercise_of("C13_conv_transpose2d_hidden_stride") == "C13"


def test_start_throws_away_what_the_student_wrote_there():
    nb = new_notebook(metadata={"course": {"seed": 7, "events": [{"kind": "died", "cell": "x"}]}})
    event_log.start(nb)
    assert event_log.events(nb) == []
    assert "seed" not in nb.metadata["course"]


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="unknown event 'exploded'; expected one of"):
        event_log.add_event(new_notebook(), "exploded", "C1")
