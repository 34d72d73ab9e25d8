"""A processor core that has more to do than it can."""

import contextlib
import os
import subprocess
import sys

CORE = min(os.sched_getaffinity(0))
RIVALS = 5

_ON_THE_CORE = f"import os, sys\nos.sched_setaffinity(0, [{CORE}])\nprint(flush=True)\n"
SPIN = _ON_THE_CORE + "while True:\n    pass"
SLEEP = _ON_THE_CORE + "sys.stdin.read()"


@contextlib.contextmanager
def running(program):
    """A process that runs ``SPIN`` or ``SLEEP``, and its pidfd."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", program], **pipes) as process:
        process.stdout.readline()
        pidfd = os.pidfd_open(process.pid)
        try:
            yield process, pidfd
        finally:
            process.kill()
            os.close(pidfd)


@contextlib.contextmanager
def busy_core():
    """Keep ``CORE`` busy with so many processes that another one gets a sixth of it."""
    with contextlib.ExitStack() as stack:
        for _ in range(RIVALS):
            stack.enter_context(running(SPIN))
        yield
