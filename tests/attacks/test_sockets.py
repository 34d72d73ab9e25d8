"""Send data to a server: by TCP, UDP, a unix socket, or an abstract one, which no file guards."""

import functools
import socket

import pytest
from attack import Attack, assert_harmless
from witnesses import Listener

SOCKETS = {
    "tcp": (socket.AF_INET, socket.SOCK_STREAM, lambda arena: ("127.0.0.1", 0)),
    "udp": (socket.AF_INET, socket.SOCK_DGRAM, lambda arena: ("127.0.0.1", 0)),
    "unix": (socket.AF_UNIX, socket.SOCK_STREAM, lambda arena: str(arena / "socket")),
    "abstract": (socket.AF_UNIX, socket.SOCK_STREAM, lambda arena: f"\0{arena}"),
}
ATTACKS = {
    kind: Attack(
        cell=f"""
import socket

with socket.socket({family:d}, {transport:d}) as stream:
    stream.settimeout(2)
    stream.connect($address)
    stream.send(b"canary")
""",
        witness=functools.partial(Listener, family, transport, address),
        stock_group="reads",
    )
    for kind, (family, transport, address) in SOCKETS.items()
}


@pytest.mark.parametrize("kind", ATTACKS)
def test_works_without_protection(unprotected, kind):
    assert unprotected.arena.witness.heard == b"canary"


@pytest.mark.parametrize("kind", ATTACKS)
def test_is_stopped(protected, kind):
    assert_harmless(protected)
    assert protected.arena.witness.heard == b""
