"""Start many processes, which all live on; twenty stand for a bomb without end."""

from attack_course import Attack, assert_harmless

ATTACK = Attack(
    cell="""
import os
import time

for _ in range(20):
    if os.fork() == 0:
        os.setsid()
        time.sleep(600)
        os._exit(0)
""",
)


def test_works_without_protection(unprotected):
    assert len(unprotected.left_processes) == 20


def test_is_stopped(protected):
    assert_harmless(protected)
    assert protected.left_processes == []
