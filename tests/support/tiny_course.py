"""A course of one small notebook, for tests that must not touch the real one."""

import os
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

REPOSITORY = Path(__file__).resolve().parents[2]
ASSIGNMENT = "01_tiny"
# so that the inputs of hidden tests are the same in every run
SECRET = bytes(range(32))


def nbgrader_cell(kind, grade_id, source, points=None):
    """Return a cell; ``kind`` is one of solution, test, locked, task, answer, free."""
    markdown = kind in ("task", "answer")
    cell = (new_markdown_cell if markdown else new_code_cell)(source)
    cell["id"] = grade_id.replace("_", "-").lower()
    cell.metadata["nbgrader"] = {
        "grade_id": grade_id,
        "grade": kind in ("test", "answer"),
        "solution": kind in ("solution", "answer"),
        "locked": kind in ("test", "locked", "task"),
        "task": kind == "task",
        "schema_version": 3,
    }
    if points is not None:
        cell.metadata["nbgrader"]["points"] = points
    return cell


def tiny_notebook():
    """Return the source notebook: T1 and T3 graded by tests, T2 by hand, T4 an exploration."""
    intro = new_markdown_cell("# Tiny\n\nDouble a number.", id="intro")
    explore = nbgrader_cell("free", "T4_explore_print", 'print("exploring")')
    cells = [
        intro,
        nbgrader_cell("locked", "T1_given", "NUMBER = 21"),
        nbgrader_cell(
            "solution",
            "T1_double",
            'def double(x):\n    """Return twice x."""\n    ### BEGIN SOLUTION\n'
            "    twice_the_number = x + x\n    return twice_the_number\n    ### END SOLUTION",
        ),
        nbgrader_cell("test", "T1_double_visible", "assert double(1) == 2", 1),
        nbgrader_cell(
            "test",
            "T1_double_hidden_values",
            "# Other numbers are tried.\n### BEGIN HIDDEN TESTS\n"
            "secret_expectation = double(NUMBER)\n"
            'assert secret_expectation == 42, "double(21) is wrong"\n'
            "### END HIDDEN TESTS",
            2,
        ),
        nbgrader_cell(
            "task",
            "T2_task",
            "Why does doubling work?\n### BEGIN MARK SCHEME\n"
            "Full marks for naming addition of the number to itself.\n### END MARK SCHEME",
            0,
        ),
        nbgrader_cell("answer", "T2_answer", "Doubling adds the number to itself, once.", 3),
        explore,
        nbgrader_cell("solution", "T3_shape", "tiny_shape_of_it = (2, 3, 4)"),
        nbgrader_cell(
            "test",
            "T3_shape_hidden",
            "# The shape is compared.\n### BEGIN HIDDEN TESTS\n"
            "assert tiny_shape_of_it == (2, 3, 4)\n### END HIDDEN TESTS",
            4,
        ),
    ]
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(
        cells=cells, metadata={"kernelspec": kernelspec, "language_info": {"name": "python"}}
    )


def cell_of(nb, grade_id):
    """Return the cell of that grade_id."""
    [cell] = [c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id]
    return cell


def make_course(folder, nb=None, due="2027-03-05T12:00:00"):
    """Write a course with one assignment into ``folder`` and return the folder.

    The configuration is the repository's own.
    """
    source = folder / "source" / ASSIGNMENT
    source.mkdir(parents=True)
    nbformat.write(nb or tiny_notebook(), source / "tiny.ipynb")
    write_config(folder)
    write_secret(folder)
    (folder / "course.toml").write_text(
        "[late]\ngrace_minutes = 15\npenalty_per_day = 0.1\nmax_penalty = 0.5\n"
        f"[assignments.{ASSIGNMENT}]\ndue = {due}\n"
    )
    return folder


def write_config(folder):
    """Write the repository's configuration into ``folder``, for the room that tests run in."""
    config = (REPOSITORY / "nbgrader_config.py").read_text(encoding="utf-8")
    if os.environ.get("TESTS_ROOM") == "kernel":
        config += 'c.ExecuteSubmission.room = "kernel"\n'
    (folder / "nbgrader_config.py").write_text(config, encoding="utf-8")


def write_secret(folder):
    """Give the course in ``folder`` its secret, as grading would make one."""
    (folder / "gradebook.secret").write_text(SECRET.hex())


def write_answers(folder, name, text):
    """Write an answer file into the sample class of the course in ``folder``."""
    path = folder / "sample_class" / ASSIGNMENT / f"{name}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path
