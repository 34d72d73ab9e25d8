"""One notebook in the run room: what its cells can rely on, and what they show."""

import contextlib
import os
import signal
import time
from pathlib import Path

import pytest

from course_utils.grading import run
from course_utils.grading.job import Cell, Job

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def run_room():
    yield
    run.close()


def shown(source, role="solution", **options):
    """What one cell shows, as (kind, content)."""
    job = Job((Cell(0, "cell", role, source),), (("cell", role, source),), 1, **options)
    return run.run_notebook(job).messages[0]


def result(source, role="solution", **options):
    """The text of a cell's result."""
    [(kind, content)] = shown(source, role, **options)
    assert kind == "execute_result", content
    return content["data"]["text/plain"]


def error(source, role="solution", **options):
    """The kind of error with which a cell ends."""
    return shown(source, role, **options)[-1][1]["ename"]


@pytest.mark.parametrize("role", ["solution", "test"])
@pytest.mark.parametrize(
    "source",
    [
        "raise ExceptionGroup('several', [ValueError(1)])",
        "try:\n    raise ExceptionGroup('several', [ValueError(1)])\n"
        "except ExceptionGroup:\n    raise KeyError(2)",
        "get_ipython().run_line_magic('no_such_magic', '')",
        "raise SystemExit",
        "def f(:",
    ],
)
def test_every_error_is_told(role, source):
    messages = shown(source, role)
    assert [kind for kind, _ in messages].count("error") == 1


def test_cells_import_modules_beside_the_notebook():
    source = "from pathlib import Path\nPath('made.py').write_text('x = 5')\nimport made\nmade.x"
    assert result(source) == "5"
    assert result("import helper; helper.x", files={"helper.py": b"x = 7"}) == "7"


def test_tests_read_and_import_the_sources_files_and_never_the_students():
    options = {
        "files": {"data.txt": b"student's", "helper.py": b"x = 1", "own.txt": b""},
        "trusted_files": {"data.txt": b"source's", "helper.py": b"x = 2"},
    }
    source = "import helper\n(open('data.txt').read(), helper.x)"
    assert result(source, "test", **options) == '("source\'s", 2)'
    assert error("open('own.txt')", "test", **options) == "FileNotFoundError"


def test_nobody_answers_questions():
    assert error("input('name? ')") == "StdinNotImplementedError"
    assert error("import getpass\ngetpass.getpass()") == "StdinNotImplementedError"


def test_an_event_loop_is_there():
    source = "import asyncio\nasyncio.get_event_loop().create_task(asyncio.sleep(0)) is not None"
    assert result(source) == "True"
    assert result("import asyncio\nawait asyncio.sleep(0, 'awaited')") == "'awaited'"


@pytest.mark.parametrize("source", ["len?", "print('', end='')", "exit()"])
def test_what_leaves_nothing_in_a_notebook(source):
    assert shown(source) == []


PRINTS = "def f(x):\n    print('called with', x)\n    return x"


@pytest.mark.parametrize(
    ("test", "lines"),
    [
        ("assert f(1) == 1", ["called with 1\n"]),
        ("assert f(1) == 1\n### BEGIN HIDDEN TESTS\nassert f(2) == 2\n### END HIDDEN TESTS", []),
    ],
)
def test_what_students_print_in_a_test_is_shown_unless_it_could_show_hidden_inputs(test, lines):
    cells = (Cell(0, "f", "solution", PRINTS), Cell(1, "test", "test", test))
    trusted = (("f", "solution", PRINTS), ("test", "test", test))
    messages = run.run_notebook(Job(cells, trusted, 1)).messages[1]
    assert [content["text"] for kind, content in messages if kind == "stream"] == lines
    assert all(kind == "stream" for kind, _ in messages)


def test_what_tests_define_and_their_seed_stay_with_them():
    test = "import os\nexpected = 5\nos.environ['COURSE_SEED'], expected"
    sources = (
        ("test", test),
        ("solution", "expected"),
        ("solution", "'COURSE_SEED' in os.environ"),
    )
    sources = (("solution", "import os"), *sources)
    cells = tuple(Cell(i, f"c{i}", role, source) for i, (role, source) in enumerate(sources))
    messages = run.run_notebook(Job(cells, (("c1", "test", test),), 77)).messages
    assert messages[1][0][1]["data"]["text/plain"] == "('77', 5)"
    assert messages[2][0][1]["evalue"] == "name 'expected' is not defined"
    assert messages[3][0][1]["data"]["text/plain"] == "False"


def test_notebooks_that_run_at_once_get_different_cores_as_long_as_there_are_some():
    cores = run._Cores()
    count = len(os.sched_getaffinity(0))
    with contextlib.ExitStack() as stack:
        taken = [stack.enter_context(cores.least_used()) for _ in range(2 * count)]
    assert sorted(taken) == sorted([*os.sched_getaffinity(0)] * 2)
    with cores.least_used() as core:
        assert core == taken[0], "they were all given back"


