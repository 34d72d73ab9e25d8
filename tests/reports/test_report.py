"""What a graded notebook says went wrong."""

import csv
import io

import pytest
from nbformat.v4 import new_notebook, new_output
from nbgrader.utils import compute_checksum
from rich.cells import cell_len
from rich.console import Console
from tiny_course import nbgrader_cell

from course_utils.check.verdict import CARD_MIME
from course_utils.staff.grading.outcomes import Outcome
from course_utils.staff.grading.results import NOT_GRADED
from course_utils.staff.reports.report import Line, Report, Score
from course_utils.staff.reports.report_text import as_csv, as_tables, legend, weak_isolation
from course_utils.staff.reports.what_went_wrong import what_went_wrong


def error(name, text=""):
    return new_output("error", ename=name, evalue=text, traceback=[])


def card(mistake):
    return new_output("display_data", data={CARD_MIME: {"passed": False, "mistake": mistake}})


def answer(grade_id, *outputs, untouched=False):
    cell = nbgrader_cell("solution", grade_id, "x = 1")
    cell.outputs = list(outputs)
    checksum = compute_checksum(cell)
    cell.metadata.nbgrader["checksum"] = checksum if untouched else "of the stub"
    return cell


def checked(grade_id, *outputs):
    cell = nbgrader_cell("test", grade_id, "check", 1)
    cell.outputs = list(outputs)
    return cell


def wrong(*cells):
    return what_went_wrong(new_notebook(cells=list(cells)))


FAILED = error("CheckFailed")


def test_nothing_wrong_gives_no_words():
    assert wrong(answer("C1"), checked("C1_visible")) == []


def test_a_mistake_is_named_once_with_every_exercise_it_hit():
    cells = [answer("C1")]
    cells += [
        checked(f"{row}_hidden_{n}", card("kernel-flipped"), FAILED)
        for row in ("C1", "C5")
        for n in (1, 2)
    ]
    assert wrong(*cells) == ["kernel-flipped (C1, C5)"]


def test_hidden_tests_know_better_than_visible_ones():
    cells = [
        answer("C1"),
        checked("C1_visible", card("averaged"), FAILED),
        checked("C1_hidden", card("first-only"), FAILED),
    ]
    assert wrong(*cells) == ["first-only (C1)"]
    assert wrong(*cells[:2]) == ["averaged (C1)"]


def test_an_answer_that_does_not_run_explains_its_tests():
    cells = [answer("C1", error("SyntaxError")), checked("C1_hidden", error("NameError"))]
    assert wrong(*cells) == ["SyntaxError (C1)"]


def test_a_failure_nobody_recognises_is_just_wrong():
    assert wrong(answer("C1"), checked("C1_hidden", FAILED)) == ["wrong (C1)"]
    assert wrong(answer("C1"), checked("C1_hidden", error("TypeError"))) == ["TypeError (C1)"]
    not_raised = error("Failed")  # as `pytest.raises` ends
    assert wrong(answer("C1"), checked("C1_hidden", not_raised)) == ["wrong (C1)"]


def test_untouched_answers_are_told_apart_from_wrong_ones():
    blank = answer("C1", error("NotImplementedError"), untouched=True)
    failing = checked("C1_hidden", error("NameError"))
    assert wrong(blank, failing) == ["nothing answered"]
    assert wrong(blank, failing, answer("C3"), checked("C3_hidden")) == ["not answered (C1)"]


def test_what_the_outcome_tells_is_not_told_twice():
    assert wrong(answer("C1"), checked("C1_hidden", error("NotRun"))) == []
    assert wrong(answer("C1", error("DeadKernel")), checked("C1_hidden", error("NotRun"))) == []


def test_half_of_an_exercise_that_is_blank_does_not_hide_the_other_half():
    blank = answer("L1_relu", error("NotImplementedError"), untouched=True)
    blank_tests = [checked("L1_relu_visible", FAILED), checked("L1_relu_grad_hidden", FAILED)]
    other = answer("L1_leaky_relu")
    other_tests = [
        checked("L1_leaky_relu_visible", card("averaged"), FAILED),
        checked("L1_leaky_relu_hidden", card("no-slope"), FAILED),
    ]
    cells = [blank, *blank_tests, other, *other_tests]
    assert wrong(*cells) == ["not all answered (L1)", "no-slope (L1)"]
    # a test that stands below the other answer, and is of this one by its name
    late = checked("L1_relu_hidden_errors", error("TypeError"))
    assert wrong(*cells, late) == ["not all answered (L1)", "no-slope (L1)"]
    assert wrong(blank, *blank_tests, other, late) == ["not all answered (L1)"]
    # of no answer by its name: of the one above
    shared = checked("L1_both_hidden", error("TypeError"))
    assert wrong(blank, *blank_tests, other, shared)[1] == "TypeError (L1)"


