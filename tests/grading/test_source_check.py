"""The source's own answers go through the rooms: what they do not pass, what nobody can decide."""

import shutil

import nbformat
import pytest
from tiny_course import (
    ASSIGNMENT,
    cell_of,
    make_course,
    nbgrader_cell,
    tiny_notebook,
    write_answers,
)
from traitlets.config import Config

from course_utils.staff.authoring import release, submissions
from course_utils.staff.course import Course, CourseError
from course_utils.staff.grading import class_run, registration, rules, source_check
from course_utils.staff.grading.execute import ExecuteSubmission
from course_utils.staff.grading.options import Options
from course_utils.staff.grading.outcomes import GRADED
from course_utils.staff.grading.undecided import SENTENCE
from course_utils.staff.reports import report, report_text

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")]

ANSWER = """
class Pair:
    def __init__(self, first):
        self.first = first

def twice(f, x):
    return f(f(x))

def push(values):
    values.append(2)

def lend(helper):
    return helper()

def ask():
    return input("n? ")

def plain(x):
    return x + 1

def draw(x):
    import matplotlib.pyplot as plt
    plt.plot([x, x])

def table():
    import pandas as pd
    return pd.DataFrame({"a": [1, 2]})

def many():
    return list(range(1_000_001))

class Coin:
    def __eq__(self, other):
        return isinstance(other, Coin)
"""
# with what is to be said of each
UNDECIDABLE = {
    "class": ("assert Pair(3).first == 3", "attribute 'first' of <Pair object of the student>"),
    "instance": (
        "pair = Pair(1)\nassert isinstance(pair, Pair)",
        "asks for the type of a student's object",
    ),
    "equal": (
        "assert Coin() == Coin()",
        "uses an object of the student's that is no plain data (AssertionError (line 1",
    ),
    "function": (
        "assert twice(lambda x: x + 1, 1) == 3",
        "gives 'function' to a student's function",
    ),
    "frame": (
        "import pandas as pd\npd.testing.assert_frame_equal(table(), pd.DataFrame({'a': [1, 2]}))",
        "uses an object of the student's that is no plain data (AssertionError: DataFrame Expected",
    ),
    "input": (
        "from unittest import mock\nwith mock.patch('builtins.input', return_value='5'):\n"
        "    assert ask() == '5'",
        "replaces what student code calls",
    ),
    "source": (
        "import inspect\nassert 'input' in inspect.getsource(ask)",
        "reads the source of student code",
    ),
    "axes": (
        "import matplotlib.pyplot as plt\ndraw(1)\nassert plt.gca().lines",
        "looks at figures that student code draws",
    ),
    "called": (
        "from unittest import mock\nhelper = mock.Mock(return_value=2)\n"
        "assert lend(helper) == 2\nhelper.assert_called_once()",
        "gives 'Mock' to a student's function",
    ),
    "in_place": (
        "values = [1]\npush(values)\nassert values[1] == 2",
        "whether student code has changed an argument "
        "(IndexError: list index out of range (line 3: assert values[1] == 2))",
    ),
    "many": ("assert len(many()) == 1_000_001", "needs more, or other, data than crosses"),
}
DECIDABLE = {
    "plain": "assert plain(1) == 2",
    "partial": "2.0",
}
FAILING = {
    "wrong": (
        "assert plain(1) == 2\nassert plain(1) == 3",
        "AssertionError (line 2: assert plain(1) == 3)",
    ),
    "wrong_and_hidden": (
        "# Others.\n### BEGIN HIDDEN TESTS\nassert plain(1) == 3, 'no'\n### END HIDDEN TESTS",
        "AssertionError: no (line 3: assert plain(1) == 3, 'no')",
    ),
    "in_the_answer": (
        "plain('a')",
        "(line 1: plain('a'); line 20 of U1_answer: return x + 1)",
    ),
    "check": (
        "from course_utils import check\ncheck.is_right(plain(1), 3)",
        "CheckFailed: plain(1) is not right. plain(1) is an int",
    ),
    "part": ("1.0", "a part of its points"),
    "stops": ("import os\nos.getcwd().nothing", "AttributeError"),
}


def notebook(tests, answer=ANSWER):
    nb = tiny_notebook()
    nb.cells.append(
        nbgrader_cell("solution", "U1_answer", f"### BEGIN SOLUTION\n{answer}\n### END SOLUTION")
    )
    nb.cells += [nbgrader_cell("test", f"U1_{name}", text, 2) for name, text in tests.items()]
    return nb