@pytest.fixture
def room_folder(tmp_path, monkeypatch):
    """The folder of temporary files of a run room that is closed before and after."""
    run.close()
    monkeypatch.setattr(run.tempfile, "tempdir", str(tmp_path))
    yield tmp_path
    run.close()


def pair_of(*cells):
    return run._pair_for(tuple((f"c{i}", "given", source) for i, source in enumerate(cells)))


def test_libraries_loaded_beforehand_are_there_for_the_first_notebook(room_folder):
    run.load_libraries(["wave", "no_such_module"])
    [spare] = run._SPARE
    run.load_libraries(["chunk"])  # one process is enough
    assert [spare] == run._SPARE
    job = Job(
        (Cell(0, "c", "given", "import sys\n'wave' in sys.modules"),),
        (("c", "given", "x = 1"),),
        1,
    )
    assert run.run_notebook(job).messages[0][0][1]["data"]["text/plain"] == "True"
    assert run._SPARE == []
    assert list(run._PAIRS.values()) == [spare]


def test_what_is_never_used_is_ended(room_folder):
    run.load_libraries([])
    [spare] = run._SPARE
    run.close()
    assert spare._process.returncode is not None
    assert list(room_folder.iterdir()) == []


def processes_of(pair):
    """The warm process of checkers, and its child, that of students."""
    children = f"/proc/{pair._process.pid}/task/{pair._process.pid}/children"
    with open(children) as file:
        students, *_ = map(int, file.read().split())  # before the checkers
    return pair._process.pid, students


@pytest.mark.parametrize("which", [0, 1])
def test_a_warm_process_that_was_killed_is_started_anew(room_folder, which):
    source = "1 + 1"
    job = Job((Cell(0, "c", "given", source),), (("c", "given", source),), 1)
    assert run.run_notebook(job).messages[0][0][1]["data"]["text/plain"] == "2"
    [pair] = run._PAIRS.values()
    os.kill(processes_of(pair)[which], signal.SIGKILL)
    deadline = time.monotonic() + 10
    while pair.is_alive() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert run.run_notebook(job).messages[0][0][1]["data"]["text/plain"] == "2"
    assert list(run._PAIRS.values()) != [pair]


def test_closing_ends_both_processes_and_removes_their_files(room_folder):
    pair = pair_of("1")
    pair._wait_until_ready()
    pids = processes_of(pair)
    run.close()
    deadline = time.monotonic() + 10
    while any(os.path.exists(f"/proc/{pid}/exe") for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not any(os.path.exists(f"/proc/{pid}/exe") for pid in pids)
    assert list(room_folder.iterdir()) == []


def test_the_students_warm_process_knows_nothing_of_the_graders_environment(
    room_folder, monkeypatch
):
    monkeypatch.setenv("COURSE_TOKEN", "swordfish")
    pair = pair_of("given = 'haddock'")
    pair._wait_until_ready()
    checkers, students = processes_of(pair)
    for pid in (checkers, students):
        with open(f"/proc/{pid}/environ") as file:
            assert "swordfish" not in file.read()
    assert holds(checkers, b"swordfish"), "the test would find it"
    assert holds(students, b"haddock"), "it would find it there, too"
    assert not holds(students, b"swordfish")


def holds(pid, text):
    """Whether the memory of a process that may be read and written holds some bytes."""
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            place, modes, *_ = line.split()
            if modes.startswith("rw"):
                start, end = (int(number, 16) for number in place.split("-"))
                memory.seek(start)
                with contextlib.suppress(OSError):
                    if text in memory.read(end - start):
                        return True
    return False


def processes_in(folder):
    """The ids of processes that were started with something of a folder in their environment."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):  # it has ended
            if os.fsencode(folder) in path.read_bytes():
                found.append(int(path.parent.name))
    return found


@pytest.mark.parametrize("seconds", [0, 0.5, 1, 1.2, 1.4, 1.6, 1.8, 2, 2.2, 3])
def test_a_room_that_is_closed_while_it_starts_leaves_nothing_and_says_nothing(
    room_folder, capfd, seconds
):
    run.load_libraries(["matplotlib.pyplot"])
    assert processes_in(room_folder)
    pair_of("import json", "import time; time.sleep(0.5)")
    time.sleep(seconds)
    run.close()
    deadline = time.monotonic() + 10
    while processes_in(room_folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert processes_in(room_folder) == []
    assert list(room_folder.iterdir()) == []
    assert "".join(capfd.readouterr()) == ""


def test_folders_of_runs_that_were_killed_are_removed_a_day_later(room_folder):
    old, new, foreign = (room_folder / name for name in ("course-work-x", "course-run-x", "course"))
    for folder in (old, new, foreign):
        folder.mkdir()
    for folder in (old, foreign):
        os.utime(folder, (0, time.time() - 2 * 24 * 3600))
    pair_of("1")
    assert not old.exists()
    assert new.exists()
    assert foreign.exists()
