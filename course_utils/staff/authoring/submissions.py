"""Fill released notebooks with the answers of an answer file: a submission."""

import datetime as dt
import difflib
import shutil

import nbformat
from nbgrader import utils

from course_utils.staff.authoring.answer_file import AnswerFileError, read_answer_file
from course_utils.staff.authoring.damage import DamageError, damage
from course_utils.staff.course import CourseError, read_notebook, scratch_folder
from course_utils.staff.files import write_atomically


def fill(course, assignment, path):
    """Make the submission that an answer file describes, in ``submitted/<student>/<assignment>``.

    An earlier submission of that student is replaced.

    Returns
    -------
    str
        The student's name.

    Raises
    ------
    CourseError
        No release, an answer file that cannot be used, or answers to cells that do not exist.
    """
    released = course.folder("release", assignment=assignment)
    if not released.is_dir():
        raise CourseError(f"{assignment} has no release: run `course release {assignment}` first")
    notebooks = {file.name: read_notebook(file) for file in sorted(released.glob("*.ipynb"))}
    try:
        answer_file = read_answer_file(path)
        _put_answers(notebooks, answer_file, path)
        texts = damage(notebooks, answer_file.damage)
    except (AnswerFileError, DamageError) as error:
        prefix = "" if str(path) in str(error) else f"{path}: "
        raise CourseError(f"{prefix}{error}") from None

    due = course.settings().due.get(assignment)
    if due is None:
        raise CourseError(
            f"{assignment} has no due date in course.toml, from which the time of a submission "
            "is counted"
        )
    handed_in = (due + answer_file.submitted).astimezone(dt.UTC)
    with scratch_folder(course, "fill") as scratch:
        folder = scratch / assignment
        shutil.copytree(released, folder, ignore=shutil.ignore_patterns("*.ipynb"))
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
        write_atomically(folder / "timestamp.txt", f"{handed_in:%Y-%m-%d %H:%M:%S} UTC\n")
        target = course.folder("submitted", answer_file.student, assignment)
        if target.exists():
            target.rename(scratch / "before")
        target.parent.mkdir(parents=True, exist_ok=True)
        folder.rename(target)
    return answer_file.student


def _put_answers(notebooks, answer_file, path):
    cells = {
        cell.metadata.nbgrader.grade_id: cell
        for nb in notebooks.values()
        for cell in nb.cells
        if utils.is_solution(cell)
    }
    for name, answer in answer_file.answers.items():
        if name not in cells:
            near = difflib.get_close_matches(name, cells, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"expected one of {', '.join(cells)}"
            raise CourseError(f"{path}: there is no answer cell {name!r}; {hint}")
        cell = cells[name]
        if cell.cell_type != answer.cell_type:
            marker = "# %% [markdown]" if cell.cell_type == "markdown" else "# %%"
            raise CourseError(
                f"{path}: {name} is a {cell.cell_type} cell, the answer a {answer.cell_type} "
                f"cell; begin it with `{marker} {name}`"
            )
        cell.source = answer.source
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    for nb in notebooks.values():
        nbformat.validate(nb)
