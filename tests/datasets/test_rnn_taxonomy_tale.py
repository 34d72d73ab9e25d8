"""The tale has the structure on which the notebook's questions about memory rest."""

from course_utils.datasets.rnn_taxonomy import TALE, TASKS

REFRAIN = " The snail kept what she could, and went on a little slower than before.\n\nOn the "
QUESTION = '. "What do you remember?" asked the snail. "'


def test_five_days_end_in_the_same_81_letters_and_go_on_differently():
    assert len(REFRAIN) == 81
    after = [part.split()[0] for part in TALE.split(REFRAIN)[1:]]
    assert after == ["second", "third", "fourth", "fifth", "sixth"]


def test_five_creatures_are_asked_in_the_same_44_letters_and_answer_differently():
    assert len(QUESTION) == 44
    names = [part.split()[-1] for part in TALE.split(QUESTION)[:-1]]
    assert names == ["stone", "river", "echo", "magpie", "clerk"]
    assert [part[0] for part in TALE.split(QUESTION)[1:]] == ["E", "N", "Y", "W", "W"]


def test_each_name_is_first_mentioned_where_the_snail_meets_it():
    for name in ("stone", "river", "echo", "magpie", "clerk"):
        assert TALE[: TALE.index(name)].endswith(("met a ", "met an "))


def test_the_tale_is_plain_text_without_markup():
    assert set(TALE) - set('\n ",.?') <= set("abcdefghijklmnopqrstuvwxyz" + "AEINOSTWY")


def test_there_are_eleven_tasks_each_told_by_what_goes_in_and_out():
    assert len(TASKS) == 11
    assert all(" in, " in text and text.endswith(" out") for text in TASKS.values())
