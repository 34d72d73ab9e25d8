"""Answer one byte at a time, and never with the last one.

A reader with a limit for each byte waits for ever. Ctrl-C is ignored.
"""

import socket

import pytest
from agent_attacks import assert_speaker_harmless, attack_as_agent

ATTACKS = {
    "bytes": attack_as_agent("""
import signal
import struct
import time


def dribble(request, data):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stream.sendall(struct.pack("!II", 1_000_000, 0))
    while True:
        stream.sendall(b" ")
        time.sleep(0.05)


agent._answer = dribble
"""),
    "messages": attack_as_agent("""
import signal


def chatter(request, data):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        agent._connection.send({"message": ["stream", {"name": "stdout", "text": "x" * 1000}]})


agent._answer = chatter
"""),
}


def test_works_without_protection():
    reader, student = socket.socketpair()
    with reader, student:
        reader.settimeout(0.1)
        received = b""
        for _ in range(100):  # ten seconds of patience, and no end in sight
            student.sendall(b" ")
            received += reader.recv(1)
        assert len(received) == 100


@pytest.mark.parametrize("kind", ATTACKS)
def test_is_stopped(protected, kind):
    assert_speaker_harmless(protected)
