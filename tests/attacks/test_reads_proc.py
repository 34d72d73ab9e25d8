"""Read the environment of other processes in ``/proc``."""

from attack import Attack, assert_harmless

ATTACK = Attack(
    cell="""
import os
from pathlib import Path

for path in Path("/proc").glob("[0-9]*/environ"):
    try:
        variables = path.read_bytes() if path.parent.name != str(os.getpid()) else b""
    except OSError:
        continue
    if b"GRADER_TOKEN" in variables:
        print(variables.hex())
""",
    stock_group="reads",
)


def test_works_without_protection(unprotected):
    assert unprotected.told >= {"environment"}


def test_is_stopped(protected):
    assert_harmless(protected)
