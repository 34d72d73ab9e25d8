"""Work on what students wrote or showed, in a process of its own.

Turning Markdown into HTML, or colouring code, takes time that grows with the square of some texts,
and no time can be told in advance. So none of it happens where the gradebook is open, or in the
Jupyter server: `call` asks a worker process, whose memory is limited and which is ended where it
takes too long. The worker starts with the first text and serves all that follow.
"""

import atexit
import contextlib
import importlib
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import course_utils
from course_utils.staff.grading.memory_limit import limit_memory

SECONDS = 5  # for one text
NOTEBOOK_SECONDS = 20  # for all texts of a notebook, without what loading takes
MEMORY = 2**30  # bytes beyond what the libraries take
MOST_MARKS = 400_000  # tags and entities for one notebook's page, which is parsed once more

_WORK = {
    "ansi": "nbconvert.filters.ansi:ansi2html",
    "html": "course_utils.staff.grading.record.clean_html:clean_html",
    "code": "course_utils.staff.grading.record.render_code:highlight",
    "markdown": "course_utils.staff.grading.record.render_markdown:markdown",
}


_MODULE = "course_utils.staff.grading.record.text_worker"


class TooMuchWorkError(Exception):
    """The worker could not do it, or was ended because it took too long."""


class WorkerError(RuntimeError):
    """The worker itself does not start; no student is to blame."""


class TextWorker:
    """The worker process, and what may still be asked of it for the notebook at hand."""

    def __init__(self):
        self._lock = threading.Lock()
        self._process = None
        self.begin()

    def begin(self):
        """Begin a notebook, which has all time to itself."""
        self._seconds, self._marks = NOTEBOOK_SECONDS, MOST_MARKS

    def call(self, work, *arguments):
        """Return what a function makes of some texts.

        Parameters
        ----------
        work : str
            One of the worker's functions.
        *arguments
            Anything that JSON can hold.

        Raises
        ------
        TooMuchWorkError
            It took too much time or memory, by itself or together with others of this notebook, or
            the function raised an exception.
        WorkerError
        """
        with self._lock:
            if self._seconds <= 0:
                raise TooMuchWorkError(work)
            result = self._ask(json.dumps([work, arguments]))
        if result is None:
            raise TooMuchWorkError(work)
        return result

    def counted(self, page):
        """Return a part of a page, if the page may still have one of so many tags and entities."""
        self._marks -= page.count("<") + page.count("&")
        if self._marks < 0:
            raise TooMuchWorkError("a page of too many tags")
        return page

    def _ask(self, request):
        if not (self._begins(request) or self._begins(request)):  # somebody else may have ended it
            raise WorkerError(f"students' texts cannot be cleaned: `python -m {_MODULE}` fails")
        started = time.monotonic()
        clock = threading.Timer(min(SECONDS, self._seconds), self._process.kill)
        clock.start()
        try:
            return json.loads(self._process.stdout.readline())
        except ValueError:  # no answer or half of one: it has been ended
            self.close()
            return None
        finally:
            clock.cancel()
            clock.join()  # or it could end the next worker
            self._seconds -= time.monotonic() - started

    def _begins(self, request):
        """Send a request and wait until the worker has loaded what it needs for it."""
        try:
            if self._process is None:
                self._process = _start()
            self._process.stdin.write(f"{request}\n")
            self._process.stdin.flush()
            if self._process.stdout.readline():
                return True
        except BrokenPipeError:
            pass
        self.close()
        return False

    def close(self):
        """End the process; the next text starts another one."""
        if self._process is not None:
            self._process.kill()
            with contextlib.suppress(BrokenPipeError):
                self._process.__exit__(None, None, None)  # closes the pipes and waits
            self._process = None


def _start():
    paths = [str(Path(course_utils.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    return subprocess.Popen(
        [sys.executable, "-P", "-W", "ignore", "-m", _MODULE],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))},
        process_group=0,  # Ctrl-C is for the grader, which ends it
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # what a library says of a student's text
        text=True,
        encoding="ascii",  # JSON escapes everything else
    )


WORKER = TextWorker()
atexit.register(WORKER.close)


def main():
    """Serve requests, one in each line, until there are no more."""
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # for whatever a library prints
    functions = {}
    for line in sys.stdin:
        work, arguments = json.loads(line)
        if work not in functions:
            module, name = _WORK[work].split(":")
            functions[work] = getattr(importlib.import_module(module), name)
            limit_memory(MEMORY)
        print("ready", file=answers, flush=True)
        try:
            answer = json.dumps(functions[work](*arguments))
        except Exception:  # whatever a student's text does to a library
            answer = "null"
        print(answer, file=answers, flush=True)


if __name__ == "__main__":
    main()