def check(folder, nb, **limits):
    """The findings on a notebook by the part of the cell's name behind ``U1_``."""
    folder.mkdir()
    path = folder / "tiny.ipynb"
    nbformat.write(nb, path)
    step = ExecuteSubmission(config=Config({"Execute": {"timeout": 30}, **limits}))
    return {f.cell.removeprefix("U1_"): f for f in source_check.check_notebook(path, step)}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    texts = {name: text for name, (text, _) in (UNDECIDABLE | FAILING).items()}
    many = texts.pop("many")  # nothing can be read behind it
    nb = notebook({**texts, **DECIDABLE, "many": many})
    return check(tmp_path_factory.mktemp("checked") / ASSIGNMENT, nb)


@pytest.mark.parametrize("name", UNDECIDABLE)
def test_what_cannot_be_decided_is_named_with_the_rule(found, name):
    assert found[name].is_undecidable
    assert UNDECIDABLE[name][1] in found[name].why


def test_what_a_given_cell_and_an_answer_share_is_named(tmp_path):
    nb = notebook(
        {"rate": "rate = 10\nassert taxed(2) == 20"}, "def taxed(x):\n    return rate * x"
    )
    nb.cells.insert(0, nbgrader_cell("locked", "U0_given", "rate = 1"))
    found = check(tmp_path / ASSIGNMENT, nb)
    assert found["rate"].rule == rules.SHARES.name


@pytest.mark.parametrize(
    ("test", "name"),
    [
        ("assert greet.__doc__", "reads the source of student code, or what documents it"),
        (
            "assert hasattr(Robot(), 'walk')",
            "uses an object of the student's that is no plain data",
        ),
        ("with redirect_stdout(text):\n    f()", "captures what student code prints"),
        ("with pytest.warns(UserWarning):\n    f()", "asks for a warning of student code"),
        ("np.random.seed(1)\nassert f() == 3", "seeds what student code draws from"),
        ("assert open('a').read() == 'b'", "shares files with student code"),
        ("assert 'total' in globals()", "looks into the student's process"),
        ("assert f(x) is x", "asks whether two objects are one"),
        ("assert f(x) is None and g(x) == 3", None),
    ],
)
def test_what_a_test_says_tells_the_rule(test, name):
    assert getattr(rules.by_text(test), "name", None) == name


@pytest.mark.parametrize("name", FAILING)
def test_what_the_own_answers_do_not_pass_is_named_with_the_error(found, name):
    assert not found[name].is_undecidable
    assert FAILING[name][1] in found[name].why


def test_nothing_else_is_named(found):
    assert found.keys() == {*UNDECIDABLE, *FAILING}


def test_an_answer_that_the_sandbox_refuses_is_named(tmp_path):
    answer = "import subprocess\nn = int(subprocess.run(['echo', '1'], capture_output=True).stdout)"
    found = check(tmp_path / ASSIGNMENT, notebook({"number": "assert n == 1"}, answer))
    assert found["number"].is_undecidable
    told = "it needs an answer that fails in the sandbox (U1_answer: PermissionError"
    assert found["number"].why.startswith(told)


def test_a_fault_in_an_answer_is_told_as_an_ordinary_kernel_tells_it(tmp_path):
    nb = notebook(
        {"means": "import pandas as pd\nassert means(pd.DataFrame({'value': [1, 3]})) == 2"},
        "def means(frame):\n    return frame[vaule].mean()",
    )
    nb.cells += [
        nbgrader_cell("solution", "U2_evens", "def evens(n):\n    return 2\n   return 3"),
        nbgrader_cell("solution", "U3_odds", "raise ValueError('odd')"),
        nbgrader_cell("test", "U1_evens", "assert evens(4) == 2", 1),
    ]
    found = check(tmp_path / ASSIGNMENT, nb)
    assert found.keys() == {"means", "evens"}
    assert not any(finding.is_undecidable for finding in found.values())
    assert found["means"].why == (
        "NameError: name 'vaule' is not defined (line 2: assert means(pd.DataFrame({'value': [1, "
        "3]})) == 2; line 3 of U1_answer: return frame[vaule].mean())"
    )
    told = found["evens"].why
    assert told.startswith(
        "NameError: name 'evens' is not defined (line 1: assert evens(4) == 2); "
    )
    assert "; the answer U2_evens fails: IndentationError: unindent does not match" in told


