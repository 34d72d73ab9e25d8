"""Things for hostile code to reach for, laid out where a probe or a test can watch them."""

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from course_utils.sandbox.isolation.limits import MIB, ResourceLimits

VARIABLE = "COURSE_CANARY"

# PR_SET_PTRACER, PR_SET_PTRACER_ANY: on many systems only parents may trace; this one lets anyone.
_VICTIM = """
import ctypes, sys
ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)
print("ready", flush=True)
sys.stdin.read()
"""

# Small, so that reaching them costs little.
SMALL_LIMITS = ResourceLimits(
    memory=96 * MIB,
    file_size=MIB,
    workdir_bytes=4 * MIB,
    workdir_files=100,
    open_files=64,
    tasks=16,
)


@dataclass(frozen=True)
class Canaries:
    """What there is to reach.

    Attributes
    ----------
    limits : ResourceLimits
        What the attackers are allowed.
    file, folder : str
        Outside every view, open to every user.
    readable : str
        A folder to put into the view, open to every user.
    tcp_port, udp_port : int
        Listening on 127.0.0.1.
    unix_socket, abstract_socket, abstract_datagrams : str
        Listening; the path of the first, the names of the others.
    process : int
        A process that has ``VARIABLE`` in its environment.
    """

    limits: ResourceLimits
    file: str
    folder: str
    readable: str
    tcp_port: int
    udp_port: int
    unix_socket: str
    abstract_socket: str
    abstract_datagrams: str
    process: int

    def as_data(self):
        """Return it as plain data, from which ``from_data`` makes it again."""
        return asdict(self)

    @classmethod
    def from_data(cls, data):
        """Return the canaries that ``as_data`` was called on."""
        return cls(**data | {"limits": ResourceLimits(**data["limits"])})


@contextlib.contextmanager
def laid_out():
    """Lay out canaries for as long as the context lasts."""
    name = f"course-canary-{secrets.token_hex(8)}"
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="course-canary-"))
        os.chmod(folder, 0o777)
        file = Path(folder, "file")
        file.write_text("canary")
        file.chmod(0o666)
        readable = stack.enter_context(tempfile.TemporaryDirectory(prefix="course-canary-"))
        os.chmod(readable, 0o777)

        def listen(family, kind, address):
            listener = stack.enter_context(socket.socket(family, kind))
            listener.bind(address)
            if kind == socket.SOCK_STREAM:
                listener.listen(16)
            return listener

        tcp = listen(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0))
        udp = listen(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0))
        path = f"{folder}/socket"
        listen(socket.AF_UNIX, socket.SOCK_STREAM, path)
        os.chmod(path, 0o777)
        listen(socket.AF_UNIX, socket.SOCK_STREAM, "\0" + name)
        listen(socket.AF_UNIX, socket.SOCK_DGRAM, f"\0{name}-datagrams")
        victim = stack.enter_context(
            subprocess.Popen(
                [sys.executable, "-I", "-c", _VICTIM],
                env={VARIABLE: "canary"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                process_group=0,  # Ctrl-C is for the grader, which ends it
            )
        )
        stack.callback(victim.kill)
        if victim.stdout.readline() != b"ready\n":
            raise RuntimeError("the process that was to be a canary did not start")
        yield Canaries(
            limits=SMALL_LIMITS,
            file=str(file),
            folder=folder,
            readable=readable,
            tcp_port=tcp.getsockname()[1],
            udp_port=udp.getsockname()[1],
            unix_socket=path,
            abstract_socket=name,
            abstract_datagrams=f"{name}-datagrams",
            process=victim.pid,
        )
