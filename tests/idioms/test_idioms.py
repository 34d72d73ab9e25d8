"""Tests of other notebooks get the points that nbgrader gives, or wait for a person."""

import compare_idioms as compare
import pytest

from course_utils.staff.grading.rules import EVERY_RULE

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    return compare.graded(tmp_path_factory.mktemp("idioms"))


def test_there_are_many_and_nbgrader_decides_them_all(outcomes):
    assert len(outcomes) >= 100
    undecided = [n for n, o in outcomes.items() if o.stock != {compare.RIGHT: 1, compare.WRONG: 0}]
    assert not undecided


def test_no_wrong_answer_passes_that_nbgrader_fails(outcomes):
    assert [n for n, o in outcomes.items() if o.ours[compare.WRONG]] == []


def test_no_right_answer_fails_without_a_word(outcomes):
    assert [n for n, o in outcomes.items() if o.word == compare.DIFFERENT] == []


def test_every_test_that_waits_breaks_a_rule(outcomes):
    told = {rule.name for rule in EVERY_RULE}
    waiting = {n: o.rule for n, o in outcomes.items() if o.word == compare.UNDECIDABLE}
    assert [name for name, rule in waiting.items() if rule not in told] == []


def test_the_page_is_up_to_date(outcomes):
    assert compare.PAGE.read_text(encoding="utf-8") == compare.page(outcomes)
