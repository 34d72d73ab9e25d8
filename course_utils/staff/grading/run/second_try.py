"""The second try of failed tests, with earlier exercises put right.

It has a student's process and a checker of its own, started after the first ones have ended. The
names of the tests that pass leave it, and what those show that fail again. See
``docs/follow_through.md``.
"""

import re

from course_utils.staff.grading import job
from course_utils.staff.grading.event_log import exercise_of
from course_utils.staff.grading.job import RunResult
from course_utils.staff.grading.run.references import References
from course_utils.staff.grading.run.student_process import CellTimeoutError, RunStopped
from course_utils.staff.grading.run.walk import Walk


class SecondTry(Walk):
    """Runs the student's cells, and those of the failed tests that rest on something wrong.

    Once all cells of an exercise have passed by, what it defines is replaced where it is wrong: a
    test of it failed, and does not pass now either.
    """

    def __init__(self, work, student, shell, isolation):
        super().__init__(work, student, shell, isolation)
        self._references = References(self._plan)
        self._replaced = {}  # exercise -> names
        self._carried = {}
        self._tried = {}
        self._last = {}  # exercise -> its last cell
        for cell in work.cells:
            if cell.role in (job.SOLUTION, job.TEST):
                self._last[exercise_of(cell.name)] = cell

    def result(self):
        """Run the cells; return a ``RunResult`` that tells what is carried and what is not."""
        for cell in self._cells_in_time():
            if self._stopped_in is not None:
                break
            exercise = exercise_of(cell.name)
            if cell.role != job.TEST:
                self._begin_calls(self._replaced)
                with self._own_limit():
                    self._run_students(cell, 1)
                self._note_end(cell)
            elif cell.name in self._job.failed:
                rests_on = self._job.rests_on.get(exercise, frozenset())
                self._try(cell, tuple(earlier for earlier in self._replaced if earlier in rests_on))
            if self._last.get(exercise) is cell:
                self._replace(exercise)
        carried = self._well_founded()
        again = {name: given for name, given in self._tried.items() if name not in carried}
        messages = {
            cell.index: self._messages[cell.index]
            for cell in self._job.cells
            if cell.name in again and self._has_failed(cell)
        }
        return RunResult(messages, {}, [], {}, self._isolation, carried, again)

    def _try(self, cell, given):
        if not given:
            return
        self._begin_calls(given)
        self._tried[cell.name] = given
        self._run_test(cell, 1)
        self._note_end(cell)
        kinds = {kind for kind, _ in self._messages[cell.index]}
        if kinds.isdisjoint({"error", "execute_result"}):  # a result is a part of the points
            self._carried[cell.name] = given

    def _well_founded(self):
        """What is carried, without tests that compare an answer with itself and stand alone.

        Whatever only calls an earlier function passes these. They count beside a test of the same
        answer that knows the right result, whether it is carried or passed at once.
        """
        passed = {
            _answer_of(cell.name)
            for cell in self._job.cells
            if cell.role == job.TEST
            and (cell.name not in self._job.failed or cell.name in self._carried)
            and not _compares_with_itself(cell.source)
        }
        return {
            cell.name: self._carried[cell.name]
            for cell in self._job.cells
            if cell.name in self._carried
            and (not _compares_with_itself(cell.source) or _answer_of(cell.name) in passed)
        }

    def _begin_calls(self, exercises):
        self._references.begin(frozenset().union(*(self._replaced[e] for e in exercises)))

    def _replace(self, exercise):
        """Replace what an exercise defines, if it is wrong and anything rests on it."""
        wrong = (name for name in self._job.failed if name not in self._carried)
        is_needed = any(exercise in earlier for earlier in self._job.rests_on.values())
        if is_needed and exercise in map(exercise_of, wrong) and self._stopped_in is None:
            names = self._replaced[exercise] = frozenset(self._references.add(exercise))
            try:
                self._student.replace(names, self._references)
            except (CellTimeoutError, RunStopped, Exception):  # whatever it answers
                self._stopped_in = exercise


def _compares_with_itself(source):
    return "check.keeps_contract(" in source and "check.agrees(" not in source


def _answer_of(test):
    """The beginning of a test's name that the tests of one answer share."""
    return re.split("_(?:hidden|visible)", test)[0]
