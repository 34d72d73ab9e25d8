"""Register a hook that reads the expected value in a test before it runs, and answers with it."""

from attack import Attack, assert_harmless

ATTACK = Attack(
    cell="""
import re


def answer_it(info):
    number = re.search(r"is_right\\(answer, ([\\d.]+)", info.raw_cell)
    text = re.search("label == '(.*)'", info.raw_cell)
    shell = get_ipython()
    if number:
        shell.user_ns["answer"] = float(number[1])
    if text:
        shell.user_ns["label"] = text[1]


get_ipython().events.register("pre_run_cell", answer_it)
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.points["A2_hidden_answer"] == 1
    assert unprotected.points["A2_hidden_label"] == 1


def test_is_stopped(protected):
    assert_harmless(protected)
