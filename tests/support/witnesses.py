"""What notices that an attack has reached something outside of its notebook."""

import ctypes
import socket
import subprocess
import sys
import threading
import uuid
from pathlib import Path


class Listener:
    """A server that keeps what it hears; ``values`` tell an attack where it is.

    ``address`` is called with the arena.
    """

    def __init__(self, family, transport, address, arena):
        self._socket = socket.socket(family, transport)
        self._socket.bind(address(arena))
        self._transport = transport
        self._heard = b""
        if transport == socket.SOCK_STREAM:
            self._socket.listen()
        self._socket.settimeout(0.1)
        where = self._socket.getsockname()
        self.values = {"address": repr(where)}
        if isinstance(where, str):
            Path(where).chmod(0o777)  # everyone may connect
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self):
        while not self._closing.is_set():
            try:
                if self._transport == socket.SOCK_DGRAM:
                    self._heard += self._socket.recv(100)
                    continue
                stream, _ = self._socket.accept()
                with stream:
                    stream.settimeout(2)
                    self._heard += stream.recv(100)
            except TimeoutError:
                continue

    def close(self):
        """Stop listening."""
        self._closing.set()
        self._thread.join()
        self._socket.close()

    @property
    def heard(self):
        """Everything it was sent, once it is closed."""
        return self._heard


class CanaryProcess:
    """A process that should live as long as the attack; ``lived`` tells, once it is closed."""

    def __init__(self, arena):
        command = [sys.executable, "-c", "import sys; sys.stdin.read()"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE)
        self.values = {"pid": self._process.pid}
        self.lived = None

    def close(self):
        """End it, if nobody else has."""
        self.lived = self._process.poll() is None
        self._process.communicate()


class CommonFolders:
    """Looks for a file in the folders where everyone may write, when it is closed."""

    def __init__(self, arena):
        self._name = f"course-attack-{uuid.uuid4()}"
        self.values = {"name": self._name}
        self.folders = None

    def close(self):
        """Note where the file is, and remove it."""
        places = [Path(folder, self._name) for folder in ("/tmp", "/var/tmp", "/dev/shm")]
        self.folders = [str(path.parent) for path in places if path.exists()]
        for path in places:
            path.unlink(missing_ok=True)


class SharedMemory:
    """Looks for a System V segment, when it is closed."""

    def __init__(self, arena):
        self._key = uuid.uuid4().int % 2**31
        self.values = {"key": self._key}
        self.found = None

    def close(self):
        """Note whether the segment is there, and remove it."""
        libc = ctypes.CDLL(None)
        segment = libc.shmget(self._key, 0, 0)
        self.found = segment >= 0
        if self.found:
            libc.shmctl(segment, 0, None)  # IPC_RMID
