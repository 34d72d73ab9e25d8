"""Answer with what is no answer: other types, broken arrays, impossible errors.

A checker that trusts the form of what arrives fails with an exception of its own, and with it the
class.
"""

import builtins

import numpy as np
import pytest
from agent_attacks import assert_speaker_harmless, attack_with_reply

REPLIES = {
    "list": "[]",
    "number": "1",
    "nothing": "None",
    "empty": "{}",
    "value-number": '{"value": {"list": 5}}',
    "value-unknown": '{"value": {"class": "os.system"}}',
    "two-kinds": '{"value": {"list": [], "tuple": []}}',
    "dict-of-lists": '{"value": {"dict": [[{"list": [1]}, 2]]}}',
    "negative-shape": '{"value": {"array": ["<f8", [-1, -8], 64]}}, b"x" * 64',
    "array-too-short": '{"value": {"array": ["<f8", [1000], 8000]}}, b"x"',
    "array-of-objects": '{"value": {"array": ["|O", [1], 8]}}, b"x" * 8',
    "error-number": '{"error": 5}',
    "error-system-exit": '{"error": {"bases": ["SystemExit"], "type": "SystemExit", "text": "0"}}',
    "error-interrupt": '{"error": {"bases": ["KeyboardInterrupt"], "type": "x"}}',
    "error-generator": '{"error": {"bases": ["GeneratorExit"], "type": "GeneratorExit"}}',
    "error-stop": '{"error": {"bases": ["StopIteration"], "type": "StopIteration"}}',
    "error-unicode": '{"error": {"bases": ["UnicodeDecodeError"], "type": "__class__"}}',
    "error-open": '{"error": {"bases": ["open", "type", "dict"], "type": "type"}}',
    "message-number": '{"message": 5}',
}
ATTACKS = {kind: attack_with_reply(reply) for kind, reply in REPLIES.items()}


def trusting(reply, data=b""):
    """Read a reply as if nobody would send another kind of it."""
    if "error" in reply:
        raise getattr(builtins, reply["error"]["bases"][0])(reply["error"]["text"])
    kind, shape, _ = reply["value"]["array"]
    return np.frombuffer(data, kind).reshape(shape)


@pytest.mark.parametrize("kind", REPLIES)
def test_works_without_protection(kind):
    reply = eval(REPLIES[kind])
    with pytest.raises((Exception, SystemExit, KeyboardInterrupt, GeneratorExit)):
        trusting(*reply if isinstance(reply, tuple) else (reply,))


@pytest.mark.parametrize("kind", ATTACKS)
def test_is_stopped(protected, kind):
    assert_speaker_harmless(protected)
