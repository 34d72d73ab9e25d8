"""Every attack works where nothing stops it and fails at the level that is to stop it."""

import pytest

from course_utils.sandbox.isolation.attacks import ATTACKS
from course_utils.sandbox.isolation.confinement import LEVELS
from course_utils.sandbox.isolation.probe import Attempt, Report, level_held

NAMES = [attack.name for attack in ATTACKS]
# Some hosts, containers above all, forbid these to everyone.
OFTEN_FORBIDDEN = {
    "enter a namespace of one's own",
    "keep keys in the kernel",
    "trace another process",
}


@pytest.fixture(scope="module")
def unprotected(spawner):
    return {attempt[0]: Attempt(*attempt) for attempt in spawner("attack_unprotected")}


@pytest.fixture(scope="module", params=LEVELS[1:])
def report(request, spawner):
    return spawner("report", level=request.param) | {"asked": request.param}


@pytest.mark.parametrize("name", NAMES)
def test_an_attack_works_where_nothing_stops_it(unprotected, name):
    attempt = unprotected[name]
    if attempt.stopped and name in OFTEN_FORBIDDEN:
        pytest.skip(f"this machine forbids it to everyone: {attempt.by}")
    assert not attempt.stopped, attempt.by


def test_a_level_stops_its_attacks_and_those_of_the_levels_below(report):
    asked = LEVELS.index(report["asked"])
    due = {attack.name for attack in ATTACKS if LEVELS.index(attack.level) <= asked}
    tried = [Attempt(*attempt.values()) for attempt in map(_as_dict, report["attempts"])]
    assert due - {attempt.name for attempt in tried if attempt.stopped} == set()
    assert [attempt.name for attempt in tried] == NAMES
    assert all(attempt.by for attempt in tried if attempt.stopped)


def test_the_probe_reports_the_level_that_was_asked_for(report):
    assert report["level"] == report["asked"], report["text"]
    assert report["broken"] == []
    assert report["text"].startswith(f"isolation: {report['asked']} ")


def _as_dict(attempt):
    return dict(zip(Attempt._fields, attempt, strict=True))


@pytest.mark.parametrize(
    ("not_stopped", "level"),
    [
        (None, "full"),
        ("learn that a file exists", "landlock"),
        ("read a file outside the view", "limits"),
        ("take more memory than allowed", "none"),
    ],
)
def test_one_attack_that_works_lowers_the_level(not_stopped, level):
    tried = [Attempt(a.name, a.level, a.name != not_stopped, "") for a in ATTACKS]
    assert level_held(tried) == level


def test_a_child_that_does_not_answer_holds_no_level():
    assert level_held([]) == "none"


def test_a_report_names_what_was_not_stopped_and_what_is_missing():
    attempts = (Attempt("fork", "landlock", False, ""), Attempt("x", "limits", True, "EPERM"))
    report = Report("limits", attempts, ("seccomp: not built in",), ("await: OSError",))
    assert str(report).splitlines() == [
        "isolation: limits (1 of 2 attacks stopped)",
        "  not stopped: fork",
        "  missing: seccomp: not built in",
        "  broken: await: OSError",
    ]
