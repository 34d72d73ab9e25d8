"""Answer with an int of two million digits: reading it takes time that grows with their square."""

import json

import pytest
from agent_attacks import assert_speaker_harmless, attack_as_agent

ATTACK = attack_as_agent("""
import struct

text = b'{"value": ' + b"9" * 2_000_000 + b"}"
agent._answer = lambda *_: stream.sendall(struct.pack("!II", len(text), 0) + text)
""")


def test_works_without_protection():
    with pytest.raises(ValueError, match="digits"):  # which a trusting checker does not expect
        json.loads("9" * 2_000_000)


def test_is_stopped(protected):
    assert_speaker_harmless(protected)
