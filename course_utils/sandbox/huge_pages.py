"""Memory in huge pages (2 MiB), of which a fork copies one entry where it copies 512 of small ones.

Forks are what a warm process does most, and copying its page table is most of their cost.
"""

import re
from pathlib import Path

from course_utils.sandbox.isolation import kernel

HUGE_PAGE = 2 * 2**20  # bytes; on most processors
_MAPPING = re.compile(r"([0-9a-f]+)-([0-9a-f]+) rw-p \S+ \S+ 0 *(\[heap\])?$")


def collapse():
    """Turn this process's own memory into huge pages, as far as the system has some to give.

    Returns
    -------
    int
        How many there are more than before, at most; 0 where the system cannot do it.
    """
    count = 0
    for line in _mappings():
        mapping = _MAPPING.match(line)
        if mapping is None:
            continue
        first, end = (int(address, 16) for address in mapping.group(1, 2))
        # what is left over at both ends stays as it is
        for address in range(-(-first // HUGE_PAGE) * HUGE_PAGE, end - HUGE_PAGE + 1, HUGE_PAGE):
            try:
                kernel.madvise(address, HUGE_PAGE, kernel.MADV_COLLAPSE)
            except OSError:  # nothing is in it, or no huge page is free, or the system is too old
                continue
            count += 1
    return count


def _mappings():
    try:
        return Path("/proc/self/maps").read_text().splitlines()
    except FileNotFoundError:  # no Linux
        return []
