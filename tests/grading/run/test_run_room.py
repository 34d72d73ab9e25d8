"""One notebook in the run room: what its cells can rely on, and what they show."""

import contextlib
import os
import select
import signal
import time
from pathlib import Path

import pytest

from course_utils.staff.grading.job import Cell, Job
from course_utils.staff.grading.run import run_room

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def closed_run_room():
    yield
    run_room.close()


def shown(source, role="solution", **options):
    """What one cell shows, as (kind, content)."""
    job = Job((Cell(0, "cell", role, source),), (("cell", role, source),), 1, **options)
    return run_room.run_notebook(job).messages[0]


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
        "from IPython.core.error import UsageError\nraise UsageError('a magic')",
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


@pytest.mark.parametrize("file", ["tqdm.py", "tqdm/__init__.py"])
def test_a_module_beside_the_notebook_comes_before_a_package_that_is_loaded(file):
    source = "import tqdm\ngetattr(tqdm, 'x', 'the package')"
    assert result(source) == result(source, "test") == "'the package'"
    assert result(source, files={file: b"x = 7"}) == "7"
    assert result(source, "test", trusted_files={file: b"x = 8"}) == "8"


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
    messages = run_room.run_notebook(Job(cells, trusted, 1)).messages[1]
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
    messages = run_room.run_notebook(Job(cells, (("c1", "test", test),), 77)).messages
    assert messages[1][0][1]["data"]["text/plain"] == "('77', 5)"
    assert messages[2][0][1]["evalue"] == "name 'expected' is not defined"
    assert messages[3][0][1]["data"]["text/plain"] == "False"


def test_notebooks_that_run_at_once_get_different_cores_as_long_as_there_are_some():
    cores = run_room._Cores()
    count = len(os.sched_getaffinity(0))
    with contextlib.ExitStack() as stack:
        taken = [stack.enter_context(cores.least_used()) for _ in range(2 * count)]
    assert sorted(taken) == sorted([*os.sched_getaffinity(0)] * 2)
    with cores.least_used() as core:
        assert core == taken[0], "they were all given back"


@pytest.fixture
def room_folder(tmp_path, monkeypatch):
    """The folder of temporary files of a run room that is closed before and after."""
    run_room.close()
    monkeypatch.setattr(run_room.tempfile, "tempdir", str(tmp_path))
    yield tmp_path
    run_room.close()


def pair_of(*cells):
    return run_room._pair_for(tuple((f"c{i}", "given", source) for i, source in enumerate(cells)))


def processes_of(pair):
    """The process that starts checkers, and its child, the spawner."""
    children = f"/proc/{pair._process.pid}/task/{pair._process.pid}/children"
    with open(children) as file:
        students, *_ = map(int, file.read().split())  # before the checkers
    return pair._process.pid, students


@pytest.mark.parametrize("which", [0, 1])
def test_a_preload_process_that_was_killed_is_started_anew(room_folder, which):
    source = "1 + 1"
    job = Job((Cell(0, "c", "given", source),), (("c", "given", source),), 1)
    assert run_room.run_notebook(job).messages[0][0][1]["data"]["text/plain"] == "2"
    [pair] = run_room._PAIRS.values()
    os.kill(processes_of(pair)[which], signal.SIGKILL)
    wait_for(lambda: not pair.is_alive())
    assert run_room.run_notebook(job).messages[0][0][1]["data"]["text/plain"] == "2"
    assert list(run_room._PAIRS.values()) != [pair]


def test_closing_ends_both_processes_and_removes_their_files(room_folder):
    pair = pair_of("1")
    pair._wait_until_ready()
    pids = processes_of(pair)
    run_room.close()
    wait_for(lambda: not any(os.path.exists(f"/proc/{pid}/exe") for pid in pids))
    assert list(room_folder.iterdir()) == []


def test_the_spawner_knows_nothing_of_the_graders_environment(room_folder, monkeypatch):
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


def wait_for(happened, seconds=60):
    """Wait until something has happened; fail where it does not."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


def has_sent(channel):
    return bool(select.select([channel.control], [], [], 0)[0])


MOMENTS = {
    "at once": lambda pair, flag: True,
    "while a given cell runs": lambda pair, flag: flag.exists(),
    "when checkers can be started": lambda pair, flag: has_sent(pair._checkers),
    "when students' processes can be started": lambda pair, flag: has_sent(pair._students),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_room_that_is_closed_while_it_starts_leaves_nothing_and_says_nothing(
    room_folder, tmp_path_factory, capfd, moment
):
    flag = tmp_path_factory.mktemp("flag") / "given-cell-runs"
    hold = "import time; time.sleep(30)" if moment == "while a given cell runs" else ""
    pair = pair_of("import matplotlib.pyplot", f"open({str(flag)!r}, 'w').close(); {hold}")
    assert processes_in(room_folder)
    wait_for(lambda: MOMENTS[moment](pair, flag))
    run_room.close()
    wait_for(lambda: processes_in(room_folder) == [])
    assert list(room_folder.iterdir()) == []
    assert "".join(capfd.readouterr()) == ""


def test_nothing_of_the_staffs_is_loaded_where_students_processes_are_forked_from():
    look = "import sys\nprint(sorted(name for name in sys.modules if 'staff' in name))"
    test = "from course_utils.staff import convolution_by_hand as tools\nprint(tools.__name__)"
    cells = (Cell(0, "c1", "solution", look), Cell(1, "c2", "test", test))
    messages = run_room.run_notebook(Job(cells, (("c1", "given", "1"), ("c2", "test", test)), 1))
    shown = {place: content[0][1]["text"] for place, content in messages.messages.items()}
    assert shown == {0: "[]\n", 1: "course_utils.staff.convolution_by_hand\n"}


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
