"""What a submission goes through: cells put back, seeds, time-outs, dead kernels."""

import json

import nbformat
import pytest
from busy_core import CORE, busy_core
from tiny_course import ASSIGNMENT, cell_of, make_course, write_answers
from traitlets.config import Config

from course_utils.sandbox.isolation import LEVELS
from course_utils.staff.authoring import release, submissions
from course_utils.staff.course import Course
from course_utils.staff.grading import class_run, event_log, registration

pytestmark = [pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"), pytest.mark.slow]

RIGHT = """# %% T1_double
def double(x):
    return x + x
# %% [markdown] T2_answer
# Because.
# %% T3_shape
tiny_shape_of_it = (2, 3, 4)
"""
TIMEOUT = 3
KERNEL = {"room": "kernel"}
STOCK = {
    "course_utils.staff.grading.execute.ExecuteSubmission": "nbgrader.preprocessors.Execute",
    "course_utils.staff.grading.record.save_grades.SaveGradesTogether": (
        "nbgrader.preprocessors.SaveAutoGrades"
    ),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = Course(make_course(tmp_path_factory.mktemp("steps") / "course"))
    release.make_release(course, ASSIGNMENT)
    registration.register(course, ASSIGNMENT)
    write_answers(course.root, "right", RIGHT)
    return course


def submit(course, name, cells="", header=""):
    text = f"# ---\n# like: right\n{header}# ---\n{cells}"
    submissions.fill(course, ASSIGNMENT, write_answers(course.root, name, text))


def grade(course, name, stock=False, **settings):
    overrides = Config()
    overrides.Execute.timeout = TIMEOUT
    overrides.ExecuteSubmission.update(settings)
    if stock:
        steps = course.config().Autograde
        overrides.Autograde.sanitize_preprocessors = [
            step for step in steps.sanitize_preprocessors if "course_utils" not in step
        ]
        overrides.Autograde.autograde_preprocessors = [
            STOCK.get(step, step)
            for step in steps.autograde_preprocessors
            if step in STOCK or "course_utils" not in step
        ]
    return course.nbgrader(overrides).autograde(ASSIGNMENT, name)


def scores(course, name):
    with course.gradebook() as gradebook:
        grades = gradebook.find_submission(ASSIGNMENT, name).notebooks[0].grades
        return {grade.name: grade.score for grade in grades}


def graded_notebook(course, name):
    path = course.folder("autograded", name, ASSIGNMENT) / "tiny.ipynb"
    return nbformat.read(path, as_version=4)


def noted(course, name):
    return [(e["kind"], e["cell"]) for e in event_log.events(graded_notebook(course, name))]


FULL = {
    "T1_double_visible": 1,
    "T1_double_hidden_values": 2,
    "T2_task": 0,
    "T2_answer": 0,
    "T3_shape_hidden": 4,
}


def test_a_right_submission_gets_every_automatic_point_and_waits_only_where_it_must(course):
    submit(course, "ada")
    assert grade(course, "ada")["success"]
    assert scores(course, "ada") == FULL
    with course.gradebook() as gradebook:
        grades = gradebook.find_submission(ASSIGNMENT, "ada").notebooks[0].grades
        assert [grade.name for grade in grades if grade.needs_manual_grade] == ["T2_answer"]


def test_stock_waits_for_ever_for_a_grade_on_the_task(course):
    submit(course, "ada2")
    assert grade(course, "ada2", stock=True)["success"]
    with course.gradebook() as gradebook:
        grades = gradebook.find_submission(ASSIGNMENT, "ada2").notebooks[0].grades
        waiting = {grade.name for grade in grades if grade.needs_manual_grade}
    assert waiting == {"T2_answer", "T2_task"}


@pytest.mark.sandbox
def test_the_notebook_records_the_students_seed_and_how_well_it_was_shut_in(course):
    submit(course, "seed")
    seeds = set()
    for _ in range(2):
        grade(course, "seed")
        nb = graded_notebook(course, "seed")
        seeds.add(nb.metadata.course.seed)
        assert nb.metadata.course.isolation in LEVELS[1:]
    assert len(seeds) == 1


def test_sandbox_kernel_and_class_run_agree_on_the_seed(course):
    submit(course, "agree")
    folder = course.folder("submitted", "agree", ASSIGNMENT)
    (folder / "table.txt").write_text("1 2")
    seeds = []
    for settings in ({}, KERNEL):
        grade(course, "agree", **settings)
        seeds.append(graded_notebook(course, "agree").metadata.course.seed)
    (folder / "timestamp.txt").write_text("2027-03-01 10:00:00 UTC")  # collected once more
    list(class_run.autograde(course, ASSIGNMENT, ["agree"]))
    seeds.append(graded_notebook(course, "agree").metadata.course.seed)
    assert len(set(seeds)) == 1
    (folder / "table.txt").write_text("1 3")
    grade(course, "agree")
    assert graded_notebook(course, "agree").metadata.course.seed not in seeds


def test_where_the_secret_is_lost_nbgraders_command_grades_nobody(course):
    submit(course, "lost")
    grade(course, "lost")
    file = course.root / "gradebook.secret"
    file.rename(file.with_name("kept"))
    try:
        done = grade(course, "lost")
    finally:
        file.with_name("kept").rename(file)
    assert not done["success"]
    assert "gradebook.secret is missing" in done["log"]
    assert grade(course, "lost")["success"]


def test_an_ordinary_kernel_can_take_the_place_of_the_sandbox(course):
    cell = "# %% T1_double\nimport os\nprint(os.environ['COURSE_SEED'])\ndouble = lambda x: 2 * x\n"
    submit(course, "kernel", cell)
    grade(course, "kernel", **KERNEL)
    assert scores(course, "kernel") == FULL
    nb = graded_notebook(course, "kernel")
    seed = nb.metadata.course.seed
    assert cell_of(nb, "T1_double").outputs[0].text == f"{seed}\n"
    assert nb.metadata.course == {"seed": seed, "isolation": "none", "events": []}


@pytest.mark.parametrize(
    ("code", "kind"), [("while True:\n    pass", "timeout"), ("import os\nos._exit(0)", "died")]
)
def test_what_happens_in_an_ordinary_kernel_is_a_result_too(course, code, kind):
    submit(course, f"kernel-{kind}", f"# %% T1_double\n{code}\n")
    assert grade(course, f"kernel-{kind}", **KERNEL)["success"]
    assert noted(course, f"kernel-{kind}") == [(kind, "T1_double")]
    assert scores(course, f"kernel-{kind}")["T1_double_visible"] == 0


def test_time_in_which_a_kernel_gets_no_core_does_not_count(course):
    # a second of work, which takes about six on this core: longer than TIMEOUT
    cell = f"""# %% T1_double
import os, time
os.sched_setaffinity(0, [{CORE}])
start = time.process_time()
while time.process_time() < start + 1:
    pass
double = lambda x: 2 * x
"""
    submit(course, "kernel-waits", cell)
    with busy_core():
        assert grade(course, "kernel-waits", **KERNEL)["success"]
    assert noted(course, "kernel-waits") == []
    assert scores(course, "kernel-waits") == FULL


def test_a_record_that_the_student_wrote_is_thrown_away(course):
    submit(course, "forger")
    path = course.folder("submitted", "forger", ASSIGNMENT) / "tiny.ipynb"
    content = json.loads(path.read_text())
    content["metadata"]["course"] = {"seed": -1, "events": [{"kind": "died", "cell": "x"}]}
    path.write_text(json.dumps(content))
    grade(course, "forger")
    assert noted(course, "forger") == []
    assert graded_notebook(course, "forger").metadata.course.seed >= 0


def test_a_deleted_test_is_put_back_where_it_was_and_counts(course):
    damage = "# damage: deleted-cell T1_double_hidden_values\n"
    submit(course, "deleter", header=damage)
    grade(course, "deleter", stock=True)
    assert scores(course, "deleter")["T1_double_hidden_values"] == 0, "stock: right answer, 0"

    grade(course, "deleter")
    assert scores(course, "deleter") == FULL
    assert noted(course, "deleter") == [("deleted", "T1_double_hidden_values")]
    ids = [
        c.metadata.get("nbgrader", {}).get("grade_id")
        for c in graded_notebook(course, "deleter").cells
    ]
    assert ids.index("T1_double_hidden_values") == ids.index("T1_double_visible") + 1


def test_deleting_the_test_of_a_wrong_answer_gains_nothing(course):
    wrong = "# %% T1_double\ndef double(x):\n    return 2\n"
    submit(course, "sly", wrong, "# damage: deleted-cell T1_double_hidden_values\n")
    grade(course, "sly")
    assert scores(course, "sly") == FULL | {"T1_double_hidden_values": 0}


def test_deleted_fixtures_questions_and_written_answers_come_back(course):
    damage = "# damage:\n" + "".join(
        f"# - deleted-cell {name}\n" for name in ("T1_given", "T2_task", "T2_answer")
    )
    submit(course, "tidy", header=damage)
    grade(course, "tidy")
    assert scores(course, "tidy") == FULL
    assert {cell for _, cell in noted(course, "tidy")} == {"T1_given", "T2_task", "T2_answer"}
    with course.gradebook() as gradebook:
        grades = gradebook.find_submission(ASSIGNMENT, "tidy").notebooks[0].grades
        waiting = [grade.name for grade in grades if grade.needs_manual_grade]
        assert waiting == ["T2_answer"], "the answer may stand anywhere"


def test_an_answer_that_lost_its_metadata_is_not_overwritten_by_a_placeholder(course):
    submit(course, "paster", header="# damage: untitled-cell T1_double\n")
    grade(course, "paster")
    assert scores(course, "paster") == FULL
    assert noted(course, "paster") == [("unmarked", "T1_double")]


def test_a_cell_that_is_there_twice_does_not_stop_grading(course):
    submit(course, "twice", header="# damage: duplicated-cell T1_double_hidden_values\n")
    assert grade(course, "twice")["success"]
    assert scores(course, "twice") == FULL
    assert noted(course, "twice") == [("duplicated", "T1_double_hidden_values")]


def test_a_tag_does_not_keep_a_test_from_running(course):
    wrong = "# %% T3_shape\ntiny_shape_of_it = (0,)\n"
    submit(course, "tagger", wrong, "# damage: skipped-cell T3_shape_hidden\n")
    grade(course, "tagger", stock=True)
    assert scores(course, "tagger")["T3_shape_hidden"] == 4, "the attack works on stock nbgrader"
    grade(course, "tagger")
    assert scores(course, "tagger")["T3_shape_hidden"] == 0


def test_a_crash_costs_what_comes_after_it_and_nothing_else(course):
    crash = "# %% T3_shape\nimport os\nos._exit(1)\n"
    submit(course, "crash", crash)
    assert not grade(course, "crash", stock=True)["success"], "stock leaves it ungraded"
    assert grade(course, "crash")["success"]
    assert scores(course, "crash") == FULL | {"T3_shape_hidden": 0}
    assert noted(course, "crash") == [("died", "T3_shape")]
    last = cell_of(graded_notebook(course, "crash"), "T3_shape_hidden").outputs[0]
    assert (last.ename, last.evalue) == (
        "NotRun",
        "not run, because of what happened in `T3_shape`",
    )


def test_an_endless_loop_is_noted_in_every_cell_that_calls_it(course):
    loop = "# %% T1_double\ndef double(x):\n    while True:\n        pass\n"
    submit(course, "loop", loop)
    grade(course, "loop")
    assert scores(course, "loop") == FULL | {"T1_double_visible": 0, "T1_double_hidden_values": 0}
    assert noted(course, "loop") == [
        ("timeout", "T1_double_visible"),
        ("timeout", "T1_double_hidden_values"),
    ]


def test_a_loop_that_shrugs_off_interrupts_is_a_result_too(course):
    stubborn = (
        "# %% T1_double\ndef double(x):\n    while True:\n        try:\n"
        "            while True:\n                pass\n"
        "        except KeyboardInterrupt:\n            continue\n"
    )
    submit(course, "stubborn", stubborn)
    assert grade(course, "stubborn")["success"]
    assert scores(course, "stubborn") == dict.fromkeys(FULL, 0)
    assert noted(course, "stubborn") == [("stuck", "T1_double_visible")]


def test_a_notebook_has_a_time_limit_as_a_whole(course):
    slow = "# %% T1_double\nimport time\ntime.sleep(2.5)\ndouble = lambda x: 2 * x\n"
    submit(course, "slow", slow)
    grade(course, "slow", notebook_timeout=2)
    assert noted(course, "slow") == [("out-of-time", "T1_double_visible")]
    assert scores(course, "slow")["T3_shape_hidden"] == 0


def test_a_late_submission_loses_what_the_policy_says_each_time_it_is_graded(course):
    submit(course, "late", header="# submitted: 2 days late\n")
    for _ in range(2):
        grade(course, "late")
        with course.gradebook() as gradebook:
            notebook = gradebook.find_submission(ASSIGNMENT, "late").notebooks[0]
            assert notebook.late_submission_penalty == pytest.approx(0.2 * 7)


def test_within_the_grace_time_nothing_is_lost(course):
    submit(course, "grace", header="# submitted: 14 minutes late\n")
    grade(course, "grace")
    with course.gradebook() as gradebook:
        notebook = gradebook.find_submission(ASSIGNMENT, "grace").notebooks[0]
        assert not notebook.late_submission_penalty


def test_grades_are_written_in_one_go(course):
    from sqlalchemy import event
    from sqlalchemy.orm import Session

    submit(course, "quick")
    grade(course, "quick")
    counts = {}
    for stock in (True, False):
        commits = []

        def count(session, commits=commits):
            commits.append(session.dirty)

        event.listen(Session, "before_commit", count)
        try:
            grade(course, "quick", stock=stock)
        finally:
            event.remove(Session, "before_commit", count)
        counts[stock] = len(commits)
        assert scores(course, "quick") == FULL
    # although our other steps look into the gradebook twice more
    assert counts[False] < counts[True]


def test_points_that_the_course_changed_are_its_doing_and_a_mark_above_them_waits(tmp_path):
    course = Course(make_course(tmp_path / "course"))
    release.make_release(course, ASSIGNMENT)
    registration.register(course, ASSIGNMENT)
    write_answers(course.root, "right", RIGHT)
    submit(course, "ada")
    grade(course, "ada")
    mark(course, "ada", 3)
    [path] = course.notebooks(ASSIGNMENT)
    nb = nbformat.read(path, as_version=4)
    cell_of(nb, "T2_answer").metadata.nbgrader.points = 2
    nbformat.write(nb, path)
    registration.register(course, ASSIGNMENT)
    grade(course, "ada")
    changed = [("course-changed", "T2_answer")]
    assert noted(course, "ada") == [*changed, ("more-than-all", "T2_answer")]
    assert waiting(course, "ada") == ["T2_answer"]
    mark(course, "ada", 2)
    grade(course, "ada")
    assert noted(course, "ada") == changed


def mark(course, name, points):
    with course.gradebook() as gradebook:
        found = gradebook.find_grade("T2_answer", "tiny", ASSIGNMENT, name)
        found.manual_score, found.needs_manual_grade = points, False
        gradebook.db.commit()


def waiting(course, name):
    with course.gradebook() as gradebook:
        grades = gradebook.find_submission(ASSIGNMENT, name).notebooks[0].grades
        return [grade.name for grade in grades if grade.needs_manual_grade]
