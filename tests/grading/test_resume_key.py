"""The key of a run covers the code that a graded run imports, and no other."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tiny_course import ASSIGNMENT, cell_of, make_course, tiny_notebook, write_answers

import course_utils
from course_utils.staff.authoring.release import make_release
from course_utils.staff.authoring.submissions import fill
from course_utils.staff.course import Course
from course_utils.staff.grading import resume_key

PACKAGE = Path(course_utils.__file__).parent
COVERED = set(resume_key.files_in(PACKAGE, resume_key.WITHOUT_EFFECT))
LIST = """import sys
print([m.__file__ for n, m in sorted(sys.modules.items()) if n.startswith("course_utils")])"""
GRADE = f"""
import json, sys
import nbformat
from course_utils.staff.course import Course
from course_utils.staff.grading import class_run
from course_utils.staff.grading.options import Options
from course_utils.staff.grading.results import graded_notebooks

course = Course.find(sys.argv[1])
outcomes = list(class_run.grade_assignment(course, {ASSIGNMENT!r}, ["ada"], Options()))
assert outcomes[0][1].status == "graded", outcomes
[path] = graded_notebooks(course, {ASSIGNMENT!r}, "ada")
shown = {{
    cell.metadata.nbgrader.get("grade_id"): "".join(out.get("text", "") for out in cell.outputs)
    for cell in nbformat.read(path, 4).cells
    if cell.cell_type == "code" and "nbgrader" in cell.metadata
}}
here = [m.__file__ for n, m in sorted(sys.modules.items()) if n.startswith("course_utils")]
print(json.dumps([here, shown["T1_double"], shown["T1_double_visible"]]))
"""


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    """Files of the package that each of the three kinds of processes has imported."""
    nb = tiny_notebook()
    cell_of(nb, "T1_double_visible").source += f"\n{LIST}"
    course = Course(make_course(tmp_path_factory.mktemp("class") / "course", nb))
    assert make_release(course, ASSIGNMENT).leaks == []
    answer = f"# %% T1_double\ndouble = lambda x: 2 * x\n{LIST}\n"
    fill(course, ASSIGNMENT, write_answers(course.root, "ada", answer))
    done = subprocess.run(
        [sys.executable, "-c", GRADE, course.root], capture_output=True, text=True, check=True
    )
    grader, student, checker = json.loads(done.stdout.splitlines()[-1])
    lists = {"grader": grader, "student": eval(student), "checker": eval(checker)}
    return {name: {Path(file) for file in files} for name, files in lists.items()}


@pytest.mark.slow
@pytest.mark.sandbox
def test_what_a_graded_run_imports_is_covered(imported):
    for process, files in imported.items():
        assert len(files) > 10, process
        assert files - COVERED == set(), process


@pytest.mark.slow
@pytest.mark.sandbox
def test_what_decides_scores_is_covered_and_imported(imported):
    grading = PACKAGE / "staff" / "grading"
    assert {grading / "class_run.py", grading / "registration.py"} <= COVERED & imported["grader"]
    assert grading / "run" / "checker.py" in COVERED & imported["checker"]


def test_help_texts_and_reports_are_not_covered():
    left_out = set(PACKAGE.rglob("*.py")) - COVERED
    assert {path.relative_to(PACKAGE / "staff").parts[0] for path in left_out} == {
        "authoring",
        "commands",
        "reports",
    }


def test_another_text_in_a_covered_file_is_another_key(tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "left" / "deep").mkdir(parents=True)
    for folder in ("kept", "left/deep"):
        (tmp_path / folder / "code.py").write_text("a")
    before = resume_key.of_folder(tmp_path, ("left",))
    (tmp_path / "left" / "deep" / "code.py").write_text("b")
    assert resume_key.of_folder(tmp_path, ("left",)) == before
    (tmp_path / "kept" / "code.py").write_text("b")
    assert resume_key.of_folder(tmp_path, ("left",)) != before
