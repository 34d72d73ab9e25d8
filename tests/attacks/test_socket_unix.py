"""Send data to a server at a unix socket that everyone may connect to."""

from attack_course import Attack, assert_harmless
from witnesses import UnixListener

ATTACK = Attack(
    cell="""
import socket

with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as stream:
    stream.settimeout(2)
    stream.connect("$arena/socket")
    stream.send(b"canary")
""",
    witness=UnixListener,
)


def test_works_without_protection(unprotected):
    assert unprotected.arena.witness.heard == b"canary"


def test_is_stopped(protected):
    assert_harmless(protected)
    assert protected.arena.witness.heard == b""