@pytest.mark.parametrize(
    "test",
    [
        "import builtins\nbuiltins.sorted = None",
        "import numpy as np\nnp.mean = None",
        "import math\ndel math.sqrt",
        "from unittest import mock\nwith mock.patch('builtins.sum'):\n    f()",
        "from unittest.mock import patch\nwith patch.object(list, 'x'):\n    f()",
    ],
)
def test_a_test_that_replaces_what_is_called_is_seen(test):
    assert source_check.replaces_what_is_called(test)


@pytest.mark.parametrize(
    "test",
    [
        "import sys, io\nsys.stdout = io.StringIO()",
        "import numpy as np\nx = np.ones(2)\nx.shape = (2, 1)\nassert np.mean(x) == 1",
        "import numpy as np\nnp.random.seed(0)",
        "dispatch(patches)",
        "def f(:",
    ],
)
def test_other_tests_are_not_taken_for_one(test):
    assert not source_check.replaces_what_is_called(test)


def test_a_test_that_looks_for_a_changed_argument_is_seen():
    assert source_check.compares_an_argument("x = [2, 1]\nf(x)\nassert x == [2, 1]")
    assert not source_check.compares_an_argument("x = [2, 1]\nassert f(x) == x[:1]")
    assert not source_check.compares_an_argument("print(x)\ndisplay(x)\nassert x == 4")
    assert not source_check.compares_an_argument("def own(x): pass\nown(x)\nassert x == 4")
    assert not source_check.compares_an_argument("def f(:")
    assert source_check.reads_an_argument_again("x = [2, 1]\nf(x)\nassert x[0] == 2")
    assert not source_check.reads_an_argument_again("x = [2, 1]\nf(x)\ng(x)")


def test_too_slow_an_answer_is_failing_and_not_undecidable(tmp_path):
    answer = "import resource, time\n\ndef slow():\n    time.sleep(3)\n    return 1"
    nb = notebook({"slow": "assert slow() == 1"}, answer)
    found = check(tmp_path / ASSIGNMENT, nb, Execute={"timeout": 1})
    assert found["slow"].why.startswith("CellTimeoutError")
    assert not found["slow"].is_undecidable


def test_in_an_ordinary_kernel_everything_is_decided(tmp_path):
    tests = {name: UNDECIDABLE[name][0] for name in ("class", "source")}
    nb = notebook(tests | {"wrong": FAILING["wrong"][0]})
    found = check(tmp_path / ASSIGNMENT, nb, ExecuteSubmission={"room": "kernel"})
    assert {name: finding.is_undecidable for name, finding in found.items()} == {"wrong": False}


# --- a class ------------------------------------------------------------------------------------

WAITING = ("class", "source")
RIGHT = f"# %% T1_double\ndouble = lambda x: 2 * x\n# %% U1_answer\n{ANSWER}"
CHEAT = """# %% U1_answer
class Everything:
    def __eq__(self, other):
        return True

class Pair:
    first = 3

def push(values):
    raise SystemExit

def plain(x):
    return Everything()
"""


@pytest.fixture(scope="module")
def fresh_class(tmp_path_factory):
    tests = {name: UNDECIDABLE[name][0] for name in WAITING} | {"plain": DECIDABLE["plain"]}
    course = Course(make_course(tmp_path_factory.mktemp("class") / "course", notebook(tests)))
    release.make_release(course, ASSIGNMENT)
    registration.register(course, ASSIGNMENT)
    for student, text in {"ada": RIGHT, "cheat": CHEAT, "blank": ""}.items():
        submissions.fill(course, ASSIGNMENT, write_answers(course.root, student, text))
    source_check.find(course, ASSIGNMENT)
    return course


@pytest.fixture
def course(fresh_class, tmp_path):
    return Course(shutil.copytree(fresh_class.root, tmp_path / "course"))


def grade(course, students=("ada", "blank", "cheat"), **options):
    return dict(class_run.autograde(course, ASSIGNMENT, students, Options(**options)))


def grades(course, student):
    """Automatic score and whether a person is waited for, of the cells of U1."""
    with course.gradebook() as gradebook:
        [submitted] = gradebook.find_submission(ASSIGNMENT, student).notebooks
        return {
            g.name.removeprefix("U1_"): (g.auto_score, g.needs_manual_grade)
            for g in submitted.grades
            if g.name.startswith("U1")
        }


def graded_cell(course, student, name):
    path = course.folder("autograded", student, ASSIGNMENT) / "tiny.ipynb"
    return cell_of(nbformat.read(path, as_version=4), name)


def trust(course, cells):
    with open(course.root / "course.toml", "a") as file:
        file.write(f"stock_trust = {cells}\n")


