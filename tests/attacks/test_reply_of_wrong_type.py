"""Answer with what is no answer: other types, broken arrays, impossible errors.

A checker that trusts the form of what arrives fails with an exception of its own, and with it the
class.
"""

import ast
import os
import pickle

import numpy as np
import pytest
from agent_attacks import ask_a_manager, assert_speaker_harmless, attack_with_reply
from nbformat.v4 import output_from_msg

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

# What a process of `multiprocessing` can send, and what it does to the one that has asked.
SENT_TO_A_MANAGER = {
    "list": ([], ValueError),
    "number": (1, TypeError),
    "nothing": (None, TypeError),
    "empty": ({}, ValueError),
    "error-number": (("#ERROR", 5), TypeError),
    "error-system-exit": (("#ERROR", SystemExit("0")), SystemExit),
    "error-interrupt": (("#ERROR", KeyboardInterrupt("x")), KeyboardInterrupt),
    "error-generator": (("#ERROR", GeneratorExit()), GeneratorExit),
    "error-stop": (("#ERROR", StopIteration()), StopIteration),
    "error-unicode": (("#ERROR", UnicodeDecodeError), TypeError),
    "error-open": (("#ERROR", open), TypeError),
}
ARRAYS = ("negative-shape", "array-too-short", "array-of-objects")
ONLY_HERE = {"value-number", "two-kinds"}  # nothing else reads such replies


@pytest.mark.parametrize("kind", SENT_TO_A_MANAGER)
def test_works_without_protection(kind):
    reply, error = SENT_TO_A_MANAGER[kind]
    with pytest.raises(error):
        ask_a_manager(reply)


@pytest.mark.parametrize("kind", ARRAYS)
def test_works_without_protection_on_arrays(kind):
    reply, data = eval(REPLIES[kind])
    name, shape, _ = reply["value"]["array"]
    with pytest.raises(ValueError):
        np.frombuffer(data, name).reshape(shape)


@pytest.mark.parametrize("kind", ["value-unknown"])
def test_works_without_protection_on_pickles(kind):
    assert pickle.loads(b"cos\nsystem\n.") is os.system


@pytest.mark.parametrize("kind", ["dict-of-lists"])
def test_works_without_protection_on_literals(kind):
    with pytest.raises(TypeError):
        ast.literal_eval("{[1]: 2}")


@pytest.mark.parametrize("kind", ["message-number"])
def test_works_without_protection_on_messages(kind):
    with pytest.raises(TypeError):
        output_from_msg({"header": {"msg_type": "stream"}, "content": 5})


@pytest.mark.parametrize("kind", sorted(ATTACKS.keys() - ONLY_HERE))
def test_is_stopped(protected, kind):
    assert_speaker_harmless(protected)


@pytest.mark.parametrize("kind", sorted(ONLY_HERE))
def test_only_the_defence_is_shown(protected, kind):
    assert_speaker_harmless(protected)
