"""The head of a feedback page: where points were lost, before the list of everything."""

from course_utils.staff.reports.feedback_page import _CONTENTS, _ITEM, _contents

PAGE = """<div id="toc">
<ol>
<li><a href="#C1_visible">Test cell</a> (Score: 1.0 / 1.0)</li>
<li><a href="#C1_hidden">Test cell</a> (Score: 0.0 / 2.0)</li>
<li><a href="#C2_task">Task</a> (Score: 0.0 / 0.0)</li>
<li><a href="#C2_answer">Written response</a> (Score: 0.0 / 2.0)</li>
<li><a href="#comment-C2_answer">Comment 1</a></li>
<li class="late-penalty">Late submission penalty (Score: -0.6)</li>
</ol>
</div>"""


def head(page, by_people=()):
    return _CONTENTS.sub(lambda found: _contents(_ITEM.findall(found[1]), by_people), page)


def test_lost_points_come_first_and_written_answers_are_told_apart():
    before, _, everything = head(PAGE).partition("<details>")
    lost, _, written = before.partition("Graded by people")
    assert "#C1_hidden" in lost and "#C1_visible" not in lost and "#C2_answer" not in lost
    assert "#C2_answer" in written
    assert "All 5 checks and answers" in everything
    assert "Handed in late:</p><ul><li class" in written
    assert all(name in everything for name in ("#C1_visible", "#C1_hidden", "#comment-C2_answer"))


def test_a_test_that_waits_for_a_person_has_lost_no_points():
    before, _, _ = head(PAGE, {"C1_hidden": "why"}).partition("<details>")
    assert "Points were lost" not in before
    assert "#C1_hidden" in before.partition("Graded by people")[2]


def test_cells_worth_nothing_are_left_out():
    assert "#C2_task" in PAGE and "#C2_task" not in head(PAGE)


def test_a_page_without_lost_points_says_so():
    full = PAGE.replace("0.0 / 2.0", "2.0 / 2.0").replace("Written response", "Test cell")
    full = full.replace("late-penalty", "comment")
    assert "No check lost points." in head(full)
