"""What hostile code would try: each function does it, or raises what stopped it.

They are harmless to the machine: what they reach for are canaries (``canaries.laid_out``).
The probe runs them confined; the tests also run them unconfined, where they must succeed.
"""

import ctypes
import errno
import mmap
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

_PTRACE_SEIZE = 0x4206


class Attack(NamedTuple):
    """One thing to try.

    Attributes
    ----------
    name : str
        What would have been achieved.
    level : str
        The lowest of ``LEVELS`` that has to stop it.
    attempt : callable
        Takes the ``Canaries``; returns where the attack works and raises where it is stopped.
    """

    name: str
    level: str
    attempt: Callable


ATTACKS = []


def _attack(name, level):
    def register(function):
        ATTACKS.append(Attack(name, level, function))
        return function

    return register


# Using more than allowed


@_attack("take more memory than allowed", "limits")
def _take_memory(canaries):
    mmap.mmap(-1, canaries.limits.memory + 2**24).close()


@_attack("write a larger file than allowed", "limits")
def _write_large_file(canaries):
    with open("large", "wb") as file:
        file.truncate(canaries.limits.file_size + 1)
    os.unlink("large")


@_attack("open more files than allowed", "limits")
def _open_many_files(canaries):
    opened = []
    try:
        while len(opened) < canaries.limits.open_files:
            opened.append(os.open(os.devnull, os.O_RDONLY))
    finally:
        for number in opened:
            os.close(number)


@_attack("start threads without end", "limits")
def _start_threads(canaries):
    # Where nobody counts tasks (the kernel spares its first root), memory for stacks runs out,
    # which Python's own threads do not take well.
    libc = ctypes.CDLL(None)
    stack = 2**17
    count = canaries.limits.tasks + canaries.limits.memory // stack
    attributes, semaphore = (ctypes.create_string_buffer(64) for _ in range(2))
    libc.pthread_attr_init(attributes)
    libc.pthread_attr_setstacksize(attributes, ctypes.c_size_t(stack))
    libc.sem_init(semaphore, 0, 0)
    threads = (ctypes.c_ulong * count)()
    started = 0
    try:
        for number in range(count):
            place = ctypes.byref(threads, number * ctypes.sizeof(ctypes.c_ulong))
            error = libc.pthread_create(place, attributes, libc.sem_wait, semaphore)
            if error:
                raise OSError(error, f"pthread_create: {os.strerror(error)}")
            started += 1
    finally:
        for _ in range(started):
            libc.sem_post(semaphore)
        for number in range(started):
            libc.pthread_join(ctypes.c_ulong(threads[number]), None)


@_attack("fill the disk with many small files", "full")
def _fill_disk(canaries):
    block = bytes(canaries.limits.file_size)
    names = [f"block{number}" for number in range(canaries.limits.workdir_bytes // len(block) + 1)]
    try:
        for name in names:
            Path(name).write_bytes(block)
    finally:
        for name in names:
            Path(name).unlink(missing_ok=True)


# Files


@_attack("read a file outside the view", "landlock")
def _read_file(canaries):
    Path(canaries.file).read_text()


@_attack("list a folder outside the view", "landlock")
def _list_folder(canaries):
    os.listdir(canaries.folder)


@_attack("write outside the working directory", "landlock")
def _write_file(canaries):
    written = Path(canaries.folder, f"written-{os.urandom(4).hex()}")
    written.write_text("x")
    written.unlink()


@_attack("leave the disk by a symbolic link", "landlock")
def _follow_link(canaries):
    os.symlink(canaries.file, "link")
    try:
        Path("link").read_text()
    finally:
        os.unlink("link")


@_attack("learn that a file exists", "full")
def _see_file(canaries):
    os.stat(canaries.file)


@_attack("write to the libraries of other notebooks", "landlock")
def _write_view(canaries):
    path = Path(canaries.readable, "written")
    path.write_text("x")
    path.unlink()


# Network and other ways to talk


@_attack("connect over TCP", "landlock")
def _connect_tcp(canaries):
    socket.create_connection(("127.0.0.1", canaries.tcp_port), timeout=2).close()


@_attack("listen on TCP", "landlock")
def _listen_tcp(canaries):
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()


@_attack("send over UDP", "landlock")
def _send_udp(canaries):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"x", ("127.0.0.1", canaries.udp_port))


@_attack("connect to a unix socket", "landlock")
def _connect_unix(canaries):
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(canaries.unix_socket)


@_attack("connect to an abstract unix socket", "landlock")
def _connect_abstract(canaries):
    with socket.socket(socket.AF_UNIX) as client:
        client.connect("\0" + canaries.abstract_socket)


@_attack("send from a pair of datagram sockets", "landlock")
def _send_datagram(canaries):
    sender, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with sender, other:
        sender.sendto(b"x", "\0" + canaries.abstract_datagrams)


# Processes


@_attack("fork", "landlock")
def _fork(canaries):
    pid = os.fork()
    if not pid:
        os._exit(0)
    os.waitpid(pid, 0)


@_attack("start a program", "landlock")
def _execute(canaries):
    # A name that does not exist: what else could run would end this process.
    try:
        os.execv("/nonexistent", ["nonexistent"])
    except FileNotFoundError:
        return  # the kernel went and looked


@_attack("signal another process", "landlock")
def _signal(canaries):
    os.kill(canaries.process, 0)


@_attack("trace another process", "landlock")
def _trace(canaries):
    _system_call("ptrace", _PTRACE_SEIZE, canaries.process, 0, 0)


@_attack("read another process's environment", "landlock")
def _read_environment(canaries):
    if b"COURSE_CANARY" not in Path(f"/proc/{canaries.process}/environ").read_bytes():
        raise PermissionError(errno.EACCES, "nothing to be read")


@_attack("see another process", "full")
def _see_process(canaries):
    os.stat(f"/proc/{canaries.process}")


@_attack("read the spawner's environment", "limits")
def _read_own_environment(canaries):
    os.environ["COURSE_CANARY"]


@_attack("survive the spawner", "landlock")
def _forget_parent(canaries):
    _system_call("prctl", 1, 0, 0, 0, 0)  # PR_SET_PDEATHSIG


# The kernel's own machinery


@_attack("hold memory in memfd", "landlock")
def _memfd(canaries):
    os.close(os.memfd_create("canary"))


@_attack("hold memory in System V segments", "landlock")
def _shared_memory(canaries):
    identifier = _system_call("shmget", 0, 4096, 0o600)
    _system_call("shmctl", identifier, 0, None)  # IPC_RMID


@_attack("enter a namespace of one's own", "landlock")
def _unshare(canaries):
    _system_call("unshare", 0x10000000)  # CLONE_NEWUSER: anyone may, where users may at all


@_attack("keep keys in the kernel", "landlock")
def _keys(canaries):
    _system_call("syscall", _add_key(), b"user", b"canary", b"x", 1, -2)  # -2: its own process


def _add_key():
    return {"x86_64": 248, "aarch64": 217}[os.uname().machine]


def _system_call(name, *arguments):
    function = getattr(ctypes.CDLL(None, use_errno=True), name)
    wide = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    result = function(*wide)
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result
