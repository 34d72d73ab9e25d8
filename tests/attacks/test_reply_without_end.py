"""Answer one byte at a time, and never with the last one.

A reader with a limit for each byte waits for ever. Ctrl-C is ignored.
"""

import os
import struct
import threading
import time
from multiprocessing import Pipe

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
    "messages": attack_as_agent(
        """
import signal


def chatter(request, data):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        agent._connection.send({"message": ["stream", {"name": "stdout", "text": "x" * 1000}]})


agent._answer = chatter
""",
        stock_cell="""
import signal
import time

signal.signal(signal.SIGINT, signal.SIG_IGN)
while True:
    print("x" * 1000, flush=True)
    time.sleep(0.01)
""",
        stock_timeout=2,
    ),
}


@pytest.mark.parametrize("kind", ["bytes"])
def test_works_without_protection(kind):
    trusting, student = Pipe()
    with trusting, student:
        os.write(student.fileno(), struct.pack("!i", 1_000_000))
        assert trusting.poll(0.1)  # which is all the patience that the reader has
        reader = threading.Thread(target=receive, args=[trusting])
        reader.start()
        for _ in range(10):
            os.write(student.fileno(), b" ")
            time.sleep(0.05)
        assert reader.is_alive()
        student.close()
        reader.join()


def receive(connection):
    with pytest.raises(OSError):
        connection.recv_bytes()


@pytest.mark.parametrize("kind", ["messages"])
def test_works_without_protection_on_outputs(unprotected, kind):
    assert unprotected.is_ungraded


@pytest.mark.parametrize("kind", ATTACKS)
def test_is_stopped(protected, kind):
    assert_speaker_harmless(protected)
