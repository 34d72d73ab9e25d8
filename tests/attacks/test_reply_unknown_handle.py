"""Answer with handles that were never given: large, negative, or with a hostile description.

A table of objects that is indexed with whatever number arrives gives out its last entry for -1;
there is no such table but ours to show it on. A name or parameters that no function can have end
in an exception of Python's own.
"""

import inspect

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


ONLY_HERE = {"large", "negative", "text", "fraction", "named-like-ours"}


@pytest.mark.parametrize("kind", ["no-name"])
def test_works_without_protection_on_names(kind):
    with pytest.raises(ValueError):
        type("a b\0(", (), {})


@pytest.mark.parametrize("kind", ["ten-thousand-parameters", "twin-parameters"])
def test_works_without_protection_on_parameters(kind):
    twins = [inspect.Parameter("a", inspect.Parameter.POSITIONAL_OR_KEYWORD)] * 2
    with pytest.raises(ValueError):
        inspect.Signature(twins)


@pytest.mark.parametrize("kind", sorted(ATTACKS.keys() - ONLY_HERE))
def test_is_stopped(protected, kind):
    assert_speaker_harmless(protected)


@pytest.mark.parametrize("kind", sorted(ONLY_HERE))
def test_only_the_defence_is_shown(protected, kind):
    assert_speaker_harmless(protected)
