"""Forks that run one function and report how it went."""

import os

from course_utils.sandbox.isolation.errors import IsolationError, reason


def fork(function):
    """Run ``function()`` in a forked child, which then exits; return the child's id at once.

    The exit code is 0, or 1 after an exception.
    """
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        function()
        code = 0
    finally:
        os._exit(code)  # nothing of the parent's `finally` and atexit functions may run here


def answer(function):
    """Run ``function()`` in a forked child, wait, and return the text that it returned.

    Raises ``IsolationError`` with what it raised.
    """
    receiver, sender = os.pipe()

    def report():
        os.close(receiver)
        try:
            text = "+" + function()
        except BaseException as error:
            text = "-" + reason(error)
        os.write(sender, text.encode(errors="replace")[:4000])

    with open(receiver, "rb") as file:
        try:
            pid = fork(report)
        finally:
            os.close(sender)
        # Read to the first byte's end only: a grandchild may keep the pipe open.
        text = os.read(file.fileno(), 4000).decode(errors="replace")
    os.waitpid(pid, 0)
    if not text.startswith("+"):
        raise IsolationError(text.removeprefix("-") or "a process died without a word")
    return text[1:]


def failure(function):
    """Return why ``function()`` does not work here, tried in a forked child; empty if it does."""
    try:
        answer(lambda: function() or "")
    except IsolationError as error:
        return str(error)
    return ""
