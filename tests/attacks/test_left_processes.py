"""Start processes that leave the session and live on; twenty stand for a bomb without end."""

import pytest
from attack import Attack, assert_harmless

COUNTS = {"one": 1, "fork-bomb": 20}
ATTACKS = {
    "one": Attack(
        cell="""
import os
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(600)
    os._exit(0)
""",
        stock_group="reads",
    ),
    "fork-bomb": Attack(
        cell="""
import os
import time

for _ in range(20):
    if os.fork() == 0:
        os.setsid()
        time.sleep(600)
        os._exit(0)
""",
        stock_group="writes",
    ),
}


@pytest.mark.parametrize("kind", ATTACKS)
def test_works_without_protection(unprotected, kind):
    assert len(unprotected.left_processes) == COUNTS[kind]


@pytest.mark.parametrize("kind", ATTACKS)
def test_is_stopped(protected, kind):
    assert_harmless(protected)
    assert protected.left_processes == []
