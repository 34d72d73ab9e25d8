"""Answer with what is small to send and large to have: announced, counted or empty.

Whoever makes room for four gigabytes before they arrive, writes a range out as a list, or walks
through an array of 549 755 813 888 empty rows is busy with it.
"""

import io
import signal
import struct

import numpy as np
import pytest
from agent_attacks import assert_speaker_harmless, attack_as_agent, attack_with_reply

HEADER = struct.pack("!II", 2**32 - 1, 2**32 - 1)
LENGTH = 2**61  # as a list, larger than any memory can be
ROWS = 2**39
ATTACKS = {
    "frame": attack_as_agent(
        f"agent._answer = lambda *_: stream.sendall({HEADER!r} + bytes(1_000_000))"
    ),
    "range": attack_with_reply(f'{{"value": {{"range": [0, {LENGTH}, 1]}}}}'),
    "rows": attack_with_reply(f'{{"value": {{"array": ["<f8", [2, {ROWS}, 0], 0]}}}}'),
}


@pytest.mark.parametrize("kind", ["frame"])
def test_works_without_protection(kind):
    file = io.BytesIO()  # which announces its size, as our frames do
    array = {"descr": "<f8", "fortran_order": False, "shape": (2**59,)}
    np.lib.format.write_array_header_1_0(file, array)
    file.seek(0)
    with pytest.raises(MemoryError):
        np.load(file)


@pytest.mark.parametrize("kind", ["range"])
def test_works_without_protection_on_lists(kind):
    with pytest.raises(MemoryError):
        list(range(LENGTH))


@pytest.mark.parametrize("kind", ["rows"])
def test_works_without_protection_on_arrays(kind):
    def out_of_time(*_):
        raise TimeoutError

    usual = signal.signal(signal.SIGALRM, out_of_time)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(TimeoutError):
            for _ in np.frombuffer(b"", "<f8").reshape(2, ROWS, 0)[0]:
                pass
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, usual)


@pytest.mark.parametrize("kind", ATTACKS)
def test_is_stopped(protected, kind):
    assert_speaker_harmless(protected)
