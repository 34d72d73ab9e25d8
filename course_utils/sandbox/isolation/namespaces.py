"""Namespaces: a process that has its own disk, network, processes and users.

The spawner enters once, for all its children; each child then gets processes, mounts and a
working directory of its own, which the kernel removes with it.
"""

import os
from pathlib import Path

from course_utils.sandbox.isolation import kernel
from course_utils.sandbox.isolation.view import DEVICES

# The parent folder is for Landlock: a rule on it reaches what each child mounts below.
PARENT_OF_WORK = "/sandbox"
WORK = "/sandbox/work"

_SHARED = kernel.CLONE_NEWNS | kernel.CLONE_NEWNET | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS
_OWN = kernel.CLONE_NEWNS | kernel.CLONE_NEWPID | kernel.CLONE_NEWIPC


def enter(view, place, proc, users):
    """Leave the host's network and disk: only what is in ``view`` remains, read-only.

    Parameters
    ----------
    view : View
    place : str
        An empty folder, for the time of the change only.
    proc : int
        A file descriptor of the folder ``/proc``.
    users : bool
        Whether this takes a user namespace (without the right to administer the system).
    """
    unshare(_SHARED, proc, users)
    kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    kernel.mount("sandbox", place, "tmpfs", kernel.MS_NOSUID, "mode=755,size=1m")
    old_mask = os.umask(0o022)
    try:
        _build(Path(place), view)
    finally:
        os.umask(old_mask)
    kernel.set_mount_attributes(place, kernel.MOUNT_ATTR_RDONLY | kernel.MOUNT_ATTR_NOSUID)
    os.chdir(place)
    kernel.pivot_root(".", ".")
    kernel.detach(".")  # the old root, which lies on top of the new one
    os.chdir("/")


def unshare(flags, proc, users):
    """Enter new namespaces; with ``users`` in a user namespace that knows only our own user."""
    if not users:
        kernel.unshare(flags)
        return
    user, group = os.geteuid(), os.getegid()
    kernel.unshare(flags | kernel.CLONE_NEWUSER)
    kernel.write(proc, "self/setgroups", "deny")
    kernel.write(proc, "self/uid_map", f"{user} {user} 1")
    kernel.write(proc, "self/gid_map", f"{group} {group} 1")


def unshare_for_child(proc, users):
    """Let the next fork be the first process of a world of its own."""
    unshare(_OWN, proc, users)


def mount_working_directory(limits, user, group):
    """Mount an empty folder in memory, of limited size, in which no program can be started."""
    options = (
        f"mode=700,uid={user},gid={group},"
        f"size={limits.workdir_bytes},nr_inodes={limits.workdir_files}"
    )
    flags = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
    kernel.mount("work", WORK, "tmpfs", flags, options)


def _build(root, view):
    """Bind what is in view into the empty folder ``root``, at the same paths."""
    links, places = {}, set()
    for path in (*view.readable, *DEVICES):
        if os.path.exists(path):
            found, real = _follow(path)
            links |= found
            places.add(Path(real))
    places = {path for path in places if places.isdisjoint(path.parents)}
    for path in places:
        inside = root / path.relative_to("/")
        if path.is_dir():
            inside.mkdir(parents=True, exist_ok=True)
        else:
            inside.parent.mkdir(parents=True, exist_ok=True)
            inside.touch()
        kernel.mount(path, inside, None, kernel.MS_BIND | kernel.MS_REC)
    for path, target in links.items():
        if places.isdisjoint(Path(path).parents):
            inside = root / Path(path).relative_to("/")
            inside.parent.mkdir(parents=True, exist_ok=True)
            inside.symlink_to(target)
    (root / WORK.lstrip("/")).mkdir(parents=True)


def _follow(path):
    """Return the symbolic links on the way to ``path``, as ``{link: target}``, and its real path.

    Links whose own path has a link in it are named by their real place.
    """
    links = {}
    done, left = "/", [*reversed(Path(path).parts[1:])]
    while left:
        part = left.pop()
        here = os.path.normpath(os.path.join(done, part))
        if not os.path.islink(here):
            done = here
            continue
        target = links[here] = os.readlink(here)
        if os.path.isabs(target):
            done = "/"
        left += reversed([part for part in Path(target).parts if part != "/"])
    return links, done
