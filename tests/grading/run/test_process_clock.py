"""Time in which a busy machine gives a process no core is not the process's."""

import time

import pytest
from busy_core import SLEEP, SPIN, busy_core, running

from course_utils.staff.grading.run import process_clock
from course_utils.staff.grading.run.process_clock import ProcessClock


def seconds_counted(clock, seconds):
    before = clock.now()
    time.sleep(seconds)
    return clock.now() - before


@pytest.fixture
def rivals():
    with busy_core():
        yield


def test_waiting_for_a_core_does_not_count(rivals):
    with running(SPIN) as (_, pidfd):
        assert seconds_counted(ProcessClock(pidfd), 2) < 1
        assert seconds_counted(ProcessClock(None), 2) >= 2, "a wall clock counts it"


def test_sleeping_counts(rivals):
    with running(SLEEP) as (_, pidfd):
        assert seconds_counted(ProcessClock(pidfd), 1) > 0.9


def test_no_process_can_stop_the_clock(rivals):
    with running(SPIN) as (_, pidfd):
        counted = seconds_counted(ProcessClock(pidfd), 2)
    assert counted >= 2 / process_clock.SLOWEST * 0.99


def test_the_clock_goes_on_when_the_process_has_ended(rivals):
    with running(SPIN) as (process, pidfd):
        clock = ProcessClock(pidfd)
        time.sleep(1)
        process.kill()
        process.wait()
        assert seconds_counted(clock, 0.5) >= 0.5
        assert seconds_counted(ProcessClock(pidfd), 0.5) >= 0.5


def test_where_the_kernel_does_not_tell_this_is_a_wall_clock(monkeypatch, rivals):
    monkeypatch.setattr(process_clock, "_pid", lambda pidfd: "no-such-process")
    with running(SPIN) as (_, pidfd):
        assert seconds_counted(ProcessClock(pidfd), 1) >= 1
