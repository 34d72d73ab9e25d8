"""Fail, and then fail again when asked where: an error that nobody can show is no error.

nbgrader gives full marks to a test cell that shows none. It never asks where, so that there is
nothing else to try this on.
"""

from agent_attacks import assert_speaker_harmless, attack_as_agent

ATTACK = attack_as_agent("""
error = {"error": {"bases": ["ValueError"], "type": "ValueError", "text": "no", "line": ""}}
agent._answer = lambda request, data: (error, b"")
""")


def test_only_the_defence_is_shown(protected):
    assert_speaker_harmless(protected)
