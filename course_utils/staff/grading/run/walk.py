"""Walk through one notebook: student cells over there, test cells here.

This runs in a process of its own, forked for the notebook and trusted: hidden tests, expected
values and the verdict live here. The student's cells run in the confined process at the other end
of the connection, and a student's name in a test cell resolves to plain data from there, or to a
proxy that calls there.
"""

import contextlib
import itertools
import math
import os
import signal
import sys

import numpy as np

from course_utils.check.agreement import Raised
from course_utils.check.cases import SEED_VARIABLE
from course_utils.check.verdict import CheckFailed
from course_utils.sandbox.wire import LARGEST_FILES, MOST_FILES, clean_text
from course_utils.staff.grading import job
from course_utils.staff.grading.job import RunResult
from course_utils.staff.grading.run import cell_plan, exception_text, proxies
from course_utils.staff.grading.run.failures import CANNOT_CROSS, ENDS, TIMED_OUT, Failure, not_run
from course_utils.staff.grading.run.student_process import (
    GRACE,
    CellTimeoutError,
    RunStopped,
)
from course_utils.staff.grading.shown import Shown
from course_utils.staff.markers import HIDDEN_TESTS


class Names(dict):
    """The namespace of test cells; the student's names are asked for when they are used.

    A test may ``del`` a student's name or one of a given cell, to see what depends on it: the name
    is then hidden from the student's code too, until the test puts its value back or ends.
    """

    def __init__(self, student, *args):
        super().__init__(*args)
        self._student = student
        self._known = {}
        self._hidden = set()
        self.of_student = self._given = frozenset()

    def begin(self, of_student, given=frozenset()):
        """Begin a test cell: ``of_student`` are the student's names, all of them unknown yet.

        ``given`` are those of given cells, which the student's process has run as well.
        """
        self._known.clear()
        self.of_student, self._given = of_student, given - of_student
        for name in of_student:
            self.pop(name, None)

    def end(self):
        """End a test cell: the student's code has all its names again."""
        while self._hidden:
            self._student.show_name(self._hidden.pop())

    def __missing__(self, name):
        if name not in self.of_student or name in self._hidden:
            raise KeyError(name)
        if name not in self._known:
            self._known[name] = self._student.look_up(name)
        return self._known[name]

    def __delitem__(self, name):
        if name in self or name not in self.of_student:
            value = self.get(name)
            super().__delitem__(name)
            if name in self._given and self._student.hide_name(name):
                self._hidden.add(name)
                self._known[name] = value
            return
        if name in self._hidden or not self._student.hide_name(name):
            raise KeyError(name)
        self._hidden.add(name)

    def __setitem__(self, name, value):
        is_put_back = name in self._hidden and self._known.get(name) is value
        if is_put_back:
            self._hidden.remove(name)
            self._student.show_name(name)
        if not (is_put_back and name in self.of_student):  # that one is over there
            super().__setitem__(name, value)


class _MainModule:
    """Stands for ``__main__``: a real module's namespace cannot be a ``Names``."""


