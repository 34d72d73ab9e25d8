"""Answer with lists nested ten thousand deep, over which a recursive reader falls."""

import json

import pytest
from agent_attacks import assert_speaker_harmless, attack_as_agent

ATTACK = attack_as_agent("""
import struct

text = b'{"value": ' + b'{"list": [' * 10_000 + b"1" + b"]}" * 10_000 + b"}"
agent._answer = lambda *_: stream.sendall(struct.pack("!II", len(text), 0) + text)
""")


def test_works_without_protection():
    with pytest.raises(RecursionError):
        json.loads("[" * 10_000 + "]" * 10_000)


def test_is_stopped(protected):
    assert_speaker_harmless(protected)
