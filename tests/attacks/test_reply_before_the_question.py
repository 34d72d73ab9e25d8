"""Send answers before anything is asked: whoever takes the next message for the answer takes them.

Every question gets the answer to another one from then on.
"""

import socket

from agent_attacks import assert_speaker_harmless, attack_as_agent

from course_utils.sandbox.wire import Connection

ATTACK = attack_as_agent("""
for _ in range(50):
    agent._connection.send({"ok": True, "value": True})
""")


def test_works_without_protection():
    trusted, student = socket.socketpair()
    with trusted, student:
        Connection(student).send({"passed": True})
        Connection(trusted).send({"question": "did the test pass?"})
        assert Connection(trusted).receive().content == {"passed": True}


def test_is_stopped(protected):
    assert_speaker_harmless(protected)
