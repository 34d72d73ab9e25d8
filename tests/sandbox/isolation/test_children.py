"""What a confined child has, how it ends, and what it leaves behind: nothing."""

import os
import select
import tempfile

import pytest

NESTED = "full"
PLAIN = "landlock"


@pytest.fixture
def scratch():
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o711)
        yield folder


def test_everyday_code_works(spawner):
    for level in (NESTED, PLAIN):
        assert spawner("honest", level=level) == {
            "arrays": 300 * 300 * 200,
            "tensors": 100 * 100 * 100 * 2,
            "figure": "\x89PNG",
            "awaiting": "awaited",
            "threads": list(range(8)),
            "importing": "scipy.fft",
            "own_signals": "interrupted",
        }


@pytest.mark.parametrize("level", [NESTED, PLAIN, "limits"])
def test_a_child_starts_with_nothing(spawner, user, level):
    for found in spawner("surroundings", level=level):
        assert found["open"] == 1  # the pipe it answers by
        assert found["files"] == ["left.txt"]
        assert found["program"] == [""]
        assert found["capabilities"] == []
        assert found["temporary"] == found["environment"]["HOME"] == found["folder"]
        assert found["environment"].keys() == {
            *("HOME", "LANG", "LOGNAME", "PATH", "TMPDIR", "USER"),
            "NBGRADER_EXECUTION",
        }
        assert (found["pid"] == 1) == (level == NESTED)


def test_children_of_root_have_users_of_their_own(spawner, user):
    found = spawner("side_by_side")
    assert found["scores"] == [1000, 1000]  # the first to go where memory runs out
    if user == "root":
        assert len(set(found["users"])) == 2
        assert all(int(number) >= 0x70000000 for number in found["users"])


@pytest.mark.parametrize(
    ("level", "error"), [(NESTED, "FileNotFoundError"), (PLAIN, "PermissionError")]
)
def test_the_repository_is_out_of_reach(spawner, level, error):
    found = spawner("repository", level=level)
    assert found["unprotected"] == {
        "staff": "works",
        "tests": "works",
        "student": "works",
        "installed": ["works"],
    }
    confined = found["confined"]
    assert (confined["staff"], confined["tests"], confined["student"]) == (error, error, "works")
    # Without namespaces names can be seen, but not what is in them.
    assert confined["installed"] == (["FileNotFoundError"] if level == NESTED else ["works"])


@pytest.mark.parametrize("level", [NESTED, PLAIN])
def test_endings(spawner, level):
    found = spawner("endings", level=level)
    assert found == {
        "returns": 0,
        "raises": 1,
        "leaves": 7,
        "interrupted": 0,
        "says": "i",
        "killed": -9,
        "zombies": False,
    }


def test_too_much_memory_is_an_error_after_which_the_child_lives(spawner):
    found = spawner("memory")
    assert found["unprotected"] == ["works", "works"]
    assert found["confined"] == ["MemoryError", "works"]


@pytest.mark.parametrize("confined", [False, True])
@pytest.mark.parametrize("level", [NESTED, PLAIN])
def test_only_an_unconfined_child_outlives_the_spawner(spawner, scratch, level, confined):
    receiver, sender = os.pipe()
    asked = {"pipe": sender, "level": level, "confined": confined, "scratch": scratch}
    killed = spawner("outlive", pass_fds=[sender], **asked)
    assert killed == -9
    os.close(sender)
    said = b""
    while select.select([receiver], [], [], 30)[0] and (more := os.read(receiver, 99)):
        said += more
    os.close(receiver)
    assert said in ((b"living ", b"") if confined else (b"living survived",))


@pytest.mark.parametrize("level", [NESTED, PLAIN, "limits"])
def test_a_child_leaves_no_process_behind(spawner, level):
    assert spawner("leave_behind", level=level) == {"said": "x", "gone": True, "zombies": False}


def test_a_working_directory_is_removed_whatever_was_done_in_it(spawner, scratch):
    found = spawner("workdirs", level=PLAIN, scratch=scratch)
    assert found["said"] == "done"
    assert found["during"] == [found["workdir"]]
    assert found["after"] == []


def test_with_namespaces_a_working_directory_never_reaches_the_disk(spawner, scratch):
    found = spawner("workdirs", level=NESTED, scratch=scratch)
    assert found["said"] == "done"
    assert found["during"] == found["after"] == []
    assert found["workdir"] == "None"
