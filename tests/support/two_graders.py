"""The same submissions graded twice: by nbgrader as it is, and by the course's engine."""

import base64
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

COURSE_ID = "neural_networks"
STOCK_CONFIG = f"""
c = get_config()
c.CourseDirectory.course_id = "{COURSE_ID}"
c.Execute.timeout = 60
"""


class Graded:
    """An assignment whose submissions one of the graders has graded."""

    def __init__(self, course, assignment):
        self._course, self._assignment = course, assignment

    def notebook(self, student):
        """The graded notebook."""
        folder = self._course / "autograded" / student / self._assignment
        [path] = folder.glob("*.ipynb")
        return nbformat.read(path, as_version=4)

    def cells(self, student):
        """Code cells by name: grade_id, or else the cell's id."""
        return {
            cell.metadata.get("nbgrader", {}).get("grade_id") or cell.id: cell
            for cell in self.notebook(student).cells
            if cell.cell_type == "code"
        }

    def scores(self, student):
        """Automatic score by grade_id."""
        return self._of_grades(student, "auto_score")

    def waiting(self, student):
        """Whether a person has to look at it, by grade_id."""
        return self._of_grades(student, "needs_manual_grade")

    def _of_grades(self, student, attribute):
        with Gradebook(f"sqlite:///{self._course}/gradebook.db", COURSE_ID) as gradebook:
            submission = gradebook.find_submission(self._assignment, student)
            return {
                grade.name: getattr(grade, attribute)
                for notebook in submission.notebooks
                for grade in notebook.grades
            }


def grade_twice(course, assignment):
    """Grade what is in ``submitted/``; return ``Graded`` by nbgrader as it is, and by the course.

    Parameters
    ----------
    course : Course
        The assignment is registered, nothing is graded yet.
    """
    stock = course.root.with_name(f"{course.root.name}-stock")
    shutil.copytree(course.root, stock)
    (stock / "nbgrader_config.py").write_text(STOCK_CONFIG)
    _run("nbgrader", "autograde", assignment, folder=stock)
    # some tests are there to fail
    _run("course", "autograde", "--jobs", "2", "--grade-anyway", folder=course.root)
    return Graded(stock, assignment), Graded(course.root, assignment)


def _run(program, *arguments, folder):
    scripts = Path(sys.executable).parent
    environment = os.environ | {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
    environment.pop("PYTEST_CURRENT_TEST", None)  # kernels behave otherwise with it
    command = [scripts / program, *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


# --- what a cell shows --------------------------------------------------------------------------


def kinds(cell):
    """Types of a cell's outputs: a stream's name, an error's, or the data's kinds.

    Text that was printed in pieces counts once.
    """
    found = []
    for output in cell.outputs:
        if output.output_type == "stream":
            kind = ("stream", output.name)
            if kind in found[-1:]:
                continue
        elif output.output_type == "error":
            kind = ("error", output.ename)
        else:
            kind = (output.output_type, *sorted(output.data))
        found.append(kind)
    return found


def pictures(cell):
    """The bytes of the PNG pictures that a cell shows."""
    return [
        base64.b64decode(output.data["image/png"])
        for output in cell.outputs
        if "image/png" in output.get("data", {})
    ]


def text(cell):
    """What a cell prints, and the plain text of its results."""
    return "".join(
        output.text if output.output_type == "stream" else output.data.get("text/plain", "")
        for output in cell.outputs
        if output.output_type != "error"
    )
