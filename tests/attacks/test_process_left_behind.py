"""Start a process that leaves its parent's session and lives on after grading."""

from attack_course import Attack, assert_harmless

ATTACK = Attack(
    cell="""
import os
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(600)
    os._exit(0)
""",
)


def test_works_without_protection(unprotected):
    assert len(unprotected.left_processes) == 1


def test_is_stopped(protected):
    assert_harmless(protected)
    assert protected.left_processes == []