def test_one_part_that_does_not_run_does_not_hide_another():
    cells = [
        answer("C1_first", error("SyntaxError")),
        checked("C1_first_hidden", error("NameError")),
        answer("C1_second"),
        checked("C1_second_hidden", FAILED),
        answer("C1_third"),
        checked("C1_third_hidden", FAILED),
    ]
    assert wrong(*cells) == ["SyntaxError (C1)", "wrong (C1)"]


def test_with_a_written_answer_it_is_not_nothing_that_was_answered():
    blank = answer("C1", error("NotImplementedError"), untouched=True)
    written = nbgrader_cell("answer", "C2_answer", "Because.", 3)
    written.metadata.nbgrader["checksum"] = "of the stub"
    assert wrong(blank, checked("C1_hidden", FAILED), written) == ["not answered (C1)"]


@pytest.fixture
def report():
    graded = Outcome("graded", "", "", "", "x")
    lines = [
        Line("ada", {"C1": Score(4, 4), "C2": Score(0, 3, waits=True)}, 0.8, outcome=graded),
        Line("bob", {"C1": Score(1.5, 4), "C2": Score(2, 3)}, 0, ["wrong (C1)"], graded),
        Line("cleo", {"C1": Score(0, 4), "C2": Score(0, 3)}, outcome=NOT_GRADED),
    ]
    return Report("01_tiny", {"C1": 4, "C2": 3}, lines)


def test_the_table_shows_points_waiting_grades_penalties_and_words(report):
    text = printed(report, 100)
    rows = {line.split()[0]: line.split() for line in text.splitlines() if line.split()}
    assert rows["ada"] == ["ada", "4", "?", "3.2", "-0.8"]
    assert rows["bob"] == ["bob", "1.5", "2", "3.5", "wrong", "(C1)"]
    assert rows["cleo"] == ["cleo", "-", "-", "-", "not", "autograded", "yet"]
    assert "needs manual grading" in legend(report)


def test_the_csv_has_a_line_per_student(report):
    lines = {line["student"]: line for line in csv.DictReader(io.StringIO(as_csv(report)))}
    assert lines["ada"]["total"] == "3.2"
    assert lines["ada"]["out_of"] == "7"
    assert lines["ada"]["needs_manual_grading"] == "C2"
    assert lines["bob"]["what_went_wrong"] == "wrong (C1)"
    assert [lines["cleo"][name] for name in ("C1", "C2", "late_penalty", "total")] == [""] * 4
    assert lines["cleo"]["what_went_wrong"] == "not autograded yet"


@pytest.fixture
def carrying():
    """Ada has 2.5 of her points carried forward."""
    graded = Outcome("graded")
    ada = Line("ada", {"C1": Score(1, 4), "C6": Score(3.5, 4, carried=2.5)}, 0.5, outcome=graded)
    bob = Line("bob", {"C1": Score(4, 4), "C6": Score(4, 4)}, outcome=graded)
    return Report("01", {"C1": 4, "C6": 4}, [ada, bob])


def test_what_is_earned_and_what_is_carried_is_the_total_without_the_penalty(carrying):
    names = "earned", "carried_forward", "late_penalty", "total"
    lines = csv.DictReader(io.StringIO(as_csv(carrying)))
    found = {line["student"]: [line[name] for name in names] for line in lines}
    assert found == {"ada": ["2", "2.5", "0.5", "4"], "bob": ["8", "0", "0", "8"]}


def test_the_table_has_a_column_of_carried_points_only_where_there_are_any(carrying):
    rows = [line.split() for line in printed(carrying, 80).splitlines()]
    assert ["ada", "1", "3.5", "4", "2.5", "-0.5"] in rows
    assert ["bob", "4", "4", "8"] in rows
    assert any("carried" in row for row in rows)
    assert "carried: part of the total" in legend(carrying)
    del carrying.lines[0]
    assert "carried" not in printed(carrying, 80) + legend(carrying)


def test_in_several_tables_the_sums_stand_together(carrying):
    for count in range(1, 20):
        carrying.exercises = {f"C{number}": 4 for number in range(count)}
        for line in carrying.lines:
            line.exercises = {name: Score(4, 4, carried=1) for name in carrying.exercises}
        [head] = [line.split() for line in printed(carrying, 60).splitlines() if "late" in line]
        assert head[-3:] == [f"/{4 * count}", "carried", "late"]  # below "total"


