"""The rights of a process: its user, its capabilities."""

import os

from course_utils.sandbox.isolation import kernel

# Not handed out to people, services or containers on Linux systems (systemd's table of users and
# groups leaves 1879048192–2147483647 free); a user per process also keeps one from the other.
_FIRST_FREE_USER = 0x70000000
NOBODY = 65534


def can_change_user():
    """Return whether the calling process is root with the right to become someone else."""
    return os.geteuid() == 0 and kernel.CAP_SETUID in kernel.effective_capabilities()


def unused_user(pid):
    """Return a user id that no other process has while process ``pid`` lives."""
    return _FIRST_FREE_USER + pid


def become(user):
    """Become ``user`` with the group of the same number and no others, for good."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def unreadable(paths):
    """Return those of ``paths`` that the calling process cannot read."""
    return [
        path
        for path in paths
        if not os.access(path, os.R_OK | os.X_OK if os.path.isdir(path) else os.R_OK)
    ]
