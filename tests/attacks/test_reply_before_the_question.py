"""Send answers before anything is asked: whoever takes the next message for the answer takes them.

Every question gets the answer to another one from then on.
"""

from agent_attacks import ask_a_manager, assert_speaker_harmless, attack_as_agent

ATTACK = attack_as_agent("""
for _ in range(50):
    agent._connection.send({"ok": True, "value": True})
""")


def test_works_without_protection():
    assert ask_a_manager(("#RETURN", True)) is True


def test_is_stopped(protected):
    assert_speaker_harmless(protected)
