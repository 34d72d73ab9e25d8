"""Never end, and ignore the interrupt that should end it.

Stock nbgrader waits, and then gives up on the whole submission: no test of it is recorded.
"""

from attack import Attack, assert_harmless

ATTACK = Attack(
    cell="""
import signal
import time

signal.signal(signal.SIGINT, signal.SIG_IGN)
while True:
    try:
        time.sleep(1)
    except BaseException:
        continue
""",
    stock_timeout=2,
)


def test_works_without_protection(unprotected):
    assert unprotected.is_ungraded


def test_is_stopped(protected):
    assert_harmless(protected)
    assert protected.timeouts == 1
