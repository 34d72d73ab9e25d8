"""Running a source notebook's cells in this process: roles, failures, hints and mutants."""

import ast
import json

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from course_utils.check import hints as student_hints
from course_utils.staff.authoring import hint_tables, mutation
from course_utils.staff.authoring.source_notebook import SourceNotebook

GIVEN = "import numpy as np\nfrom course_utils import check\nIMAGE = np.arange(20.0).reshape(4, 5)"
SOLUTION = '''def correlate2d(x, w, stride=1, padding=0):
    """Correlate."""
    ### BEGIN SOLUTION
    x = np.pad(x, padding)
    rows = (x.shape[0] - w.shape[0]) // stride + 1
    cols = (x.shape[1] - w.shape[1]) // stride + 1
    z = np.zeros((rows, cols))
    for i in range(rows):
        for j in range(cols):
            window = x[i * stride :, j * stride :][: w.shape[0], : w.shape[1]]
            z[i, j] = (window * w).sum()
    return z
    ### END SOLUTION'''
VISIBLE = "check.close(correlate2d(IMAGE, np.eye(2, 3)), [[6, 8, 10], [16, 18, 20], [26, 28, 30]])"
ODDLY_WRITTEN = """\
check.close(correlate2d( IMAGE,np.eye(2, 3) )[0:2,:]
            * (1.),  # two rows
            [[6, 8, 10], [16, 18, 20]])"""
HIDDEN = """# random rectangles
### BEGIN HIDDEN TESTS
from course_utils.staff.mistakes import convolution_by_hand as mistakes
from course_utils.staff.reference import convolution_by_hand as reference
cases = [check.case(IMAGE, IMAGE[:2, :3]), check.case(IMAGE, IMAGE[:2, :3], 2),
         check.case(IMAGE, IMAGE[:3, :2], 1, 1), check.case(IMAGE, IMAGE[:1, :1], 3, 2)]
check.agrees(correlate2d, reference.correlate2d, cases, mistakes.correlate2d)
### END HIDDEN TESTS"""
NO_HISTORY = Config(HistoryManager={"enabled": False})
WEAK_HIDDEN = HIDDEN.replace("cases = [", "cases = [check.case(IMAGE, IMAGE[:1, :1])] or [")


def graded(source, grade_id, **flags):
    grader = {"schema_version": 3, "grade_id": grade_id, "grade": False, "solution": False,
              "locked": True, "task": False} | flags  # fmt: skip
    return nbformat.v4.new_code_cell(source, metadata={"nbgrader": grader})


@pytest.fixture
def write(tmp_path):
    """Write a one-task source notebook; parts can be replaced."""

    def notebook(solution=SOLUTION, visible=VISIBLE, hidden=HIDDEN):
        cells = [
            nbformat.v4.new_markdown_cell("# A task"),
            graded(GIVEN, "setup"),
            graded(solution, "C1_correlate2d", solution=True, locked=False),
            graded(visible, "C1_correlate2d_visible", grade=True, points=1),
            graded(hidden, "C1_correlate2d_hidden", grade=True, points=2),
        ]
        path = tmp_path / "convolution_by_hand.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
        return path

    return notebook


class TestSourceNotebook:
    def test_cells_have_roles(self, write):
        notebook = SourceNotebook(write())
        assert [(cell.grade_id, cell.role) for cell in notebook.cells] == [
            ("setup", "given"),
            ("C1_correlate2d", "solution"),
            ("C1_correlate2d_visible", "visible"),
            ("C1_correlate2d_hidden", "hidden"),
        ]
        assert notebook.solutions()[0].names_defined == {"correlate2d"}
        assert [t.grade_id for t in notebook.tests_of(["correlate2d"], "hidden")] == [
            "C1_correlate2d_hidden"
        ]
        assert notebook.mistakes.__name__ == "course_utils.staff.mistakes.convolution_by_hand"

    def test_a_wrong_function_fails_in_its_place_and_the_right_one_passes(self, write):
        notebook = SourceNotebook(write())
        flipped = next(iter(notebook.mistakes.correlate2d)).function
        visible, hidden = notebook.tests()
        assert notebook.failure(visible, {}) is None
        assert notebook.failure(hidden, {}) is None
        failure = notebook.failure(hidden, {"correlate2d": flipped})
        assert failure.mistake == "kernel-flipped"
        assert notebook.failure(hidden, {}) is None, "a change must not outlive its run"

    def test_a_solution_that_fails_its_own_test_is_an_error_that_names_the_cell(self, write):
        path = write(visible="check.equal(correlate2d(IMAGE, IMAGE)[0, 0], 1)")
        with pytest.raises(ValueError, match="cell C1_correlate2d_visible fails on the solutions"):
            SourceNotebook(path).namespace()

    def test_a_file_that_is_no_notebook_is_an_error_that_names_the_file(self, tmp_path):
        path = tmp_path / "broken.ipynb"
        path.write_text("{", encoding="utf-8")
        with pytest.raises(ValueError, match="broken.ipynb is not a readable notebook"):
            SourceNotebook(path)


