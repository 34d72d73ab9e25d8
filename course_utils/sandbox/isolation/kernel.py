"""System calls of Linux that Python's standard library has no function for.

Each function raises ``OSError`` with the call's name in it. Importing works everywhere; calling
anywhere but on Linux raises ``OSError`` (``ENOSYS``).
"""

import ctypes
import errno
import functools
import os
import sys

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_NOSUID = 0x2
MS_NODEV = 0x4
MS_NOEXEC = 0x8
MS_BIND = 0x1000
MS_REC = 0x4000
MS_PRIVATE = 0x40000
MNT_DETACH = 0x2
MOUNT_ATTR_RDONLY = 0x1
MOUNT_ATTR_NOSUID = 0x2


PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_CAPBSET_DROP = 24
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_CLEAR_ALL = 4
SECCOMP_MODE_FILTER = 2

CAP_SETUID = 7
CAP_SYS_ADMIN = 21
_LAST_CAPABILITY = 63

# The same number on every architecture, as for all calls since Linux 5.1.
MOUNT_SETATTR = 442
_AT_FDCWD = -100
_AT_RECURSIVE = 0x8000
_CAPABILITY_VERSION_3 = 0x20080522


@functools.cache
def _libc():
    if sys.platform != "linux":
        raise OSError(errno.ENOSYS, f"no such system call on {sys.platform}")
    return ctypes.CDLL(None, use_errno=True)


def _call(name, *arguments):
    """Call a function of libc; whole numbers are passed as ``long``, texts as paths."""
    converted = [
        ctypes.c_long(value)
        if isinstance(value, int)
        else os.fsencode(value)
        if isinstance(value, str | os.PathLike)
        else value
        for value in arguments
    ]
    result = getattr(_libc(), name)(*converted)
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def system_call(name, number, *arguments):
    """Make the system call ``number``; ``name`` is for the error."""
    try:
        return _call("syscall", number, *arguments)
    except OSError as error:
        raise OSError(error.errno, f"{name}: {os.strerror(error.errno)}") from None


def unshare(flags):
    """Move the calling process into new namespaces (for ``CLONE_NEWPID``: its next child)."""
    _call("unshare", flags)


def mount(source, target, kind=None, flags=0, options=None):
    """Mount ``source`` on ``target``; ``kind`` is the file system, ``options`` its own text."""
    data = None if options is None else options.encode()
    try:
        _call("mount", source, target, kind, flags, data)
    except OSError as error:
        number = error.errno
        raise OSError(number, f"mount {source} on {target}: {os.strerror(number)}") from None


def detach(target):
    """Unmount ``target`` and all below it as soon as nothing uses it."""
    _call("umount2", target, MNT_DETACH)


def pivot_root(new_root, old_root):
    """Make ``new_root`` the root of this mount namespace and put the old one on ``old_root``."""
    _call("pivot_root", new_root, old_root)


def set_mount_attributes(target, attributes):
    """Set ``attributes`` on the mount at ``target`` and every mount below it."""
    structure = (ctypes.c_uint64 * 4)(attributes, 0, 0, 0)
    size = ctypes.sizeof(structure)
    path = os.fsencode(target)
    system_call("mount_setattr", MOUNT_SETATTR, _AT_FDCWD, path, _AT_RECURSIVE, structure, size)


def prctl(option, *arguments):
    """Set or ask for an attribute of the calling process."""
    padded = [*arguments, 0, 0, 0, 0][:4]
    return _call("prctl", option, *padded)


def effective_capabilities():
    """Return the calling process's effective capabilities as a set of numbers."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    data = (ctypes.c_uint32 * 6)()
    _call("capget", header, data)
    bits = data[0] | data[3] << 32
    return {number for number in range(_LAST_CAPABILITY + 1) if bits >> number & 1}


def drop_capabilities():
    """Give up every capability, for good: ambient, bounding, inheritable, permitted, effective."""
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    # Past the kernel's last one: EINVAL. Without CAP_SETPCAP: EPERM, and then there is nothing
    # in the other sets that the bounding set could give back, since no program can be started.
    for number in range(_LAST_CAPABILITY + 1):
        try:
            prctl(PR_CAPBSET_DROP, number)
        except OSError as error:
            if error.errno in (errno.EINVAL, errno.EPERM):
                break
            raise
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    _call("capset", header, (ctypes.c_uint32 * 6)())


def write(folder, name, text):
    """Write to the file ``name`` of the kernel's in the opened ``folder``."""
    opened = os.open(name, os.O_WRONLY | os.O_CLOEXEC, dir_fd=folder)
    try:
        os.write(opened, text.encode())
    finally:
        os.close(opened)
