"""Which cells the checker runs itself, and whose a name is."""

import pytest

from course_utils.staff.grading.run.cell_plan import is_open, names_of, plan


@pytest.mark.parametrize(
    ("source", "defines", "uses"),
    [
        ("x = y", {"x"}, {"y"}),
        ("import numpy as np", {"np"}, set()),
        ("import a.b", {"a"}, set()),
        ("def f(x):\n    z = x + y\n    return z", {"f"}, {"y"}),
        ("class A:\n    b = c", {"A"}, {"c"}),
        ("[i * n for i in items]", set(), {"n", "items"}),
        ("i = 1\n{i * n for i in items}", {"i"}, {"n", "items"}),
        ("{i: [j for j in i] for i in items if (last := i)}", {"last"}, {"items"}),
        ("lambda image: f(image)", set(), {"f"}),
        ("x[0] = 1", {"x"}, {"x"}),
        ("a.b.c = 1", {"a"}, {"a"}),
        ("for i, (j, k) in pairs:\n    pass", {"i", "j", "k"}, {"pairs"}),
        ("def f():\n    global g\n    g = 1", {"f", "g"}, set()),
        ("%matplotlib inline\nx = 1", {"x"}, {"get_ipython"}),
        ("with open(p) as file:\n    pass", {"file"}, {"open", "p"}),
        # variables of a function or class are not the cell's
        ("def f(n):\n    t = {}\n    t[n] = 1\n    return t[n]", {"f"}, set()),
        ("def f(t):\n    t[0] = t.a = 1\n    t.sort()\n    del t[1]", {"f"}, set()),
        ("def f():\n    t = []\n    def g(n):\n        t.append(n)\n    return g", {"f"}, set()),
        ("class A:\n    t = {}\n    t[0] = 1", {"A"}, set()),
        ("def f(n):\n    t[n] = 1", {"f", "t"}, {"t"}),
        ("def f(n):\n    global t\n    t = {}\n    t[n] = 1", {"f", "t"}, {"t"}),
        # changes that are no assignment
        ("items.append(2)", {"items"}, {"items"}),
        ("last = items.pop()", {"items", "last"}, {"items"}),
        ("a.b[0].sort()", {"a"}, {"a"}),
        ("del d[k]", {"d"}, {"d", "k"}),
        ("np.fill_diagonal(a, 1)", {"a"}, {"np", "a"}),
        ("random.shuffle(items[1:])", {"items"}, {"random", "items"}),
        ("x.add_(1)", {"x"}, {"x"}),
        ("items.count(2)\nitems.__init__()", set(), {"items"}),
    ],
)
def test_names_of_a_cell(source, defines, uses):
    assert names_of(source) == (defines, uses)


def test_a_cell_that_is_no_python_has_no_names():
    assert names_of("def f(:") == (set(), set())


PLAN = plan(
    (
        ("setup", "given", "import numpy as np"),
        ("fixture", "given", "IMAGE = np.ones(3)"),
        ("unused", "given", "slow = work(IMAGE)"),
        ("task", "solution", "def f(x):\n    return x\nanswer = 1"),
        ("test", "test", "assert f(IMAGE) is answer"),
        ("more", "given", "answer = 2"),
        ("again", "test", "assert answer == 2"),
        ("task2", "solution", "answer = 3"),
        ("last", "test", "assert answer == 3"),
    )
)


def test_a_test_needs_the_given_cells_behind_its_names_and_no_others():
    assert PLAN.needed(4) == [0, 1]


def test_names_of_solutions_are_the_students():
    assert PLAN.students_names(4) == {"f", "answer"}


def test_a_given_cell_takes_a_name_over_and_a_later_solution_takes_it_back():
    assert PLAN.needed(6) == [5]
    assert PLAN.students_names(6) == {"f"}
    assert PLAN.needed(8) == []
    assert PLAN.students_names(8) == {"f", "answer"}


OPEN = plan(
    (
        ("star", "given", "from helpers import *"),
        ("closed", "given", "x = 1"),
        ("task", "solution", "raise NotImplementedError"),
        ("test", "test", "assert answer == len(x)"),
        ("known", "test", "assert x == 1"),
    )
)


def test_what_a_test_only_changes_stays_the_students():
    found = plan(
        (("task", "solution", "x = [0]"), ("first", "test", "x[0] = 1"), ("last", "test", "x"))
    )
    assert found.students_names(2) == {"x"}


def test_a_name_that_no_cell_defines_may_come_from_a_cell_that_defines_any():
    assert OPEN.unknown_names(3) == {"answer"}
    assert OPEN.needed(3) == [0, 1]
    assert OPEN.needed(4) == [1]


@pytest.mark.parametrize("source", ["from a import *", "%run helpers", "exec('x = 1')"])
def test_cells_whose_names_cannot_be_read_off(source):
    assert is_open(source)


@pytest.mark.parametrize("source", ["import a", "x = 2 * y", "def f(*args):\n    return args"])
def test_cells_whose_names_can_be_read_off(source):
    assert not is_open(source)


def test_a_solution_that_changes_a_module_does_not_make_it_the_students():
    cells = (
        ("setup", "given", "import sys\nimport matplotlib.pyplot as plt"),
        ("task", "solution", "plt.rcParams['x'] = 1\nsys.path.append('.')\nplt.sort(3)"),
        ("test", "test", "assert plt and sys"),
    )
    assert plan(cells).students_names(2) == set()
    assert plan(cells).needed(2) == [0]


def test_a_solution_that_imports_a_module_anew_makes_it_the_students():
    cells = (
        ("setup", "given", "import sys"),
        ("task", "solution", "import sys\nsys.path.append('.')"),
        ("test", "test", "assert sys"),
    )
    assert plan(cells).students_names(2) == {"sys"}


def test_a_fixture_is_not_the_students_because_a_function_has_a_variable_of_its_name():
    cells = (
        ("fixture", "given", "table = {1: 2, 2: 4}"),
        (
            "task",
            "solution",
            "def f(n):\n    table = {}\n    table[n] = 2 * n\n    return table[n]",
        ),
        ("test", "test", "assert all(f(n) == wanted for n, wanted in table.items())"),
    )
    assert plan(cells).students_names(2) == {"f"}


def test_a_fixture_that_a_solution_changes_is_the_students():
    cells = (
        ("fixture", "given", "items = [1]"),
        ("task", "solution", "items.append(2)"),
        ("test", "test", "assert items == [1, 2]"),
    )
    assert plan(cells).students_names(2) == {"items"}
    assert plan(cells).needed(2) == []
