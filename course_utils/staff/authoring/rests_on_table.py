"""Make the table by which a visible check knows what rests on what."""

import ast

from course_utils.staff.course import read_notebook
from course_utils.staff.grading.event_log import exercise_of
from course_utils.staff.grading.follow_through import declared


def rests_on_table(notebook):
    """Return what students are told of a source notebook's ``metadata.course.rests_on``.

    Of an exercise with several answers, each rests on what it or its visible test makes use of, at
    once or through others.

    Parameters
    ----------
    notebook : SourceNotebook

    Returns
    -------
    dict
        ``{"convolve2d": {"exercise": "C6", "rests_on": ["C1"]}, …}``, in the notebook's order,
        with every name that an answer of one of these exercises defines.
    """
    below = declared(read_notebook(notebook.path)).all_below()
    concerned = set(below).union(*below.values())
    answers = {
        name: cell
        for cell in notebook.solutions()
        for name in sorted(cell.names_defined)
        if exercise_of(cell.grade_id) in concerned
    }
    exercises = {name: exercise_of(cell.grade_id) for name, cell in answers.items()}
    uses = {}
    for name, cell in answers.items():
        tests = notebook.tests_of([name], "visible")
        own = [test for test in tests if exercise_of(test.grade_id) == exercises[name]]
        beside = {other for other in exercises if exercises[other] == exercises[name]}
        asked = set().union(*(test.names_used for test in own)) - beside
        uses[name] = (_used_by(cell, name) | asked) & exercises.keys()
    table = {}
    for name, exercise in exercises.items():
        reached = {exercises[other] for other in _reached(name, uses)}
        earlier = reached & set(below.get(exercise, ()))
        table[name] = {
            "exercise": exercise,
            "rests_on": [other for other in dict.fromkeys(exercises.values()) if other in earlier],
        }
    return table


def _used_by(cell, name):
    """The names that a function uses, or the whole cell that defines something else."""
    for statement in ast.parse(cell.source).body:
        if isinstance(statement, ast.FunctionDef) and statement.name == name:
            return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
    return cell.names_used


def _reached(name, uses):
    found, waiting = set(), [name]
    while waiting:
        new = uses[waiting.pop()] - found
        found |= new
        waiting += new
    return found
