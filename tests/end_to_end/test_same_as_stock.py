"""Honest submissions get the scores, outputs and figures that nbgrader as it is gives them.

Where the course differs on purpose stands in ``docs/nbgrader_differences.md``, line by line with a
test here or a test that the line names.
"""

import re
import shutil

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from tiny_course import ASSIGNMENT, REPOSITORY, cell_of, make_course, nbgrader_cell, tiny_notebook
from two_graders import grade_twice, kinds, pictures, text

from course_utils.staff.authoring import release, submissions
from course_utils.staff.course import Course
from course_utils.staff.grading import registration

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")]

# --- everything that a cell can show, one after the other in one notebook -----------------------

SAME = {
    "imports": "import asyncio, io, os, sys, time, warnings\nimport numpy as np\n"
    "import matplotlib.pyplot as plt\n"
    "from IPython.display import HTML, JSON, Image, Latex, Math, clear_output, display",
    "joblib": "import joblib\njoblib.Parallel(2)(joblib.delayed(abs)(i) for i in (-1, 2))",
    # figures
    "figure-shown": "plt.plot([1, 2, 3])\nplt.show()",
    "figure-left-open": "plt.plot([3, 2, 1]);",
    "figure-of-axes": "figure, axes = plt.subplots()\naxes.imshow(np.eye(3));",
    "figures-several": "for i in range(3):\n    plt.figure()\n    plt.plot([i, 1])\n    print(i)",
    "figure-as-result": "figure = plt.figure()\nplt.plot([1, 5])\nfigure",
    "figure-closed": "figure, axes = plt.subplots()\nplt.close(figure)\nfigure",
    "figure-saved": "plt.plot([1])\nplt.savefig('plot.png')\nplt.close()\n"
    "Image('plot.png', width=99)",
    "figure-displayed": "buffer = io.BytesIO()\nplt.plot([1])\nplt.savefig(buffer, format='png')\n"
    "plt.close()\ndisplay(Image(data=buffer.getvalue()))",
    "figure-inline": "%matplotlib inline\nplt.plot([1]);",
    "figure-style": "with plt.style.context('dark_background'):\n    plt.plot([1])\n    plt.show()",
    "figure-and-result": "plt.plot([1, 2])\nprint('before')\n3",
    "figure-and-error": "plt.plot([1, 2])\n1 / 0",
    "backend": "import matplotlib\nmatplotlib.get_backend(), plt.rcParams['figure.dpi']",
    # updates
    "display-several": "display(1, 'two', np.eye(1))",
    "display-nothing": "display()",
    "display-updated": "handle = display('one', display_id=True)\nhandle.update('two')",
    "display-updated-later": "handle.update('three')",
    "cleared": "print('a')\nclear_output()\nprint('b')",
    "cleared-when-more-comes": "print('a')\nclear_output(wait=True)\nprint('b')",
    "cleared-when-nothing-comes": "print('a')\nclear_output(wait=True)",
    # printed
    "stderr": "print('x', file=sys.stderr)\nprint('y')",
    "empty-line": "print()",
    "written": "n = sys.stdout.write('abc\\n')",
    "long-print": "print('x' * 200_000)",
    "unicode": "print('é 🎉 √')",
    "thread": "import threading\nthread = threading.Thread(target=lambda: print('in a thread'))\n"
    "thread.start()\nthread.join()",
    "logged": "import logging\nlogging.warning('logged')",
    "help-text": "help(abs)",
    "help-page": "np.add?",
    # errors
    "division": "def divide(x):\n    return 1 / x\n\ndivide(0)",
    "after-an-error": "print('still here')",
    "name": "undefined_name",
    "assertion": "assert 1 == 2, 'no'",
    "chained": "try:\n    1 / 0\nexcept Exception as error:\n    raise ValueError('v') from error",
    "group": "raise SystemError('s') from ExceptionGroup('g', [ValueError(1)])",
    "recursion": "def endless():\n    return endless()\n\nendless()",
    "exit-code": "sys.exit(3)",
    "keyboard": "raise KeyboardInterrupt",
    "input": "try:\n    input('name? ')\nfinally:\n    print('nobody answers')",
    "short-traceback": "%xmode Minimal\n1 / 0",
    "traceback": "%xmode Context",
    # results
    "dict": "{'a': [1, 2], 'b': np.eye(2)}",
    "long-list": "list(range(5000))",
    "array": "np.arange(2000.0)",
    "semicolon": "7;",
    "none": "None",
    "last-of-two": "1\n2",
    "five": "5",
    "underscore": "_ + 1",
    "out": "Out[max(Out)] * 2",
    "in": "In[-1]",
    "json": "JSON({'a': 1})",
    "math": "Math('x^2')",
    "latex": "Latex('$y$')",
    "html": "HTML('<b>bold</b>')",
    "table": "class Table:\n    def __repr__(self):\n        return 'Table()'\n\n"
    "    def _repr_html_(self):\n        return '<table><tr><td>1</td></tr></table>'\n\nTable()",
    "animation": "from matplotlib.animation import FuncAnimation\n"
    "figure, axes = plt.subplots(figsize=(1, 1))\n[line] = axes.plot([0, 1])\n"
    "film = FuncAnimation(figure, lambda i: line.set_ydata([i, 1]), frames=2)\n"
    "plt.close(figure)\nHTML(film.to_jshtml())",
    "random": "np.random.seed(0)\nnp.random.rand(2)",
    "torch": "import torch\ntorch.manual_seed(0)\ntorch.rand(2)",
    "class": "from dataclasses import dataclass\n\n@dataclass\nclass Point:\n    x: int\n\n"
    "Point(1)",
    "pickled": "import pickle\npickle.loads(pickle.dumps(Point(2)))",
    "source": "import inspect\nprint(inspect.getsource(divide))",
    "main": "import __main__\n__name__, __main__.divide is divide",
    # IPython
    "await": "await asyncio.sleep(0.01)\nprint('awaited')",
    "loop": "asyncio.get_event_loop() is not None",
    "capture": "%%capture captured\nprint('hidden')",
    "captured": "captured.stdout",
    "captured-shown": "captured()",
    "precision": "%precision 3\nnp.pi",
    "write-file": "%%writefile made.py\nvalue = 5",
    "import-file": "import made\nmade.value",
    "run-file": "%run made.py\nvalue",
    "file-exists": "os.path.exists('made.py'), os.path.exists('nothing.py')",
    "executor": "from concurrent.futures import ThreadPoolExecutor\n"
    "list(ThreadPoolExecutor(2).map(abs, [-1, 2]))",
    "doctest": "import doctest\n\ndef one():\n    '''\n    >>> one()\n    1\n    '''\n"
    "    return 1\n\ndoctest.testmod()",
    "graded-by": "os.environ['NBGRADER_EXECUTION']",
}

# the same kinds of outputs, whose text tells times and places
SAME_KINDS = {
    "warning": "warnings.warn('careful')",
    "numpy-warning": "np.array([1.0]) / 0",
    "syntax": "def broken(:",
    "indentation": "  x = 1\n y = 2",
    "progress": "from tqdm import tqdm\nfor i in tqdm(range(3), desc='work'):\n    pass",
    "timeit": "%timeit -n 1 -r 1 pass",
    "time": "%%time\nsum(range(10))",
    "thread-fails": "threading.Thread(target=divide, args=[0]).start()\ntime.sleep(0.1)",
    "estimator": "from sklearn.linear_model import LinearRegression\nLinearRegression()",
    "folder": "%pwd",
}

REFUSED = [("error", "PermissionError")]
NOTED = [("stream", "stderr")]
PRINTED = [("stream", "stdout")]
PLAIN = [("execute_result", "text/plain")]
HTML = [("execute_result", "text/html", "text/plain")]

# source, kinds with nbgrader's engine, kinds with the course's
DIFFERENT = {
    "shell": ("!echo hi", PRINTED, NOTED),
    "shell-assigned": ("hi = !echo hi\nhi", PLAIN, NOTED + PLAIN),
    "script": ("%%bash\necho hi", PRINTED, REFUSED),
    "subprocess": (
        "import subprocess\nsubprocess.run(['echo', 'hi'], capture_output=True).stdout",
        PLAIN,
        REFUSED,
    ),
    "processes": (
        "import multiprocessing\nwith multiprocessing.Pool(1) as pool:\n"
        "    print(pool.map(abs, [1]))",
        PRINTED,
        [("error", "FileNotFoundError")],
    ),
    "file-number": ("sys.stdout.fileno() > 0", PLAIN, [("error", "UnsupportedOperation")]),
    "descriptor": ("n = os.write(1, b'raw\\n')", PRINTED, []),
    "loop-runs": (
        "asyncio.run(asyncio.sleep(0))",
        [("error", "RuntimeError")],
        [],
    ),
    "svg": (
        "from IPython.display import SVG\n"
        'SVG(\'<svg xmlns="http://www.w3.org/2000/svg"><circle r="4"/></svg>\')',
        [("execute_result", "image/svg+xml", "text/plain")],
        HTML,
    ),
    "markdown": (
        "from IPython.display import Markdown\nMarkdown('**b** and $x^2$')",
        [("execute_result", "text/markdown", "text/plain")],
        HTML,
    ),
    "javascript": (
        "from IPython.display import Javascript\nJavascript('1')",
        [("execute_result", "application/javascript", "text/plain")],
        PLAIN,
    ),
    "widget": (
        "import ipywidgets\nipywidgets.IntSlider()",
        [("execute_result", "application/vnd.jupyter.widget-view+json", "text/plain")],
        PLAIN,
    ),
    "progress-widget": (
        "from tqdm.auto import tqdm as bar\nfor i in bar(range(3)):\n    pass",
        [("display_data", "application/vnd.jupyter.widget-view+json", "text/plain")],
        [("stream", "stderr")],
    ),
    "lone-surrogate": ("print('\\ud83d')", [("stream", "stderr")], PRINTED),
}

