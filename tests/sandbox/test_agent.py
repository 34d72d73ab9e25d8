"""The agent answers for student code: here in an ordinary process, without confinement."""

import os
import socket
import subprocess
import sys
import time

import numpy as np
import pytest

from course_utils.grading.stand_ins import StudentFunction
from course_utils.grading.student_process import CellTimeoutError, StudentProcess

PROGRAM = (
    "import socket, sys\n"
    "from course_utils.sandbox import agent, shell\n"
    "agent.serve(shell.make_shell(), socket.socket(fileno=int(sys.argv[1])))\n"
)


@pytest.fixture
def student(tmp_path):
    """A ``StudentProcess`` at the other end of which an agent has come up."""
    here, there = socket.socketpair()
    with there:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(there.fileno())],
            cwd=tmp_path,
            pass_fds=[there.fileno()],
        )
    pidfd = os.pidfd_open(process.pid)
    asking = StudentProcess(here, pidfd)
    run(asking, "import numpy as np")
    yield asking
    here.close()
    assert process.wait(timeout=20) == 0, "it ends when the connection closes"
    os.close(pidfd)


def run(student, source):
    messages = []
    student.deadline = time.monotonic() + 60
    student.run_cell(source, 1, lambda *message: messages.append(message))
    return messages


def call(student, name, *args, **kwargs):
    function = student.look_up(name)
    return student.call(function._course_handle, args, kwargs, lambda *message: None)


def test_a_cell_runs_and_shows_its_output(student):
    assert run(student, "x = 3\nprint(x)") == [("stream", {"name": "stdout", "text": "3\n"})]
    assert student.look_up("x") == 3


def test_a_function_is_called_with_plain_data_and_gives_plain_data(student):
    run(student, "def f(a, *, scale=1):\n    return {'sum': a.sum() * scale, 'shape': a.shape}")
    assert isinstance(student.look_up("f"), StudentFunction)
    assert call(student, "f", np.ones((2, 3)), scale=2) == {"sum": 12, "shape": (2, 3)}


def test_what_a_function_raises_is_raised_with_its_line_and_traceback(student):
    run(student, "def f():\n    return {}['missing']")
    with pytest.raises(KeyError, match="missing") as raised:
        call(student, "f")
    assert raised.value.student_line == "return {}['missing']"
    assert "missing" in "\n".join(student.last_traceback())


@pytest.mark.parametrize("error", ["SystemExit(3)", "KeyboardInterrupt", "GeneratorExit"])
def test_the_agent_outlives_exceptions_that_end_a_program(student, error):
    run(student, f"def f():\n    raise {error}\ng = 3")
    with pytest.raises((SystemExit, KeyboardInterrupt, GeneratorExit)) as raised:
        call(student, "f")
    assert type(raised.value).__name__ == error.partition("(")[0]
    assert student.look_up("g") == 3


def test_ctrl_c_ends_a_call_and_the_next_one_is_served(student):
    run(student, "def f():\n    while True: pass\ng = 3")
    function = student.look_up("f")
    student.deadline = time.monotonic() + 0.5
    with pytest.raises(CellTimeoutError):
        student.call(function._course_handle, (), {}, lambda *message: None)
    student.deadline = time.monotonic() + 60
    assert student.look_up("g") == 3


def test_files_are_put_and_only_changed_ones_come_back(student, tmp_path):
    student.put_files({"a.txt": np.frombuffer(b"a", np.uint8), "d/b.txt": np.zeros(2, np.uint8)})
    assert (tmp_path / "a.txt").read_bytes() == b"a"
    run(student, "open('d/b.txt', 'w').write('new'); open('c.txt', 'w').write('c')")
    files = {name: content.tobytes() for name, content in student.changed_files().items()}
    assert files == {"c.txt": b"c", "d/b.txt": b"new"}


def test_a_link_is_no_file_to_bring_back(student, tmp_path):
    (tmp_path / "link").symlink_to("/etc/hostname")
    assert student.changed_files() == {}
