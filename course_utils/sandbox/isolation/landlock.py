"""Landlock: the kernel refuses files, TCP, signals and abstract sockets to a process.

The constants are those of ``linux/landlock.h``. The PyPI package ``landlock`` knows file rules
only; TCP (ABI 4) and signals and abstract sockets (ABI 6) need a few more fields.
"""

import ctypes
import os
import stat

from course_utils.sandbox.isolation import kernel

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION = 1
_PATH_BENEATH = 1

_WRITE_FILE = 1 << 1
_READ_FILE = 1 << 2
_READ_DIR = 1 << 3
_REMOVE_DIR = 1 << 4
_REMOVE_FILE = 1 << 5
_MAKE_DIR = 1 << 7
_MAKE_REG = 1 << 8
_MAKE_FIFO = 1 << 10
_MAKE_SYM = 1 << 12
_REFER = 1 << 13
_TRUNCATE = 1 << 14

LIST_FOLDER = _READ_DIR
READ_FOLDER = _READ_FILE | _READ_DIR
DEVICE = _READ_FILE | _WRITE_FILE
WORK = (
    READ_FOLDER
    | (_WRITE_FILE | _TRUNCATE | _REMOVE_DIR | _REMOVE_FILE)
    | (_MAKE_DIR | _MAKE_REG | _MAKE_FIFO | _MAKE_SYM | _REFER)
)

# How many of the rights above each version of the interface knows, lowest bits first.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_NET_BIND_AND_CONNECT = 0b11  # from version 4
_SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11  # from version 6


def version():
    """Return the kernel's version of Landlock; ``OSError`` where there is none."""
    return kernel.system_call("landlock_create_ruleset", _CREATE_RULESET, None, 0, _VERSION)


def gaps(abi):
    """Return what version ``abi`` leaves open that later ones close, as sentences."""
    closed_since = {2: "moving files", 3: "truncating files", 4: "TCP", 5: "device ioctls"}
    closed_since[6] = "signals and abstract sockets"
    return [
        f"Landlock: version {abi} does not govern {what}"
        for since, what in closed_since.items()
        if abi < since
    ]


def create_ruleset(abi, rules):
    """Return a file descriptor of a ruleset that refuses all but ``rules``.

    Parameters
    ----------
    abi : int
        What ``version`` returned.
    rules : iterable of (str or Path, int)
        Paths with the rights below them: ``LIST_FOLDER``, ``READ_FOLDER``, ``DEVICE``, ``WORK``.
    """
    handled = (1 << _FILE_RIGHTS[min(abi, 5)]) - 1
    network = _NET_BIND_AND_CONNECT if abi >= 4 else 0
    scoped = _SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS if abi >= 6 else 0
    attributes = (ctypes.c_uint64 * 3)(handled, network, scoped)
    size = 8 if abi < 4 else 16 if abi < 6 else 24
    ruleset = kernel.system_call("landlock_create_ruleset", _CREATE_RULESET, attributes, size, 0)
    try:
        for path, rights in rules:
            _add_rule(ruleset, path, rights & handled)
    except BaseException:
        os.close(ruleset)
        raise
    return ruleset


def _add_rule(ruleset, path, rights):
    opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(opened).st_mode):
            rights &= _READ_FILE | _WRITE_FILE | _TRUNCATE
        rule = ctypes.create_string_buffer(
            rights.to_bytes(8, "little") + opened.to_bytes(4, "little"), 12
        )
        kernel.system_call("landlock_add_rule", _ADD_RULE, ruleset, _PATH_BENEATH, rule, 0)
    finally:
        os.close(opened)


def restrict(ruleset):
    """Hold the calling process to ``ruleset`` for good; it must have ``no_new_privs`` set."""
    kernel.system_call("landlock_restrict_self", _RESTRICT_SELF, ruleset, 0)
