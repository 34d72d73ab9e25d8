"""Leave a segment of shared memory, which belongs to no process and outlives them all."""

from attack import Attack, assert_harmless
from witnesses import SharedMemory

ATTACK = Attack(
    cell="""
import ctypes

libc = ctypes.CDLL(None)
segment = libc.shmget($key, 1_000_000, 0o1666)
print("made", segment >= 0)
""",
    witness=SharedMemory,
    stock_group="reads",
)


def test_works_without_protection(unprotected):
    assert unprotected.arena.witness.found


def test_is_stopped(protected):
    assert_harmless(protected)
    assert not protected.arena.witness.found
