"""Send data to a server at an abstract unix socket, which no file permission guards."""

from attack_course import Attack, assert_harmless
from witnesses import AbstractListener

ATTACK = Attack(
    cell="""
import socket

with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as stream:
    stream.settimeout(2)
    stream.connect("\\0$address")
    stream.send(b"canary")
""",
    witness=AbstractListener,
)


def test_works_without_protection(unprotected):
    assert unprotected.arena.witness.heard == b"canary"


def test_is_stopped(protected):
    assert_harmless(protected)
    assert protected.arena.witness.heard == b""
