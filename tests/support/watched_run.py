"""Run a command and write which processes it left behind: ``watched_run.py FILE COMMAND…``.

Orphans below the command become children of this process, whatever session or group they moved
to, so none escapes.
"""

import ctypes
import json
import subprocess
import sys
from pathlib import Path

import psutil

PR_SET_CHILD_SUBREAPER = 36
GRACE = 1  # seconds for processes that are about to end


def adopt_orphans():
    """Become the parent of every orphan below this process."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_what_is_left():
    """Kill the descendants of this process; returns their command lines."""
    left = psutil.Process().children(recursive=True)
    _, left = psutil.wait_procs(left, timeout=GRACE)
    named = []
    for process in left:
        try:
            named.append(" ".join(process.cmdline()) or process.name())
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(left, timeout=5)
    return named


if __name__ == "__main__":
    adopt_orphans()
    code = subprocess.run(sys.argv[2:], check=False).returncode
    Path(sys.argv[1]).write_text(json.dumps(end_what_is_left()))
    sys.exit(code)