def test_the_csv_rounds_no_number():
    graded = Outcome("graded")
    line = Line("ada", {"C1": Score(1234567.25, 2e6)}, 0.125, outcome=graded)
    [line] = csv.DictReader(io.StringIO(as_csv(Report("01", {"C1": 2e6}, [line]))))
    shown = [line[name] for name in ("C1", "late_penalty", "total", "out_of")]
    assert shown == ["1234567.25", "0.125", "1234567.125", "2000000"]


def test_isolation_is_mentioned_only_where_it_was_weak():
    def report(*levels):
        outcomes = [Outcome("graded", isolation=level) for level in levels]
        return Report("01", {}, [Line("x", {}, outcome=outcome) for outcome in outcomes])

    assert weak_isolation(report("full", "full")) == ""
    not_graded = Line("y", {}, outcome=Outcome("ungradable", "not a notebook file"))
    assert weak_isolation(Report("01", {}, [not_graded])) == ""
    text = weak_isolation(report("full", "landlock", "limits"))
    assert "2 of 3" in text
    assert "'limits'" in text


LONG_NAMES = ("n" * 255, "王" * 80, "ada", "Ada Augusta King Countess of Lovelace")
POINTS = (1.25, 12.5, 54.75, 100, 1234.5, 123456.75)


@pytest.mark.parametrize("width", [1, 10, 20, 40, 80, 100, 116, 140, 300])
@pytest.mark.parametrize("exercises", [1, 9, 13, 40])
@pytest.mark.parametrize("points", POINTS)
def test_no_number_is_cut_or_rounded_in_any_width(width, exercises, points):
    scores = {f"C{number}": Score(points, points + 1) for number in range(exercises)}
    scores["matrixmultiplication"] = Score(points, points + 1, waits=True)
    lines = [Line(name, scores, 123.25, ["wrong (C1)"]) for name in LONG_NAMES]
    for line in lines:
        line.outcome = Outcome("graded")
    report = Report("01", {name: score.out_of for name, score in scores.items()}, lines)
    text = printed(report, width)
    words = text.split()
    assert words.count(f"{points}".removesuffix(".0")) == exercises * len(lines)
    assert words.count(f"{points}".removesuffix(".0") + "?") == len(lines)
    total = f"{points * len(scores) - 123.25:.2f}".rstrip("0").rstrip(".")
    assert words.count(total) == words.count("-123.25") == len(lines)
    widest = max(map(cell_len, text.splitlines()))
    assert widest <= max(width, 30)  # what a name and one number need


def printed(report, width):
    console = Console(width=width, file=io.StringIO())
    for table in as_tables(report, width)[0]:
        console.print(table, crop=False)
    return console.file.getvalue()


def test_names_and_words_give_way_before_there_are_several_tables():
    scores = {f"C{number}": Score(1.25, 4) for number in range(9)}
    lines = [Line(name, scores, 0.5, ["wrong (C1)"]) for name in LONG_NAMES]
    for line in lines:
        line.outcome = Outcome("graded")
    report = Report("01", dict.fromkeys(scores, 4), lines)
    shown = {width: as_tables(report, width) for width in (60, 80, 120)}
    told = {width: (len(tables), words) for width, (tables, words) in shown.items()}
    assert told == {60: (2, False), 80: (1, False), 120: (1, True)}


@pytest.mark.parametrize(
    ("name", "shown", "cell"),
    [
        ("=HYPERLINK(1)", "=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("\t=1", r"\t=1", r"\t=1"),
        ("\uff1d1", "\uff1d1", "'\uff1d1"),
        ("[red]E", "[red]E", "[red]E"),
        ("\x1b[31mE\n", r"\x1b[31mE\n", r"\x1b[31mE\n"),
        ("E" * 10**7, "E" * 50 + "…" + "E" * 9, "E" * 50 + "…" + "E" * 9),
    ],
)
def test_the_type_of_an_exception_is_a_name_like_any_other(name, shown, cell):
    problems = wrong(answer("C1", error(name)), checked("C1_hidden", FAILED))
    assert problems == [f"{shown} (C1)"]
    line = Line("ada", {}, wrong=problems, outcome=Outcome("graded"))
    [line] = csv.DictReader(io.StringIO(as_csv(Report("01", {}, [line])), newline=""))
    assert line["what_went_wrong"] == f"{cell} (C1)"


def test_a_module_that_is_missing_is_named():
    missing = error("ModuleNotFoundError", "No module named 'seaborn.objects'")
    assert wrong(answer("C1", missing)) == ["no module seaborn.objects (C1)"]
    odd = error("ModuleNotFoundError", "No module named '[red]'")
    assert wrong(answer("C1", odd)) == ["ModuleNotFoundError (C1)"]
