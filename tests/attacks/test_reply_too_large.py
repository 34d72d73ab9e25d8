"""Answer with what is small to send and large to have: announced, counted or empty.

Whoever makes room for four gigabytes before they arrive, writes a range out as a list, or walks
through an array of 549 755 813 888 empty rows is busy with it.
"""

import struct

import numpy as np
import pytest
from agent_attacks import assert_speaker_harmless, attack_as_agent, attack_with_reply

HEADER = struct.pack("!II", 2**32 - 1, 2**32 - 1)
ROWS = 2**39
ATTACKS = {
    "frame": attack_as_agent(
        f"agent._answer = lambda *_: stream.sendall({HEADER!r} + bytes(1_000_000))"
    ),
    "range": attack_with_reply(f'{{"value": {{"range": [0, {2**43}, 1]}}}}'),
    "rows": attack_with_reply(f'{{"value": {{"array": ["<f8", [2, {ROWS}, 0], 0]}}}}'),
}


def test_works_without_protection():
    [size, _] = struct.unpack("!II", HEADER)
    assert np.zeros(size, np.uint8).nbytes > 4_000_000_000  # which costs only who writes to it
    with pytest.raises(MemoryError):
        list(range(2**43))
    assert len(np.frombuffer(b"", "<f8").reshape(2, ROWS, 0)[0]) == ROWS


@pytest.mark.parametrize("kind", ATTACKS)
def test_is_stopped(protected, kind):
    assert_speaker_harmless(protected)
