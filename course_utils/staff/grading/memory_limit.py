"""Limits on the address space of trusted processes, which students' texts could fill."""

import contextlib
from pathlib import Path

try:
    import resource
except ModuleNotFoundError:  # not on Windows
    resource = None

_STATM = Path("/proc/self/statm")


def limit_memory(more):
    """Let this process have so many bytes beyond what it has now, where the system can do that."""
    if resource is not None and _STATM.exists():
        pages = int(_STATM.read_text().split()[0])
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + more, hard))


@contextlib.contextmanager
def memory_limit(more):
    """Do the same for as long as the ``with`` lasts."""
    before = resource and resource.getrlimit(resource.RLIMIT_AS)
    limit_memory(more)
    try:
        yield
    finally:
        if before:
            resource.setrlimit(resource.RLIMIT_AS, before)


def lift_memory_limit(pid):
    """Free a child from the limit that it has inherited."""
    if hasattr(resource, "prlimit"):
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.prlimit(pid, resource.RLIMIT_AS, (hard, hard))
