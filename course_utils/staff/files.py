"""Files that are there as a whole or not at all."""

import contextlib
import errno
import os
import stat
import tempfile
from pathlib import Path


def write_where_named(path, text):
    """Write ``text`` where a person says: a link is followed, a device or pipe is written to.

    A file that is there is replaced as a whole, and whoever may read it stays the same.

    Raises
    ------
    OSError
        There is no such folder, or it cannot be written there.
    """
    path = Path(os.path.realpath(path))
    status = path.stat() if os.path.lexists(path) else None
    if status is not None and not _is_replaceable(path, status):
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        return
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "there is no such folder", str(path.parent))
    write_atomically(path, text, 0o644 if status is None else stat.S_IMODE(status.st_mode))


def _is_replaceable(path, status):
    is_plain = stat.S_ISREG(status.st_mode) and status.st_nlink == 1
    return is_plain and os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def write_atomically(path, text, mode=0o644):
    """Write ``text`` to a temporary file beside ``path``, then rename it."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(temporary, mode)  # mkstemp makes files that only their owner may read
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise
