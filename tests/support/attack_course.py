"""The course in which submissions attack the grader.

Its one assignment is made like the course's: fixtures in a locked cell, a visible check, hidden
tests in cells of their own; 8 points. Everything an attack could want to learn is a canary
(`SECRETS`).
"""

import shutil

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from tiny_course import REPOSITORY, cell_of, nbgrader_cell, write_secret

ASSIGNMENT = "01_guarded"
NOTEBOOK = "guarded.ipynb"
HONEST = ("aa-honest", "zz-honest")  # graded first and last; also the victims
FULL = 8

SECRETS = {
    "hidden test": "canary-hidden-test-5e1c",
    "expected text": "canary-expected-text-90ab",
    "expected number": "40937.0625",
    "solution": "canary-solution-77d2",
    "other student": "canary-other-student-c3f4",
    "gradebook": "canary-gradebook-18e6",
    "environment": "canary-environment-b2a9",
}
ANSWERS = {
    "A1_correlate2d": """def correlate2d(x, w):
    x, w = np.asarray(x, dtype=float), np.asarray(w, dtype=float)
    rows, columns = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            out[i, j] = (x[i : i + w.shape[0], j : j + w.shape[1]] * w).sum()
    return out""",
    "A2_answer": "answer = 40937.0625",
    "A2_label": f"label = {SECRETS['expected text']!r}",
}
WRONG = {
    "A1_correlate2d": "def correlate2d(x, w):\n    return np.zeros((2, 2))",
    "A2_answer": "answer = 0",
    "A2_label": 'label = "?"',
}
TESTS = {
    "A1_visible": (1, "check.close(correlate2d(IMAGE, EDGES), EDGE_MAP)"),
    "A1_hidden_values": (
        2,
        f"""# Rectangles.
### BEGIN HIDDEN TESTS
from course_utils.staff.mistakes import convolution_by_hand as mistakes
from course_utils.staff.reference import convolution_by_hand as reference
from course_utils.staff.reference.convolution_by_hand import cases
canary = {SECRETS["hidden test"]!r}
few = cases.correlate2d_plain(check.rng("A1 values"))
check.agrees(correlate2d, reference.correlate2d, few, mistakes.correlate2d)
### END HIDDEN TESTS""",
    ),
    "A1_hidden_by_hand": (
        1,
        """# By hand.
### BEGIN HIDDEN TESTS
from course_utils.staff.reference import convolution_by_hand as reference
from course_utils.staff.reference.convolution_by_hand import cases
few = cases.correlate2d_plain(check.rng("A1 by hand"))
check.agrees(correlate2d, reference.correlate2d, few)
check.forbids(correlate2d, *check.CONVOLUTION_LIBRARIES, cases=few)
### END HIDDEN TESTS""",
    ),
    "A1_hidden_testing": (
        1,
        """# As many graders write it.
### BEGIN HIDDEN TESTS
from course_utils.staff.reference import convolution_by_hand as reference
image, kernel = np.arange(20.0).reshape(4, 5) ** 2, np.ones((2, 3))
np.testing.assert_allclose(correlate2d(image, kernel), reference.correlate2d(image, kernel))
### END HIDDEN TESTS""",
    ),
    "A1_hidden_builtins": (
        1,
        """# The same with builtins.
### BEGIN HIDDEN TESTS
ones = np.ones((2, 2))
for mine in map(lambda image: correlate2d(image, ones), [np.ones((3, 4)), np.ones((3, 5))]):
    assert isinstance(mine, np.ndarray) and len(mine) == 2
    assert all(abs(float(number) - 4) < 1e-9 for row in mine for number in row)
### END HIDDEN TESTS""",
    ),
    "A2_hidden_answer": (
        1,
        f"""# The number.
### BEGIN HIDDEN TESTS
check.is_right(answer, {SECRETS["expected number"]})
### END HIDDEN TESTS""",
    ),
    "A2_hidden_label": (
        1,
        f"""# The text.
### BEGIN HIDDEN TESTS
assert label == {SECRETS["expected text"]!r}
### END HIDDEN TESTS""",
    ),
}


def guarded_notebook():
    """Return the source notebook of the assignment."""

    def solution(name):
        marked = f"### BEGIN SOLUTION\n# {SECRETS['solution']}\n{ANSWERS[name]}\n### END SOLUTION"
        return nbgrader_cell("solution", name, marked)

    def test(name):
        points, source = TESTS[name]
        return nbgrader_cell("test", name, source, points)

    cells = [
        nbgrader_cell("locked", "setup", "import numpy as np\n\nfrom course_utils import check"),
        nbgrader_cell(
            "locked",
            "A1_fixtures",
            "IMAGE = np.array([[0.0, 1, 4, 9], [1, 4, 9, 16], [4, 9, 16, 25]])\n"
            "EDGES = np.array([[1.0, -1.0], [1.0, -1.0]])\n"
            "EDGE_MAP = np.array([[-4.0, -8, -12], [-8, -12, -16]])",
        ),
        solution("A1_correlate2d"),
        *(test(name) for name in TESTS if name.startswith("A1")),
        solution("A2_answer"),
        solution("A2_label"),
        *(test(name) for name in TESTS if name.startswith("A2")),
    ]
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(
        cells=cells, metadata={"kernelspec": kernelspec, "language_info": {"name": "python"}}
    )


def make_course(folder, stock):
    """Make a course with the assignment, registered, and the honest submissions; stock's way."""
    source = folder / "source" / ASSIGNMENT
    source.mkdir(parents=True)
    (folder / "exchange").mkdir()
    nbformat.write(guarded_notebook(), source / NOTEBOOK)
    shutil.copy(REPOSITORY / "nbgrader_config.py", folder)
    write_secret(folder)
    (folder / "course.toml").write_text(f"[assignments.{ASSIGNMENT}]\ndue = 2027-03-05T12:00:00\n")
    stock.ask(course=str(folder), generate=True)
    released = nbformat.read(folder / "release" / ASSIGNMENT / NOTEBOOK, as_version=4)
    for name, source in ANSWERS.items():
        cell_of(released, name).source = source
    released.cells.append(new_code_cell(f"# {SECRETS['other student']}", id="own"))
    nbformat.write(released, folder / "honest.ipynb")
    for student in HONEST:
        submit(folder, student, released)
    return folder


def submit(course, student, nb):
    """Write a notebook into ``submitted/``."""
    folder = course / "submitted" / student / ASSIGNMENT
    folder.mkdir(parents=True)
    nbformat.write(nb, folder / NOTEBOOK)
