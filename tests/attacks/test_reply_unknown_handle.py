"""Answer with handles that were never given: large, negative, or with a hostile description.

A table of objects that is indexed with whatever number arrives gives out its last entry for -1.
"""

import pytest
from agent_attacks import assert_speaker_harmless, attack_with_reply

HANDLES = {
    "large": '{"handle": 10**9, "type": "function", "callable": True, "name": "correlate2d"}',
    "negative": '{"handle": -1, "type": "function", "callable": True}',
    "text": '{"handle": "0", "type": "function", "callable": True}',
    "fraction": '{"handle": 0.0, "type": "function"}',
    "named-like-ours": '{"handle": 0, "type": "StudentFunction", "name": "__class__"}',
    "no-name": '{"handle": 0, "type": "a b\\u0000(", "callable": True, "name": "1; import os"}',
    "ten-thousand-parameters": (
        '{"handle": 0, "type": "f", "callable": True, "parameters": [["a", 1, False]] * 10_000}'
    ),
    "twin-parameters": (
        '{"handle": 0, "type": "f", "callable": True, "parameters": [["a", 1, False]] * 2}'
    ),
}
ATTACKS = {kind: attack_with_reply(f'{{"value": {node}}}') for kind, node in HANDLES.items()}


def test_works_without_protection():
    given_so_far = ["the student's function", "the reference"]
    assert given_so_far[-1] == "the reference"


@pytest.mark.parametrize("kind", ATTACKS)
def test_is_stopped(protected, kind):
    assert_speaker_harmless(protected)