# --- tests: their points with nbgrader's engine and with the course's (None: a person's to give) --

ANSWER = """
import fractions
from collections import namedtuple

Pair = namedtuple("Pair", "first second")

def loud(x):
    print("called with", x)
    return x

def drawing(x):
    plt.plot([x, 1])
    return x

def wary(x):
    warnings.warn("careful")
    return x

def wrong(x):
    return -x

def crossed(x):
    raise KeyError(x)

DATA = {"a": np.arange(3), "b": (1, [2.5])}
"""

TESTS = {
    "passes": ("assert loud(1) == 1", 2, 2),
    "fails": ("assert wrong(1) == 1", 0, 0),
    "fails-at-once": ("raise ValueError", 0, 0),
    "error-expected": (
        "try:\n    crossed(1)\nexcept KeyError:\n    pass\nelse:\n    raise AssertionError",
        2,
        2,
    ),
    "error-in-the-function": ("crossed(1)", 0, 0),
    "no-such-name": ("assert nobody_defines_this(1)", 0, 0),
    "data": (
        "np.testing.assert_array_equal(DATA['a'], [0, 1, 2])\nassert DATA['b'] == (1, [2.5])",
        2,
        2,
    ),
    "partial": ("sum(loud(x) == x for x in range(1))", 1, 1),
    "partial-none": ("0.0", 0, 0),
    "draws": ("assert drawing(2) == 2", 2, 2),
    "shows": ("plt.plot([1, 2])\nplt.show()\nprint('shown')", 2, 2),
    "test-group": ("raise ExceptionGroup('g', [ValueError(1)])", 0, 0),
    "test-stderr": ("print('a remark', file=sys.stderr)", 0, 2),
    "test-warning": ("assert wary(1) == 1", 0, 2),
    "changes-a-variable": ("assert DATA['a'].sum() == 3\nDATA['a'][:] = 7", 2, 2),
    "after-the-change": ("assert DATA['a'].sum() == 3", 0, 2),
    "deletes-a-name": ("kept = loud\ndel loud\nwrong(1)\nloud = kept\nassert loud(1) == 1", 2, 2),
    "uses-a-module-of-the-answer": ("assert fractions.Fraction(1, 2) > 0", 2, None),
    "uses-a-class-of-the-answer": ("assert Pair(1, 2).first == 1", 2, None),
    "replaces-a-function": ("loud = wrong\nassert loud(1) == -1", 2, 2),
}


