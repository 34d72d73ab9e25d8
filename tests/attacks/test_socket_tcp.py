"""Send data to a TCP server."""

from attack_course import Attack, assert_harmless
from witnesses import TcpListener

ATTACK = Attack(
    cell="""
import socket

with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as stream:
    stream.settimeout(2)
    stream.connect(("127.0.0.1", $port))
    stream.send(b"canary")
""",
    witness=TcpListener,
)


def test_works_without_protection(unprotected):
    assert unprotected.arena.witness.heard == b"canary"


def test_is_stopped(protected):
    assert_harmless(protected)
    assert protected.arena.witness.heard == b""
