"""Answer with text that no file can hold, and with characters that do not exist."""

import json

import numpy as np
import pytest
from agent_attacks import assert_speaker_harmless, attack_with_reply

ATTACKS = {
    "surrogate": attack_with_reply(r'{"value": "\udfff"}'),
    "surrogate-error": attack_with_reply(
        r'{"error": {"bases": ["ValueError"], "type": "x", "text": "\udfff", "line": "\udfff"}}'
    ),
    "surrogate-key": attack_with_reply(r'{"value": {"dict": [["\udfff", 1]]}}'),
    "no-character": attack_with_reply('{"value": {"array": ["<U1", [1], 4]}}, b"\\xff" * 4'),
}


def test_works_without_protection(tmp_path):
    with pytest.raises(UnicodeEncodeError):
        (tmp_path / "graded.txt").write_text(json.loads(r'"\udfff"'), encoding="utf-8")
    with pytest.raises((ValueError, SystemError)):
        np.frombuffer(b"\xff" * 4, "<U1").tolist()


@pytest.mark.parametrize("kind", ATTACKS)
def test_is_stopped(protected, kind):
    assert_speaker_harmless(protected)
