"""The agent answers for student code: here in an ordinary process, without confinement."""

import os
import socket
import subprocess
import sys

import numpy as np
import pytest
from busy_core import CORE, busy_core

from course_utils.check import case
from course_utils.staff.grading.run.proxies import StudentFunction, proxy
from course_utils.staff.grading.run.student_process import CellTimeoutError, StudentProcess

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
    asking = StudentProcess(here, pidfd, proxy)
    run(asking, "import numpy as np")
    yield asking
    here.close()
    assert process.wait(timeout=20) == 0, "it ends when the connection closes"
    os.close(pidfd)


def run(student, source):
    messages = []
    student.allow(60)
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
    student.allow(0.5)
    with pytest.raises(CellTimeoutError):
        student.call(function._course_handle, (), {}, lambda *message: None)
    student.allow(60)
    assert student.look_up("g") == 3


def test_a_busy_machine_interrupts_no_call(student):
    run(student, f"import os, time\nos.sched_setaffinity(0, [{CORE}])")
    # longer than it may run by the wall's clock, however busy the machine is
    wait = "    end = time.monotonic() + 2.5\n    while time.monotonic() < end:\n        pass"
    run(student, f"def f():\n{wait}\n    return 'ended'")
    with busy_core():
        student.allow(2)
        assert call(student, "f") == "ended"


def test_files_are_put_and_only_changed_ones_come_back(student, tmp_path):
    student.put_files({"a.txt": np.frombuffer(b"a", np.uint8), "d/b.txt": np.zeros(2, np.uint8)})
    assert (tmp_path / "a.txt").read_bytes() == b"a"
    run(student, "open('d/b.txt', 'w').write('new'); open('c.txt', 'w').write('c')")
    files = {name: content.tobytes() for name, content in student.changed_files().items()}
    assert files == {"c.txt": b"c", "d/b.txt": b"new"}


def test_a_link_is_no_file_to_bring_back(student, tmp_path):
    (tmp_path / "link").symlink_to("/etc/hostname")
    assert student.changed_files() == {}


def call_each(student, name, *cases):
    function = student.look_up(name)
    found = student.call_each(function._course_handle, cases, lambda *message: None)
    return [type(error).__name__ if error else result for result, error in found]


def test_a_function_is_called_on_several_cases_each_with_arguments_of_its_own(student):
    run(student, "def f(x, by=1):\n    x += by\n    return 2 / (3 - int(x[0]))")
    x = np.ones(1)
    assert call_each(student, "f", case(x), case(x, by=2), case(x, 3)) == [
        2,
        "ZeroDivisionError",
        -2,
    ]
    assert x[0] == 1


@pytest.mark.parametrize("error", ["SystemExit(3)", "ValueError", "StopIteration"])
def test_a_case_that_fails_does_not_keep_the_others_from_being_tried(student, error):
    run(student, f"def f(x):\n    if x == 1:\n        raise {error}\n    return x")
    found = call_each(student, "f", case(0), case(1), case(2))
    assert found == [0, error.partition("(")[0], 2]


def test_ctrl_c_ends_a_row_of_cases(student):
    run(student, "def f(x):\n    while x: pass\n    return x")
    student.allow(1)
    with pytest.raises(CellTimeoutError):
        call_each(student, "f", case(0), case(1), case(2))


def test_large_results_come_in_several_messages(student, monkeypatch):
    run(student, "def f(n):\n    return np.full(n, n % 251, dtype=np.uint8)")
    asked = []
    ask = student._ask
    monkeypatch.setattr(student, "_ask", lambda *a, **o: asked.append(a[0]["op"]) or ask(*a, **o))
    sizes = [3 * 2**20, 2 * 2**20, 1000, 5 * 2**20]
    results = call_each(student, "f", *map(case, sizes))
    assert [len(result) for result in results] == sizes
    assert [set(result[:9]) for result in results] == [{n % 251} for n in sizes]
    assert asked == ["name", "calls", "calls", "calls"]


def test_large_arguments_go_in_several_messages(student, monkeypatch):
    run(student, "def f(x):\n    return len(x)")
    asked = []
    ask = student._ask
    monkeypatch.setattr(student, "_ask", lambda *a, **o: asked.append(a[0]["op"]) or ask(*a, **o))
    sizes = [3 * 2**20, 2 * 2**20, 5 * 2**20]
    assert call_each(student, "f", *(case(np.zeros(n, np.uint8)) for n in sizes)) == sizes
    assert asked == ["name", "calls", "calls", "calls"]
