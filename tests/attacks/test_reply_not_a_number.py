"""Answer with NaN, of which no comparison is true: not even that it is far from what is right."""

import numpy as np
import pytest
from agent_attacks import assert_speaker_harmless, attack_with_reply

NAN = float("nan")
ATTACKS = {
    "json": attack_with_reply('{"value": float("nan")}'),
    "array": attack_with_reply(
        '{"value": {"array": ["<f8", [2, 3], 48]}}, bytes.fromhex("000000000000f87f") * 6'
    ),
    "infinite": attack_with_reply('{"value": float("inf")}'),
}


def test_works_without_protection():
    assert not abs(NAN - 40937) > 1e-6
    assert not np.any(np.abs(np.full((2, 3), NAN) - 4) > 1e-6)


@pytest.mark.parametrize("kind", ATTACKS)
def test_is_stopped(protected, kind):
    assert_speaker_harmless(protected)