class Walk:
    """Runs all cells of a ``Job`` in order.

    Parameters
    ----------
    work : Job
    student : StudentProcess
    shell : CapturingShell
    isolation : str
        The level of the student's process.
    """

    def __init__(self, work, student, shell, isolation):
        self._job, self._student, self._shell = work, student, shell
        self._isolation = isolation
        self._messages, self._counts, self._events = {}, {}, []
        self._shown = Shown()
        self._plan = cell_plan.plan(work.trusted)
        self._done = set()
        self._stopped_in = None
        self._patience = work.limits.cell_seconds
        os.environ[SEED_VARIABLE] = str(work.seed)
        self._names = Names(student, shell.user_ns)
        shell.tell_error = self._tell_error
        shell.is_quiet = False  # whether to keep away what student code prints while it is called
        shell.user_ns = self._names
        main = _MainModule()
        main.__dict__ = self._names
        shell.user_module = sys.modules["__main__"] = main

    def result(self):
        """Run the cells; return the ``RunResult``."""
        count = 0
        for cell in self._cells_in_time():
            if self._stopped_in is not None:
                self._fail(cell, not_run(self._stopped_in))
                continue
            count += 1
            self._counts[cell.index] = count
            run = self._run_test if cell.role == job.TEST else self._run_students
            run(cell, count)
            self._note_end(cell)
        return RunResult(
            self._messages, self._counts, self._events, self._written(), self._isolation
        )

    def _cells_in_time(self):
        """Put the files in place; yield the cells, each with time to run unless all is over."""
        clock = self._student.clock
        end = clock.now() + (self._job.limits.notebook_seconds or math.inf)
        if self._job.files:
            self._put_files()
        for cell in self._job.cells:
            if not cell.source.strip():
                continue
            if self._stopped_in is None and clock.now() > end:
                self._stop("out-of-time", cell)
            if self._stopped_in is None:
                self._student.allow(self._patience or math.inf)
            yield cell

    # --- cells ------------------------------------------------------------------------------

    def _run_students(self, cell, count):
        """Run a cell over there."""
        messages = self._messages.setdefault(cell.index, [])
        try:
            self._student.run_cell(cell.source, count, self._shown.of_cell(messages))
        except CellTimeoutError:
            messages[:] = [m for m in messages if m[0] != "error"]  # its KeyboardInterrupt
        except RunStopped:
            pass  # told by _note_end
        except Exception as error:  # the process could not even begin
            self._fail(cell, Failure(type(error).__name__, str(error)))

    def _run_test(self, cell, count):
        position = self._plan.positions.get(cell.name)
        if position is not None:
            self._run_given(position)
            self._begin(position)
        else:  # a test that is not in the source
            self._names.begin(frozenset().union(*self._defined_by_student()))
        # what is printed in a hidden test would show its inputs
        is_hidden = HIDDEN_TESTS.begin in cell.source
        self._shell.is_quiet = self._student.is_hidden = is_hidden
        self._run_here(cell.source, count, self._messages.setdefault(cell.index, []))
        with contextlib.suppress(CellTimeoutError, RunStopped, Exception):  # told by _note_end
            self._student.end_calls(proxies.show, self._shell.is_quiet)
        with contextlib.suppress(CellTimeoutError, RunStopped, Exception):
            self._names.end()

    def _begin(self, position):
        unknown = self._plan.unknown_names(position) - self._names.keys()
        of_student = self._plan.students_names(position) | unknown
        self._names.begin(of_student, self._plan.given_names(position))

    def _defined_by_student(self):
        yield frozenset()
        for cell in self._job.cells:
            if cell.role != job.TEST:
                yield cell_plan.names_of(cell.source)[0]

    def _run_given(self, position):
        for needed in self._plan.needed(position):
            if needed in self._done:
                continue
            self._done.add(needed)
            self._begin(needed)
            self._shell.is_quiet = True
            # where it fails, the test that needs it fails too, and says which name is missing
            self._run_here(self._plan.cells[needed].source, 0, [])

    def _run_here(self, source, count, messages):
        add = self._shown.of_cell(messages)

        def deliver(kind, content):
            if kind == "stream" and content["name"] == "stderr":
                # nbgrader takes any text on stderr for a failure, a mere warning included
                content = content | {"name": "stdout"}
            add(kind, content)

        self._shell.deliver = deliver
        with self._own_limit():
            result = self._shell.run(source, count)
        if not result.success and all(kind != "error" for kind, _ in messages):
            raise RuntimeError(f"a cell failed and shows no error: {source!r}")

    @contextlib.contextmanager
    def _own_limit(self):
        """Interrupt the checker's own work, too, when it computes much longer than a cell may.

        What a student's function returns can be slow to look at.
        """

        def interrupt(number, frame):
            self._student.timed_out = True
            raise CellTimeoutError(TIMED_OUT.message)

        signal.signal(signal.SIGPROF, interrupt)
        signal.setitimer(signal.ITIMER_PROF, (self._patience or 0) and self._patience + 4 * GRACE)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)

    # --- what went wrong --------------------------------------------------------------------

    def _tell_error(self, error, content):
        """Show where in the student's code an error from the student's process was raised.

        Of a hidden test, what is told is made on this side from what the student handed in.
        """
        told, lines = getattr(error, "told", None), content["traceback"]
        tells_little = self._shell.is_quiet and not self._job.is_source
        if tells_little and not isinstance(error, CheckFailed):
            text = exception_text.of_test(error, content["evalue"])
            told = told or Raised(content["ename"], text, "")
            last = f"{told.type_name}: {told.message}" if told.message else told.type_name
            lines = [*self._place_of(told.line), last]
            return {"ename": told.type_name, "evalue": told.message, "traceback": lines}
        if told:
            try:
                # the exception itself is told once, by this side
                lines = [*lines[:-1], *self._student.last_traceback()[:-1], lines[-1]]
            except (CellTimeoutError, RunStopped, Exception):  # whatever it answers
                lines = [*lines, "(the student's lines could not be asked for)"]
        return content | {"traceback": lines}

    def _place_of(self, line):
        """Yield where a line of the student's stands, as IPython writes it."""
        for cell in self._job.cells if line else ():
            if cell.role in (job.SOLUTION, job.OTHER) and cell.index in self._counts:
                for number, text in enumerate(cell.source.splitlines(), 1):
                    if text.strip() == line:
                        yield (
                            f"Cell In[{self._counts[cell.index]}], line {number}\n"
                            f"----> {number} {text}"
                        )
                        return

    def _note_end(self, cell):
        student = self._student
        if student.stopped is not None:
            self._stop(student.stopped.event, cell)
            name = ENDS[student.stopped.event].name
            self._fail(cell, Failure(name, str(student.stopped)))
        elif student.timed_out:
            self._events.append(("timeout", cell.name))
            self._patience = self._job.limits.later_seconds
            self._fail(cell, TIMED_OUT)
        elif student.refusal and not self._has_failed(cell):  # the test took it for an answer
            self._fail(cell, Failure(CANNOT_CROSS, student.refusal))
        if student.met_objects and self._has_failed(cell):
            self._events.append(("not-plain", cell.name))

    def _has_failed(self, cell):
        return any(kind == "error" for kind, _ in self._messages.get(cell.index, ()))

    def _stop(self, event, cell):
        self._stopped_in = cell.name
        self._events.append((event, cell.name))

    def _fail(self, cell, failure):
        messages = self._messages.setdefault(cell.index, [])
        # it may stand there already, as the error with which the test cell ended
        messages[:] = [m for m in messages if m[0] != "error" or m[1]["ename"] not in _OWN_ERRORS]
        self._shown.of_cell(messages)("error", failure.as_error())

    # --- files ------------------------------------------------------------------------------

    def _put_files(self):
        files = {
            name: np.frombuffer(content, dtype=np.uint8)
            for name, content in self._job.files.items()
        }
        self._student.allow(60)
        self._student.put_files(files)

    def _written(self):
        if self._student.stopped is not None:
            return {}
        self._student.allow(10)
        try:
            files = self._student.changed_files()
        except (CellTimeoutError, RunStopped, Exception):
            return {}  # marks do not depend on these files; whoever cannot tell them has none
        kept, room = {}, LARGEST_FILES
        for name, content in itertools.islice(files.items(), MOST_FILES):
            if isinstance(name, str) and isinstance(content, np.ndarray):
                room -= content.nbytes
                if room < 0:
                    break
                kept[clean_text(name)] = content.tobytes()
        return kept


_OWN_ERRORS = {"RunStopped", "CellTimeoutError"}
