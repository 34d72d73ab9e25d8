"""What cannot be switched on is named, and the level is what remains."""

import sys

import pytest

from course_utils.sandbox.isolation import Confinement, IsolationError, Limits, View
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
def test_a_missing_mechanism_is_named_and_lowers_the_level(warm, without, level):
    found = warm("reached", without=without)
    assert found["level"] == level, found["missing"]
    assert found["child"] == "alive"
    for mechanism in without:
        assert any(text.startswith(f"{mechanism}: ") for text in found["missing"])
    others = [text for text in found["missing"] if not text.startswith(tuple(without))]
    assert all("unprivileged user" in text for text in others)


@pytest.mark.parametrize("without", [["namespaces"], ["Landlock"]])
def test_one_of_namespaces_and_landlock_is_enough_for_the_level_between(warm, without):
    due = {a.name for a in ATTACKS if LEVELS.index(a.level) <= LEVELS.index("landlock")}
    stopped = {name for name, _, stopped, _ in warm("hold_bait", without=without) if stopped}
    assert due - stopped == set()


def test_errors_of_the_system_are_named(warm):
    missing = warm("reached", without=["namespaces", "Landlock"])["missing"]
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


def test_refusals_say_what_would_be_accepted(warm):
    said = warm("refusals")
    assert said["level"] == ("ValueError: level is 'best': one of limits, landlock, full is needed")
    assert "2 threads and may have only one: set OMP_NUM_THREADS=1" in said["threads"]
    assert said["stdin"] == "ValueError: keep_fds has 0: 0 to 2 are the standard streams"


def test_a_child_that_cannot_be_confined_does_not_run(warm):
    said = warm("refusals")
    assert said["in the child"] == "IsolationError: OSError: [Errno 5] Input/output error"
    assert said["left"] == []
    assert said["leaked"] == 0


@pytest.mark.parametrize("value", [0, -1, 1.5, "1"])
def test_limits_are_whole_numbers(value):
    with pytest.raises(ValueError, match="open_files is .*: a whole number of at least 1"):
        Limits(open_files=value)
