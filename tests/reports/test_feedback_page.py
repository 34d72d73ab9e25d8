"""The head of a feedback page: where points were lost, before the list of everything."""

from nbformat.v4 import new_notebook
from tiny_course import nbgrader_cell

from course_utils.staff.reports.carried_forward import sentence
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


def test_points_carried_forward_come_before_all():
    told = "7 of 8 points, of which 2 are carried forward: what rests on <C1> & C2 …"
    page = _CONTENTS.sub(lambda found: _contents(_ITEM.findall(found[1]), (), told), PAGE)
    assert page.startswith(
        '<div id="toc"><p>7 of 8 points, of which 2 are carried forward: what rests on '
        "&lt;C1&gt; &amp; C2 …</p><p>Points were lost"
    )


def test_the_sentence_names_what_was_put_right_in_its_order_and_each_once():
    names = "C1_x", "C9_x", "C10_x", "C14_x", "C15_x"
    nb = new_notebook(cells=[nbgrader_cell("test", name, "check", 4) for name in names])
    nb.metadata["course"] = {"carried": {"C14_x": ["C9", "C1"], "C15_x": ["C9"], "C10_x": ["C5"]}}
    about = {"score": 10.5, "max_score": 16, "late_penalty": 0}
    assert sentence(nb, {"C14_x": 4, "C15_x": 1.25}, about) == (
        "10.5 of 16 points, of which 5.25 are carried forward: what rests on C1 and C9 was tried "
        "with C1 and C9 put right."
    )
    late = sentence(nb, {"C15_x": 4}, about | {"late_penalty": 1.5})
    assert late.startswith("12 of 16 points before the late penalty, of which 4 are carried")
    assert "rests on C9 was" in late
    assert sentence(nb, {}, about) == ""
