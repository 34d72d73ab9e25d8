"""A small notebook whose exercises rest on each other, for follow-through credit.

B, C and E rest on A, C also on B; D has no answer of its own. `naive` is the same idea without any
defence: the source's functions are put into the student's own process, where a test has failed.
"""

import textwrap

from course_utils.staff.grading import job as jobs
from course_utils.staff.grading.event_log import exercise_of

GIVEN = "import numpy as np\n\nfrom course_utils import check"
RESTS_ON = {"B": frozenset("A"), "C": frozenset("AB"), "E": frozenset("A")}
LIMITS = jobs.NotebookLimits(10, 60, 2)
SOURCE = {
    "A_double": "def double(x):\n    return 2 * x",
    "B_quadruple": "def quadruple(x):\n    return double(double(x))",
    "C_octuple": "def octuple(x):\n    return double(quadruple(x))",
    "E_next": "def next_one(x):\n    return double(double(x)) + 1",
}
TESTS = {
    "A_double": ["A_double_visible", "A_double_hidden"],
    "B_quadruple": ["B_quadruple_visible", "B_quadruple_hidden"],
    "C_octuple": ["C_octuple_hidden", "D_both_hidden"],
    "E_next": ["E_next_hidden"],
}
_NUMBERS = {"visible": range(1, 3), "hidden": range(5, 9)}
_CALLS = {
    "A": "double(n) == 2 * n",
    "B": "quadruple(n) == 4 * n",
    "C": "octuple(n) == 8 * n",
    "D": "double(n) == 2 * n and quadruple(n) == 4 * n",
    "E": "next_one(n) == 4 * n + 1",
}


def job_of(rests_on=RESTS_ON, more_tests=(), source=SOURCE, limits=LIMITS, **answers):
    """Return the ``Job`` of a student whose answers differ from the source's.

    Parameters
    ----------
    rests_on : dict
    more_tests : iterable of (name, source)
        After the others.
    source : dict of str to str
        The author's answers.
    limits : NotebookLimits
    **answers : str
        By exercise: the text of the answer cell.
    """
    trusted = [("given", jobs.GIVEN, GIVEN)]
    for name, answer in source.items():
        trusted.append((name, jobs.SOLUTION, answer))
        for test in TESTS[name]:
            numbers = _NUMBERS[test.rpartition("_")[2]]
            check = f"for n in {list(numbers)}:\n    assert {_CALLS[exercise_of(test)]}"
            trusted.append((test, jobs.TEST, check))
    trusted += [(name, jobs.TEST, test) for name, test in more_tests]
    cells = tuple(
        jobs.Cell(place, name, role, _answer(name, role, answers) or text)
        for place, (name, role, text) in enumerate(trusted)
    )
    return jobs.Job(cells, tuple(trusted), 1, limits, rests_on=rests_on)


def _answer(name, role, answers):
    return role == jobs.SOLUTION and textwrap.dedent(answers.get(exercise_of(name), "")).strip()


def naive(job):
    """Return (what fails at first, what passes with the source's functions put in its place)."""
    reference, names = {}, {}
    exec(GIVEN, reference)
    for name, role, source in job.trusted:
        if role == jobs.SOLUTION:
            before = set(reference)
            exec(source, reference)
            names[exercise_of(name)] = set(reference) - before
    own, failed, carried = {}, set(), set()
    for cell in job.cells:
        try:
            exec(cell.source, own)
        except Exception:
            failed.add(cell.name)
            exercise = exercise_of(cell.name)
            wrong = {exercise_of(name) for name in failed - carried} - {exercise}
            put_in = {name: reference[name] for e in wrong for name in names.get(e, ())}
            before = {name: own.get(name) for name in put_in}
            own.update(put_in)
            try:
                exec(cell.source, own)
                carried.add(cell.name)
            except Exception:
                pass
            own.update(before)
    return failed, carried
