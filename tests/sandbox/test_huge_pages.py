"""Huge pages: the same content in fewer, larger pages."""

import json
import subprocess
import sys

import pytest

PROGRAM = """
import json
from pathlib import Path
from course_utils.sandbox import huge_pages


def in_huge_pages():
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("AnonHugePages"))


content = [str(number) for number in range(500_000)]
before = in_huge_pages()
count = huge_pages.collapse()
same = content == [str(number) for number in range(500_000)]
print(json.dumps([count, in_huge_pages() - before, same]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="huge pages are asked of Linux")
def test_memory_moves_into_huge_pages_and_keeps_its_content():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=60
    )
    count, more, same = json.loads(done.stdout)
    assert same
    if count == 0:
        pytest.skip("this system has no huge pages to give (Linux before 6.1, or memory in pieces)")
    assert 0 < more <= count * 2048  # KiB
