"""Run a submission in an ordinary kernel: where the run room cannot be, it is graded here.

Nothing is isolated then: student code runs beside the hidden tests, as whoever grades.
"""

import asyncio
import math
import os
import subprocess

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute
from traitlets import Integer

from course_utils.check.cases import SEED_VARIABLE
from course_utils.staff.grading import event_log
from course_utils.staff.grading.run.failures import ENDS, not_run
from course_utils.staff.grading.run.process_clock import ProcessClock

LONGEST = 1_000_000  # seconds for a cell, or a notebook
STARTS = 3  # of a kernel that ends at once
MOMENT = 0.1  # seconds between two looks at a kernel that the machine keeps waiting


class ExecuteInKernel(Execute):
    """nbgrader's ``Execute`` with a seed per student, limited patience and no way to stop a class.

    A cell that dies or hangs fails; where the kernel is gone, the cells after it fail as "not
    run". What happened is noted in the notebook (see ``record``).
    """

    timeout = Integer(
        30,
        min=1,
        max=LONGEST,
        allow_none=True,
        help="Seconds for one cell, after which it is interrupted; None: no limit.",
    ).tag(config=True)

    notebook_timeout = Integer(
        600,
        min=0,
        max=LONGEST,
        help="Seconds for the whole notebook, after which nothing more is run; 0: no limit.",
    ).tag(config=True)

    # One endless loop in a function hangs every cell that calls it; only the first one is worth
    # the full wait.
    later_timeout = Integer(
        0,
        min=0,
        max=LONGEST,
        help="Seconds for each cell once one has timed out; 0: a fifth of `timeout`, at least 1.",
    ).tag(config=True)

    def preprocess(self, nb, resources=None, km=None):
        """Run every cell of ``nb`` with the seed in its metadata; note events there."""
        self._seed = nb.metadata[event_log.KEY]["seed"]
        self._names = event_log.names_of(nb.cells)
        self._deadline = None
        self._has_timed_out = False
        self._stopped_in = None
        self.timeout_func = self._patience
        self.shutdown_kernel = "immediate"  # a student's kernel gets no say in when it ends
        return super().preprocess(nb, resources, km)

    def start_new_kernel(self, **kwargs):
        """Start the kernel with the student's seed in its environment."""
        env = {**os.environ, SEED_VARIABLE: str(self._seed)}
        # What cells print travels as messages; what is left is the kernel's own noise.
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        super().start_new_kernel(env=env, **quiet, **kwargs)
        self._clock = _clock_of(self.km)

    def start_new_kernel_client(self):
        """Connect to the kernel; start another where it ended at once.

        Kernels that start at the same time may choose the same ports, and all but one of them end.
        """
        for left in reversed(range(STARTS)):
            try:
                return super().start_new_kernel_client()
            except RuntimeError:
                if not left:
                    raise
                self.km = self.create_kernel_manager()
                self.start_new_kernel()

    def preprocess_cell(self, cell, resources, index):
        """Run one cell, or mark it as failed where it cannot be run."""
        if cell.cell_type != "code":
            return cell, resources
        name = self._names[index]
        if self._deadline is None:  # counted from the first cell, not from the kernel's start
            self._deadline = self._clock.now() + (self.notebook_timeout or math.inf)
        if self._clock.now() > self._deadline and self._stopped_in is None:
            self._stop(name, "out-of-time")
        if self._stopped_in is not None:
            _fail(cell, not_run(self._stopped_in))
            return cell, resources
        self._started = self._clock.now()
        try:
            return super().preprocess_cell(cell, resources, index)
        except DeadKernelError:
            self._stop(name, "died")
            _fail(cell, ENDS["died"])
        except CellTimeoutError:  # the interrupt had no effect
            self._stop(name, "stuck")
            _fail(cell, ENDS["stuck"])
        return cell, resources

    async def _async_handle_timeout(self, timeout, cell=None):
        """Wait on while the kernel has had less time than the wall clock shows."""
        while (left := self._started + timeout - self._clock.now()) > 0:
            await asyncio.sleep(min(left, MOMENT))
            if await self.kc.shell_channel.msg_ready():
                return None
        return await super()._async_handle_timeout(timeout, cell)

    def on_cell_executed(self, **kwargs):
        """Note a time-out, then let nbgrader add the error to the cell."""
        if kwargs["execute_reply"]["content"].get("ename") == self.error_on_timeout["ename"]:
            self._has_timed_out = True
            event_log.add_event(self.nb, "timeout", self._names[kwargs["cell_index"]])
        super().on_cell_executed(**kwargs)

    def _patience(self, cell):
        if not self._has_timed_out:
            return self.timeout
        return self.later_timeout or max(1, (self.timeout or 0) // 5)

    def _stop(self, name, kind):
        self._stopped_in = name
        event_log.add_event(self.nb, kind, name)


def _clock_of(manager):
    """Return the clock of a kernel's process; a wall clock where there is none to be had."""
    pid = getattr(manager.provisioner, "pid", None)
    if pid is None or not hasattr(os, "pidfd_open"):  # not on this machine; not on this system
        return ProcessClock(None)
    pidfd = os.pidfd_open(pid)
    try:
        return ProcessClock(pidfd)
    finally:
        os.close(pidfd)


def _fail(cell, failure):
    if cell.source.strip():
        cell.outputs.append(new_output("error", **failure.as_error()))
