"""The time that a process has had, without what a busy machine kept it waiting for a core."""

import os
import re
import time
from pathlib import Path

# So many seconds pass at the most for each of the clock's: the threads of a process wait for each
# other, too, and no student may make time stand still with them.
SLOWEST = 4


class ProcessClock:
    """Counts seconds as a wall clock does, but not while the process is ready and gets no core.

    So a limit means the same on a busy machine as on a quiet one; sleeping and waiting for
    anything else count. Linux tells how long the first thread of a process was kept waiting: the
    second number of ``/proc/<pid>/schedstat``, in nanoseconds (``sched-stats.rst`` in its
    documentation). Where the kernel does not tell, this is a wall clock.

    Parameters
    ----------
    pidfd : int or None
        Of the process; None for a wall clock.
    """

    def __init__(self, pidfd):
        self._start = time.monotonic()
        self._waits = None if pidfd is None else _open(f"/proc/{_pid(pidfd)}/schedstat")
        self._waited = 0.0
        self._waited_before = self._seconds_waited()

    def now(self):
        """Return the seconds since this clock was made."""
        passed = time.monotonic() - self._start
        waited = self._seconds_waited() - self._waited_before
        return max(passed - waited, passed / SLOWEST)

    def earliest(self, moment):
        """Return when this clock can show a moment at the earliest, in ``time.monotonic()``.

        The kernel is not asked: that takes a while, and hundreds of exchanges end in time.
        """
        waited = self._waited - self._waited_before
        return self._start + min(moment + waited, moment * SLOWEST)

    def _seconds_waited(self):
        if self._waits is not None:
            try:
                self._waited = int(os.pread(self._waits, 100, 0).split()[1]) / 1e9
            except OSError:  # the process has ended
                self._waits = None
        return self._waited


def _pid(pidfd):
    """Return the process that a file descriptor stands for, or -1 where it has ended."""
    fields = Path(f"/proc/self/fdinfo/{pidfd}").read_text()
    return int(re.search(r"^Pid:\s*(-?\d+)", fields, re.MULTILINE)[1])


def _open(path):
    """Return a file descriptor, or None where there is no such file: this kernel does not tell."""
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
