"""The class's gradebook holds what nbgrader itself would have written, and is written faster."""

import datetime
import gc
import shutil
import weakref

import pytest
from gradebook_rows import gradebook_rows
from nbgrader.api import Grade, Gradebook, MissingEntry
from nbgrader.preprocessors import saveautogrades
from sqlalchemy import event
from tiny_course import ASSIGNMENT, make_course, nbgrader_cell, tiny_notebook, write_answers
from traitlets.config import Config

from course_utils.staff.authoring import release, submissions
from course_utils.staff.course import Course
from course_utils.staff.grading import class_run, registration
from course_utils.staff.grading.ledger import AssignmentView, Ledger
from course_utils.staff.grading.options import Options
from course_utils.staff.patches import one_gradebook

pytestmark = [pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"), pytest.mark.slow]

ANSWERS = """# %% T1_double
double = lambda x: {double}
# %% [markdown] T2_answer
# {written}
# %% T3_shape
tiny_shape_of_it = (2, 3, 4)
"""
GOOD, WRONG = ANSWERS.format(double="2 * x", written="Because."), "# %% T3_shape\n1 / 0\n"
LATE = "# ---\n# submitted: 2 days late\n# ---\n"
GRACE = "# ---\n# submitted: 14 minutes late\n# ---\n"
CLASS = {
    "good": GOOD,
    "wrong": WRONG,
    "late": LATE + GOOD,
    "late-wrong": LATE + WRONG,
    "in-grace": GRACE + GOOD,
    "deleter": "# ---\n# damage: deleted-cell T1_double_hidden_values\n# ---\n" + GOOD,
    "half": ANSWERS.format(double="x", written="No idea."),
}
SECOND_TRY = {"good": WRONG, "late-wrong": GOOD, "half": LATE + GOOD}


def notebook():
    nb = tiny_notebook()
    nb.cells += [
        nbgrader_cell("test", "T5_partial_visible", "1.25 if double(1) == 2 else 0.25", 2.5),
        nbgrader_cell("task", "T6_task", "Draw a double.", 2),
    ]
    return nb


def make_class(folder):
    course = Course(make_course(folder, notebook()))
    assert not release.make_release(course, ASSIGNMENT).leaks
    registration.register(course, ASSIGNMENT)
    submit(course, CLASS)
    return course


def submit(course, answers):
    for student, text in answers.items():
        submissions.fill(course, ASSIGNMENT, write_answers(course.root, student, text))


def grade_by_hand(course):
    with course.gradebook() as gradebook:
        names = ("tiny", ASSIGNMENT, "good")
        gradebook.find_grade("T2_answer", *names).manual_score = 2
        gradebook.find_grade("T1_double_visible", *names).extra_credit = 0.5
        gradebook.find_comment("T2_answer", *names).manual_comment = "Nice."
        gradebook.find_grade("T6_task", "tiny", ASSIGNMENT, "late").manual_score = 1
        gradebook.find_submission(ASSIGNMENT, "late-wrong").extension = datetime.timedelta(days=3)
        gradebook.db.commit()


def grade_with_nbgrader(course):
    overrides = Config()
    overrides.Autograde.autograde_preprocessors = [
        "nbgrader.preprocessors.SaveAutoGrades" if "SaveGradesTogether" in step else step
        for step in course.config().Autograde.autograde_preprocessors
    ]
    api = course.nbgrader(overrides)
    for student in course.students("submitted", ASSIGNMENT):
        assert api.autograde(ASSIGNMENT, student)["success"]
    registration.apply_settings(course)


def grade_with_course(course):
    students = course.students("submitted", ASSIGNMENT)
    options = Options(jobs=3, grade_anyway=True)  # the own answers earn a part of T5
    assert len(list(class_run.autograde(course, ASSIGNMENT, students, options))) == len(CLASS)
    registration.apply_settings(course)


def test_rows_and_files_are_what_nbgrader_writes(tmp_path):
    """At first, after manual grades and an extension, and when some hand in again."""
    rows, files = [], []
    for grade in (grade_with_nbgrader, grade_with_course):
        course = make_class(tmp_path / grade.__name__)
        grade(course)
        first = gradebook_rows(course.gradebook_file)
        grade_by_hand(course)
        submit(course, SECOND_TRY)
        grade(course)
        if grade is grade_with_course:  # what had not changed, once more
            options = Options(resume=False, grade_anyway=True)
            list(class_run.autograde(course, ASSIGNMENT, list(CLASS), options))
            registration.apply_settings(course)
        rows.append((first, gradebook_rows(course.gradebook_file)))
        folder = course.folder("autograded")
        written = [path for path in sorted(folder.glob("*/*/*")) if path.suffix != ".ipynb"]
        files.append(
            {
                str(path.relative_to(folder)): (path.read_text(), path.stat().st_mode)
                for path in written
            }
        )
        modes = {path.stat().st_mode & 0o777 for path in folder.glob("*/*/*.ipynb")}
        assert modes == {0o444}
    assert rows[0] == rows[1]
    assert files[0] == files[1]
    grades = rows[1][0]["grade"].values()
    assert {1.25, 0.25, 0, 4, None} <= {grade["auto_score"] for grade in grades}
    penalties = [n["late_submission_penalty"] for n in rows[1][1]["submitted_notebook"].values()]
    assert sum(penalty is not None for penalty in penalties) == 2


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    course = make_class(tmp_path_factory.mktemp("ledger") / "course")
    grade_with_course(course)
    return course


@pytest.fixture
def ledger(graded, tmp_path):
    shutil.copy(graded.gradebook_file, tmp_path)
    ledger = Ledger(f"sqlite:///{tmp_path / 'gradebook.db'}", "neural_networks")
    yield ledger
    ledger.close()


def test_look_ups_find_what_nbgraders_find(graded, ledger):
    names = ("tiny", ASSIGNMENT, "late")
    with ledger.transaction(), graded.gradebook() as stock:
        for name in ("T1_double_visible", "T2_answer", "T2_task", "T6_task"):
            ours, theirs = ledger.find_grade(name, *names), stock.find_grade(name, *names)
            assert (ours.id, ours.auto_score) == (theirs.id, theirs.auto_score)
        for name in ("T1_double", "T2_answer", "T2_task"):
            assert ledger.find_comment(name, *names).id == stock.find_comment(name, *names).id
        submitted = ledger.find_submission_notebook(*names)
        assert submitted.score == stock.find_submission_notebook(*names).score > 0
        view = AssignmentView(ledger, ASSIGNMENT)
        for cell in stock.find_notebook("tiny", ASSIGNMENT).source_cells:
            ours = view.find_source_cell(cell.name, "tiny", ASSIGNMENT)
            assert (ours.checksum, ours.locked) == (cell.checksum, cell.locked)
        task = view.find_graded_cell("T6_task", "tiny", ASSIGNMENT)
        assert task.max_score == stock.find_graded_cell("T6_task", "tiny", ASSIGNMENT).max_score
        for book in (ledger, stock):
            with pytest.raises(MissingEntry):
                book.find_grade("T1_double", *names)
            with pytest.raises(MissingEntry):
                book.find_comment("T1_double_visible", *names)
        with pytest.raises(MissingEntry):
            view.find_source_cell("nothing", "tiny", ASSIGNMENT)


def test_a_score_includes_what_was_entered_a_moment_ago(ledger):
    names = ("tiny", ASSIGNMENT, "wrong")
    with ledger.transaction():
        before = ledger.find_submission_notebook(*names).score
        ledger.find_grade("T2_answer", *names).manual_score = 2.5
        assert ledger.find_submission_notebook(*names).score == before + 2.5


def test_statements_for_a_submission_do_not_depend_on_its_cells(ledger):
    counted = []
    event.listen(ledger.engine, "before_cursor_execute", lambda *args: counted.append(args[2]))
    with ledger.transaction():
        names = [cell for (cell,) in ledger.db.query(Grade.cell_id)]
        assert len(names) == 7 * len(CLASS)
        counted.clear()
        for name in ("T1_double_visible", "T1_double_hidden_values", "T2_answer", "T6_task"):
            ledger.find_grade(name, "tiny", ASSIGNMENT, "good").auto_score = 0.5
    loading, saving = [s for s in counted if "SELECT" in s], [s for s in counted if "UPDATE" in s]
    assert (len(loading), len(saving)) == (3, 1)


def test_nothing_is_kept_of_a_submission_that_is_done(ledger):
    with ledger.transaction():
        kept = weakref.ref(ledger.find_grade("T2_answer", "tiny", ASSIGNMENT, "good"))
        gc.collect()
        assert kept() is not None
    gc.collect()
    assert kept() is None


def test_only_this_gradebook_is_stood_in_for_and_only_meanwhile(ledger, tmp_path):
    step = saveautogrades.SaveAutoGrades()
    with pytest.raises(ZeroDivisionError), one_gradebook(ledger, ledger.db_url, [step]):
        assert saveautogrades.Gradebook(ledger.db_url) is ledger
        with saveautogrades.Gradebook(f"sqlite:///{tmp_path / 'other.db'}") as other:
            assert type(other) is Gradebook
        1 / 0  # noqa: B018
    assert saveautogrades.Gradebook is Gradebook