def small_notebook():
    nb = tiny_notebook()
    sources = SAME | SAME_KINDS | {name: source for name, (source, *_) in DIFFERENT.items()}
    nb.cells += [new_code_cell(source, id=name) for name, source in sources.items()]
    nb.cells.append(nbgrader_cell("solution", "answer", ANSWER))
    for name, (source, *_) in TESTS.items():
        nb.cells.append(nbgrader_cell("test", name, source, 2))
    return nb


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The notebook above, graded twice, and a student who has answered T1 and T2 wrong."""
    nb = small_notebook()
    course = Course(make_course(tmp_path_factory.mktemp("small") / "course", nb))
    release.make_release(course, ASSIGNMENT)
    registration.register(course, ASSIGNMENT)
    wrong = small_notebook()
    wrong.cells = [
        cell for cell in wrong.cells if "nbgrader" in cell.metadata or cell.id == "imports"
    ]
    cell_of(wrong, "T1_double").source = "def double(x):\n    return x + 1"
    cell_of(wrong, "answer").source = "def loud(x):\n    return 2 * x"
    for student, handed_in in (("right", nb), ("wrong", wrong)):
        folder = course.folder("submitted", student, ASSIGNMENT)
        folder.mkdir(parents=True)
        nbformat.write(handed_in, folder / "tiny.ipynb")
    return grade_twice(course, ASSIGNMENT)


@pytest.mark.parametrize("name", [*SAME, *SAME_KINDS])
def test_a_cell_shows_the_same(small, name):
    stock, ours = (graded.cells("right")[name] for graded in small)
    assert kinds(ours) == kinds(stock)
    assert pictures(ours) == pictures(stock)
    assert ours.execution_count == stock.execution_count
    if name in SAME:
        assert text(ours) == text(stock)


@pytest.mark.parametrize("name", DIFFERENT)
def test_a_cell_shows_something_else(small, name):
    _, expected, expected_here = DIFFERENT[name]
    stock, ours = (graded.cells("right")[name] for graded in small)
    assert (kinds(stock), kinds(ours)) == (expected, expected_here)


@pytest.mark.parametrize("name", TESTS)
def test_a_test_gets_the_same_points_but_for_what_is_listed(small, name):
    _, points, points_here = TESTS[name]
    stock, ours = (graded.scores("right")[name] for graded in small)
    assert (stock, ours) == (points, points_here)


def test_wrong_answers_lose_the_same_points(small):
    stock, ours = (graded.scores("wrong") for graded in small)
    different = {name for name, (_, points, here) in TESTS.items() if points != here}
    assert {name for name in stock if stock[name] != ours[name]} <= different
    assert (ours["T1_double_visible"], ours["T1_double_hidden_values"]) == (1, 0)


def test_what_the_list_of_differences_names_is_there():
    text = (REPOSITORY / "docs" / "nbgrader_differences.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("|") and line.endswith("` |")]
    shown_by = [name for row in rows for name in re.findall("`(.+?)`", row.split("|")[-2])]
    assert len(shown_by) >= len(rows) > 30
    tests = REPOSITORY / "tests"
    cases = {*SAME, *SAME_KINDS, *DIFFERENT, *TESTS}
    assert [name for name in shown_by if name not in cases and not (tests / name).is_file()] == []
    listed = {name for name, (_, points, here) in TESTS.items() if points != here} | {*DIFFERENT}
    assert listed - set(shown_by) == set()


# --- the sample class ---------------------------------------------------------------------------

# damaged, crashing or endless: see docs/nbgrader_differences.md
NOT_HONEST = ("crash", "deleted-test", "infinite-loop", "malformed-json")
TUTORIALS = sorted(path.parent.name for path in (REPOSITORY / "source").glob("*/*.ipynb"))


def pytest_generate_tests(metafunc):
    """With --proof everyone in every tutorial; otherwise every third student of the first."""
    if "sample_class" in metafunc.fixturenames:
        chosen = TUTORIALS if metafunc.config.getoption("--proof") else TUTORIALS[:1]
        metafunc.parametrize("sample_class", chosen, indirect=True, scope="module")


@pytest.fixture(scope="module")
def sample_class(request, tmp_path_factory):
    """The students of a tutorial's sample class, and their work graded twice."""
    root = tmp_path_factory.mktemp(request.param) / "course"
    for name in ("source", "release"):
        shutil.copytree(REPOSITORY / name, root / name)
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    settings = (REPOSITORY / "course.toml").read_text(encoding="utf-8")
    # nbgrader tries nothing twice
    without, count = re.subn(r"follow_through = \S+", "follow_through = 0", settings)
    assert count == 1
    (root / "course.toml").write_text(without, encoding="utf-8")
    course = Course(root)
    registration.register(course, request.param)
    answers = sorted((REPOSITORY / "sample_class" / request.param).glob("*.py"))
    honest = [path for path in answers if path.stem not in NOT_HONEST]
    if not request.config.getoption("--proof"):
        honest = honest[::3]
    for path in honest:
        submissions.fill(course, request.param, path)
    return [path.stem for path in honest], *grade_twice(course, request.param)


def test_the_class_gets_the_same_scores(sample_class):
    students, stock, ours = sample_class
    for student in students:
        assert ours.scores(student) == stock.scores(student), student


def test_the_class_sees_the_same_outputs_and_figures(sample_class):
    students, stock, ours = sample_class
    for student in students:
        cells, expected = ours.cells(student), stock.cells(student)
        assert cells.keys() == expected.keys()
        for name, cell in cells.items():
            assert kinds(cell) == kinds(expected[name]), (student, name)
            assert pictures(cell) == pictures(expected[name]), (student, name)


def test_the_class_reads_the_same_but_for_the_inputs_of_random_tests(sample_class):
    """A student's inputs have a seed of their own, and with them the numbers and hints."""
    students, stock, ours = sample_class
    for student in students:
        cells, expected = ours.cells(student), stock.cells(student)
        for name, cell in cells.items():
            assert verdicts(cell) == verdicts(expected[name]), (student, name)


def verdicts(cell):
    """The lines in which a cell says what is right and what is not, without numbers."""
    lines = re.findall(r"^.*[✔✘].*$", text(cell), re.M)
    return [re.sub(r"-?\d[\d.]*", "#", line) for line in lines]