@pytest.mark.sandbox
def test_such_cells_wait_for_a_person_and_a_blank_answer_has_its_zero(course):
    graded = grade(course)
    assert {outcome.status for outcome in graded.values()} == {GRADED}
    waits = dict.fromkeys(WAITING, (None, True))
    assert grades(course, "ada") == waits | {"plain": (2, False)}
    # only of the cell that the computer decides
    assert {student: outcome.label for student, outcome in graded.items()} == {
        "ada": "",
        "blank": "",
        "cheat": "no plain data (U1)",
    }
    # no submission has a say in what waits: what is no plain data is a wrong answer elsewhere
    assert grades(course, "cheat") == waits | {"plain": (0, False)}
    assert grades(course, "blank") == dict.fromkeys([*WAITING, "plain"], (0, False))
    [output] = graded_cell(course, "ada", "U1_class").outputs
    assert output.text == SENTENCE
    made = report.make_report(course, ASSIGNMENT)
    told = report_text.undecided(made)
    assert [line.partition(" ")[0] for line in told[:-1]] == ["U1_class", "U1_source"]
    assert "grade them in the formgrader, list them under stock_trust" in told[-1]
    assert {line.student: line.exercises["U1"].waits for line in made.lines} == {
        "ada": True,
        "blank": False,
        "cheat": True,
    }


def test_points_given_by_hand_stay_when_the_work_is_graded_again(course):
    grade(course, ["ada"])
    with course.gradebook() as gradebook:
        found = gradebook.find_grade("U1_class", "tiny", ASSIGNMENT, "ada")
        found.manual_score, found.needs_manual_grade = 1.5, False
        gradebook.db.commit()
    grade(course, ["ada"], resume=False)
    with course.gradebook() as gradebook:
        assert gradebook.find_grade("U1_class", "tiny", ASSIGNMENT, "ada").score == 1.5


@pytest.mark.sandbox
def test_nbgraders_own_command_leaves_them_to_a_person_too(course):
    result = course.nbgrader().autograde(ASSIGNMENT, "ada")
    assert result["success"], result["log"]
    assert grades(course, "ada") == dict.fromkeys(WAITING, (None, True)) | {"plain": (2, False)}


@pytest.mark.sandbox
def test_a_cell_with_stocks_trust_is_decided_beside_the_answers(course):
    trust(course, ["U1_class", "U1_plain"])
    outcomes = grade(course)
    assert grades(course, "ada") == {
        "class": (2, False),
        "source": (None, True),
        "plain": (2, False),  # can be decided, and is, in the sandbox
    }
    assert grades(course, "cheat")["plain"] == (0, False)
    assert grades(course, "blank")["class"] == (0, False)
    assert {outcome.isolation for outcome in outcomes.values()} == {"none"}
    *_, trusted = report_text.undecided(report.make_report(course, ASSIGNMENT))
    assert trusted.endswith("in an ordinary kernel: U1_class")


@pytest.mark.sandbox
def test_stocks_trust_and_required_isolation_exclude_each_other(course):
    trust(course, ["U1_class"])
    with pytest.raises(CourseError, match=r"'limits' is required, and course\.toml gives cells"):
        grade(course, isolation="limits")


@pytest.mark.sandbox
def test_a_source_is_checked_once_until_it_changes(course, monkeypatch):
    checked = []

    def note(path, step):
        checked.append(path.name)
        return []

    monkeypatch.setattr(source_check, "check_notebook", note)
    assert {finding.is_undecidable for finding in source_check.find(course, ASSIGNMENT)} == {True}
    assert checked == []
    with open(course.root / "nbgrader_config.py", "a") as config:
        config.write("# another configuration\n")
    assert source_check.find(course, ASSIGNMENT) == source_check.find(course, ASSIGNMENT) == []
    assert checked == ["tiny.ipynb"]


def test_a_test_that_nobody_can_pass_stops_a_class_unless_it_is_graded_anyway(course):
    path = course.notebooks(ASSIGNMENT)[0]
    nb = nbformat.read(path, as_version=4)
    cell_of(nb, "T1_double_visible").source = "assert double(1) == 3"
    nbformat.write(nb, path)
    registration.register(course, ASSIGNMENT)
    with pytest.raises(CourseError, match="T1_double_visible: AssertionError"):
        grade(course)
    assert course.students("autograded", ASSIGNMENT) == []
    assert grade(course, grade_anyway=True)["ada"].status == GRADED
    nobody = class_run.passed_by_nobody(course, ASSIGNMENT)
    assert "T1_double_visible" in nobody
    assert "T1_double_hidden_values" not in nobody
    assert "U1_class" not in nobody, "it waits"
