"""What cannot be switched on is named, and the level is what remains."""

import sys

import pytest

from course_utils.sandbox.isolation import (
    Confinement,
    IsolationError,
    ResourceLimits,
    View,
    landlock,
)
from course_utils.sandbox.isolation.attacks import ATTACKS
from course_utils.sandbox.isolation.confinement import LEVELS
from course_utils.sandbox.isolation.landlock import gaps
from course_utils.sandbox.isolation.probe import probe


@pytest.mark.parametrize(
    ("without", "level"),
    [
        ([], "full"),
        (["namespaces"], "landlock"),
        (["Landlock"], "landlock"),
        (["namespaces", "Landlock"], "limits"),
        (["seccomp"], "limits"),
        (["namespaces", "Landlock", "seccomp"], "limits"),
    ],
)
def test_a_missing_mechanism_is_named_and_lowers_the_level(spawner, without, level):
    found = spawner("reached", without=without)
    assert found["level"] == level, found["missing"]
    assert found["child"] == "alive"
    for mechanism in without:
        assert any(text.startswith(f"{mechanism}: ") for text in found["missing"])
    others = [text for text in found["missing"] if not text.startswith(tuple(without))]
    assert all("unprivileged user" in text for text in others)


@pytest.mark.parametrize("without", [["namespaces"], ["Landlock"]])
def test_one_of_namespaces_and_landlock_is_enough_for_the_level_between(spawner, without):
    due = {a.name for a in ATTACKS if LEVELS.index(a.level) <= LEVELS.index("landlock")}
    stopped = {name for name, _, stopped, _ in spawner("hold_canaries", without=without) if stopped}
    assert due - stopped == set()


FILES = {
    "read a file outside the view",
    "list a folder outside the view",
    "write outside the working directory",
    "leave the disk by a symbolic link",
    "write to the libraries of other notebooks",
}
SOCKETS = {
    "connect over TCP",
    "listen on TCP",
    "send over UDP",
    "connect to a unix socket",
    "connect to an abstract unix socket",
    "send from a pair of datagram sockets",
}
PROCESSES = {"signal another process", "trace another process"}
SEEN = {"learn that a file exists", "see another process", "read another process's environment"}

# What each mechanism stops without the others: a hole in one must not stay unseen behind another.
ALONE = {
    "seccomp": SOCKETS
    | PROCESSES
    | {"fork", "start a program", "survive the spawner", "enter a namespace of one's own"}
    | {"hold memory in memfd", "hold memory in System V segments", "keep keys in the kernel"},
    "Landlock": FILES
    | PROCESSES
    | {"connect over TCP", "listen on TCP", "read another process's environment"}
    | {"connect to an abstract unix socket", "send from a pair of datagram sockets"},
    "namespaces": FILES
    | PROCESSES
    | SEEN
    | (SOCKETS - {"listen on TCP"})  # on a network where nobody else is
    | {"fill the disk with many small files"},
}


@pytest.mark.parametrize("mechanism", ALONE)
def test_each_mechanism_alone_stops_what_it_is_for(spawner, mechanism):
    due = set(ALONE[mechanism])
    if mechanism == "Landlock" and landlock.version() < 6:
        due -= PROCESSES | {name for name in due if "abstract" in name or "datagram" in name}
    tried = spawner("hold_canaries", without=[other for other in ALONE if other != mechanism])
    assert due - {name for name, _, stopped, _ in tried if stopped} == set()


def test_errors_of_the_system_are_named(spawner):
    missing = spawner("reached", without=["namespaces", "Landlock"])["missing"]
    assert any("[Errno 1] Operation not permitted" in text for text in missing)
    assert any("[Errno 95] Operation not supported" in text for text in missing)


def test_elsewhere_than_on_linux_there_is_no_confinement(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "platform", "darwin")
    view = View((tmp_path,))
    with pytest.raises(IsolationError, match="need Linux; this is darwin"):
        Confinement(view)
    report = probe(view)
    assert report.level == "none"
    assert report.missing == ("confined processes need Linux; this is darwin",)


def test_old_versions_of_landlock_leave_gaps():
    assert [text.split("not govern ")[1] for text in gaps(3)] == [
        "TCP",
        "device ioctls",
        "signals and abstract sockets",
    ]
    assert gaps(6) == gaps(7) == []


def test_refusals_say_what_would_be_accepted(spawner):
    said = spawner("refusals")
    assert said["level"] == ("ValueError: level is 'best': one of limits, landlock, full is needed")
    assert "2 threads and may have only one: set OMP_NUM_THREADS=1" in said["threads"]
    assert said["stdin"] == "ValueError: keep_fds has 0: 0 to 2 are the standard streams"


def test_a_child_that_cannot_be_confined_does_not_run(spawner):
    said = spawner("refusals")
    assert said["in the child"] == "IsolationError: OSError: [Errno 5] Input/output error"
    assert not said["left"]
    assert said["leaked"] == 0


@pytest.mark.parametrize("value", [0, -1, 1.5, "1"])
def test_limits_are_whole_numbers(value):
    with pytest.raises(ValueError, match="open_files is .*: a whole number of at least 1"):
        ResourceLimits(open_files=value)
