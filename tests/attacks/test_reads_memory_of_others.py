"""Search the memory of the process that started this one for hidden tests."""

from attack import Attack, assert_harmless

ATTACK = Attack(
    cell="""
import os
import re
from pathlib import Path


def search(process):
    with open(process / "mem", "rb", 0) as memory:
        for line in (process / "maps").read_text().splitlines():
            found = re.match("([0-9a-f]+)-([0-9a-f]+) rw", line)
            if found:
                start, end = (int(side, 16) for side in found.groups())
                try:
                    memory.seek(start)
                    text = memory.read(min(end - start, 2**26))
                except OSError:
                    continue
                for place in re.finditer(b"canary-hidden-test-[0-9a-f]{4}", text):
                    return place[0].hex()


parent = Path(f"/proc/{os.getppid()}")
for process in [parent, *Path("/proc").glob("[0-9]*")]:
    if (process / "comm").exists() and (process == parent or os.getppid() == 0):
        try:
            print(search(process))
        except OSError as error:
            print(type(error).__name__)
""",
    stock_group="reads",
)


def test_works_without_protection(unprotected):
    assert unprotected.told >= {"hidden test"}


def test_is_stopped(protected):
    assert_harmless(protected)