class TestHintTable:
    def test_a_visible_failure_finds_its_hint_in_a_kernel_without_the_mistakes(
        self, write, monkeypatch
    ):
        path = write(visible=ODDLY_WRITTEN)
        table = hint_tables.build_table(path)
        assert json.loads(json.dumps(table)) == table
        assert hint_tables.build_table(path) == table
        monkeypatch.setattr(student_hints, "read_tables", lambda: [table])
        student_hints.table.cache_clear()
        kernel = InteractiveShell(config=NO_HISTORY)
        kernel.run_cell(GIVEN).raise_error()

        def mistake_of(visible, solution):
            kernel.run_cell(solution).raise_error()
            return kernel.run_cell(visible).error_in_exec.mistake

        mean = SOLUTION.replace(".sum()", ".mean()")
        assert ast.unparse(ast.parse(ODDLY_WRITTEN)) not in ODDLY_WRITTEN
        assert mistake_of(ODDLY_WRITTEN, mean) == "mean-for-sum"
        # the same numbers from something else that is checked, and from another mistake
        assert mistake_of(ODDLY_WRITTEN.replace("(1.)", "(1)"), mean) is None
        product = SOLUTION.replace(".sum()", ".prod()")
        assert mistake_of(ODDLY_WRITTEN, product) is None
        student_hints.table.cache_clear()

    def test_a_small_whole_number_gets_no_digest(self, write):
        one = "check.close(correlate2d(IMAGE, np.ones((2, 3)))[0, 0], {})"
        assert hint_tables.build_table(write(visible=one.format(21)))["digests"]
        whole = "check.close(correlate2d(IMAGE, 6 * np.ones((2, 3)))[0, 0], 126)"
        found = hint_tables.build_table(write(visible=whole))["digests"].values()
        assert ["correlate2d/mean-for-sum"] not in found


class TestMutation:
    def test_good_tests_kill_what_is_not_equivalent(self, write, tmp_path):
        result = mutation.check_notebook(write(), tmp_path / "none.toml")
        assert result.counts["C1_correlate2d"]["killed"] > 60
        assert result.rate > 0.9
        assert all(mutant.before != mutant.after for mutant in result.survivors)

    def test_weak_tests_let_mutants_live_and_the_check_fails(self, write, tmp_path):
        result = mutation.check_notebook(write(hidden=WEAK_HIDDEN), tmp_path / "none.toml")
        assert result.rate < mutation.KILL_RATE and not result.good
        good = mutation.check_notebook(write(), tmp_path / "none.toml")
        assert len(result.survivors) > len(good.survivors) + 10

    def test_an_endless_mutant_counts_as_killed(self, write, tmp_path, monkeypatch):
        monkeypatch.setattr(mutation, "SECONDS_PER_MUTANT", 0.3)
        endless = SOLUTION.replace(
            "    return z\n", "    n = 1\n    while n > 0:\n        n = n - 1\n    return z\n"
        )
        result = mutation.check_notebook(write(endless), tmp_path / "none.toml")
        assert "n = n + 1" not in {mutant.after for mutant in result.survivors}

    def test_explained_mutants_are_set_apart_and_stale_explanations_are_told(self, write, tmp_path):
        path = write(hidden=WEAK_HIDDEN)
        survivor = mutation.check_notebook(path, tmp_path / "none.toml").survivors[0]
        explanations = tmp_path / "equivalent.toml"
        tables = [
            {"cell": survivor.cell, "before": survivor.before, "after": survivor.after},
            {"cell": "C1_correlate2d", "before": "return z", "after": "return -z"},
        ]
        explanations.write_text(
            "".join(
                "[[mutant]]\n"
                + "".join(f"{key} = {json.dumps(value)}\n" for key, value in table.items())
                + 'why = "the same function"\n'
                for table in tables
            ),
            encoding="utf-8",
        )
        result = mutation.check_notebook(path, explanations)
        assert survivor.key in {mutant.key for mutant, why in result.explained}
        assert result.stale == [("C1_correlate2d", "return z", "return -z")]
        assert not result.good

    def test_an_explanation_without_a_reason_is_refused(self, tmp_path):
        path = tmp_path / "equivalent.toml"
        path.write_text('[[mutant]]\ncell = "C1"\nbefore = "a"\nafter = "b"\n', encoding="utf-8")
        with pytest.raises(ValueError, match="mutant 1 lacks why"):
            mutation.read_explanations(path)
