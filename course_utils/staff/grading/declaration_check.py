"""Check what a source notebook declares for follow-through credit, before a class is graded.

What is declared must be true of the source's syntax trees, and must not be a gift: an exercise that
does nothing but call an earlier one's function passes none of its tests, with that one put right.
"""

import ast
from dataclasses import replace

from course_utils.check.wording import in_words
from course_utils.staff.course import read_notebook
from course_utils.staff.grading import job as jobs
from course_utils.staff.grading.event_log import exercise_of
from course_utils.staff.grading.follow_through import DeclarationError, declared
from course_utils.staff.grading.prepare.make_job import job_for, trusted_cells
from course_utils.staff.grading.run import cell_plan, run_room


def check_declaration(path, step):
    """Check the declaration of one source notebook; nothing is run where there is none.

    Parameters
    ----------
    path : Path
    step : ExecuteSubmission

    Raises
    ------
    DeclarationError
        It is not true, or it would give points away.
    """
    nb = read_notebook(path)
    try:
        declaration = declared(nb)
        if declaration.rests_on:
            plan = cell_plan.plan(trusted_cells(nb))
            _check_uses(declaration, plan)
            if step.room != "kernel":  # which tries nothing twice
                _check_calls(declaration, plan, _job(nb, path, step))
    except DeclarationError as error:
        raise DeclarationError(f"{path}: {error}") from None


def _check_uses(declaration, plan):
    """What is declared can be read off the syntax trees."""
    for exercise, earlier in declaration.rests_on.items():
        cells = [cell for cell in plan.cells if _is_of(cell, exercise)]
        for name in earlier:
            theirs = _functions(plan, name).keys()
            if not any(cell.uses & theirs for cell in cells):
                raise DeclarationError(
                    f"{exercise} rests on {name} by metadata.course.rests_on, and neither its "
                    f"answers nor its tests call {', '.join(sorted(theirs)) or 'a function'} of it"
                )
            if plan.cells.index(cells[0]) < max(
                position for position, cell in enumerate(plan.cells) if _is_of(cell, name)
            ):
                raise DeclarationError(
                    f"{exercise} rests on {name}, and begins before the last test of {name}"
                )
            for cell in _answers(plan, exercise):
                if exercise not in declaration.adds and _only_calls(cell.source, theirs):
                    raise DeclarationError(
                        f"{exercise} returns what {name} returns, with other arguments; say under "
                        f"metadata.course.adds what {exercise} adds"
                    )


def _only_calls(source, names):
    """Tell whether all that a cell's functions return is a call of one of some functions."""
    returned = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Return)]
    return bool(returned) and all(
        isinstance(value, ast.Call) and ast.unparse(value.func) in names for value in returned
    )


def _check_calls(declaration, plan, job):
    """No answer that only calls an earlier function passes a test, with that one put right."""
    below = declaration.all_below()
    targets = {
        exercise: [
            (name, count)
            for earlier in sorted(below[exercise])
            for name, parameters in sorted(_functions(plan, earlier).items())
            for count in ("", parameters)
        ]
        for exercise in below
    }
    for turn in range(max(map(len, targets.values()))):
        answers = {}
        for exercise, all_targets in targets.items():
            name, count = all_targets[turn % len(all_targets)]
            only = f"args[:{count}]" if count else "args, **kwargs"
            for cell in _answers(plan, exercise):
                answers[cell.grade_id] = "\n".join(
                    f"def {own}(*args, **kwargs):\n    return {name}(*{only})"
                    for own in sorted(cell.binds)
                )
        passed = run_room.run_notebook(_with(job, answers)).carried
        for test in passed:
            name, _ = targets[exercise_of(test)][turn % len(targets[exercise_of(test)])]
            raise DeclarationError(
                f"a function that does nothing but call {name} passes {test}, with "
                f"{in_words(passed[test])} put right: take {exercise_of(test)} out of "
                "metadata.course.rests_on, or test what it adds"
            )


def _with(job, answers):
    """The job of a second try in which all tests had failed."""
    return replace(
        job,
        cells=tuple(
            replace(cell, source=answers.get(cell.name, cell.source)) for cell in job.cells
        ),
        failed=tuple(cell.name for cell in job.cells if cell.role == jobs.TEST),
    )


def _functions(plan, exercise):
    """The functions that an exercise's answers define: how many arguments each takes by place."""
    statements = (part for cell in _answers(plan, exercise) for part in ast.parse(cell.source).body)
    return {
        part.name: len(part.args.posonlyargs) + len(part.args.args)
        for part in statements
        if isinstance(part, ast.FunctionDef)
    }


def _job(nb, path, step):
    return job_for(
        nb,
        seed_of=lambda *_: 0,
        limits=step.limits(),
        folder=path.parent,
        source_folder=path.parent,
        source_name=path.name,
        require=step.require_isolation,
        by_hand=step.by_hand,
        rests_on=declared(nb).all_below(),
    )


def _answers(plan, exercise):
    return [cell for cell in plan.cells if cell.role == jobs.SOLUTION and _is_of(cell, exercise)]


def _is_of(cell, exercise):
    is_graded = cell.role in (jobs.SOLUTION, jobs.TEST)
    return is_graded and exercise_of(cell.grade_id) == exercise
