"""The secret of a course, without which nobody can tell a student's hidden inputs in advance.

It is made at the first grading and kept beside the gradebook. The gradebook holds its fingerprint,
so that nobody is graded with another secret without noticing.
"""

import contextlib
import hashlib
import hmac
import os
import secrets
import sqlite3
import tempfile
from pathlib import Path

from sqlalchemy.engine import make_url

from course_utils.staff.course import CourseError

FILE_NAME = "gradebook.secret"
SIZE = 32  # bytes
# Of the demonstration, whose pages are the same everywhere; never taken for a new gradebook.
OF_DEMO = bytes(SIZE)


def fingerprint(secret):
    """Return what tells one secret from another, and nothing of it."""
    return hmac.new(secret, b"fingerprint", hashlib.sha256).hexdigest()


def course_secret(db_url):
    """Return the secret that belongs to a gradebook; made where it has none yet.

    Parameters
    ----------
    db_url : str
        Of the gradebook.

    Raises
    ------
    CourseError
        The gradebook's grades were made with another secret than the one that is there now.
    """
    database = _file_of(db_url)
    path = database.with_name(FILE_NAME)
    with contextlib.closing(_connect(database)) as connection:
        secret, known = _read(path), _known(connection)
        if secret is not None and known == fingerprint(secret):
            return secret
        connection.execute("BEGIN IMMEDIATE")  # of several that begin at once, one makes it
        secret, known = _read(path), _known(connection)
        if known is None:
            if secret in (None, OF_DEMO):
                secret = _write(path, secrets.token_bytes(SIZE))
            _note(connection, secret)
        elif secret is None or known != fingerprint(secret):
            raise CourseError(_lost(path, database, secret))
        connection.execute("COMMIT")
    return secret


def set_secret(db_url, secret=None):
    """Give a gradebook a secret, or a new one: whoever is graded from now on gets other inputs.

    The one that was there is kept beside it, in case another gradebook needs it.
    """
    database = _file_of(db_url)
    path = database.with_name(FILE_NAME)
    with contextlib.closing(_connect(database)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        with contextlib.suppress(FileNotFoundError):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            path.rename(path.with_name(f"{FILE_NAME}.{digest[:8]}"))
        _note(connection, _write(path, secrets.token_bytes(SIZE) if secret is None else secret))
        connection.execute("COMMIT")


def _file_of(db_url):
    url = make_url(db_url)
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        raise CourseError(
            f"the gradebook is {url!r}, which is no file; the secret of the hidden inputs is kept "
            "beside the gradebook, so `db_url` has to be sqlite:/// and the path of a file"
        )
    return Path(url.database)


def _read(path):
    """Return the secret in a file; None where there is no file."""
    try:
        secret = bytes.fromhex(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
    except ValueError:
        secret = b""
    if len(secret) != SIZE:
        raise CourseError(
            f"{path} holds no secret; expected {2 * SIZE} hexadecimal digits. Put the file back "
            "from a copy, or remove it to be told what else to do"
        )
    return secret


def _write(path, secret):
    """Write a secret, readable by its owner only; nobody ever sees a part of it."""
    handle, new = tempfile.mkstemp(prefix=f"{FILE_NAME}.", dir=path.parent)  # with mode 0600
    with open(handle, "w", encoding="ascii") as file:
        file.write(f"{secret.hex()}\n")
    os.replace(new, path)
    return secret


def _lost(path, database, secret):
    if secret is None:
        what = f"{path} is missing, with which the grades in {database.name} were made"
    else:
        what = f"{path} is not the secret with which the grades in {database.name} were made"
    return (
        f"{what}. Put the right one back from a copy. Where there is none, "
        "`course autograde --new-secret` makes another; everybody is then graded again, "
        "with new hidden inputs"
    )


# --- the fingerprint in the gradebook -----------------------------------------------------------


def _connect(database):
    # without Python's own transactions
    return sqlite3.connect(database, timeout=60, isolation_level=None)


def _known(connection):
    with contextlib.suppress(sqlite3.OperationalError):  # no such table
        for row in connection.execute("SELECT fingerprint FROM course_secret"):
            return row[0]
    return None


def _note(connection, secret):
    connection.execute("CREATE TABLE IF NOT EXISTS course_secret (fingerprint TEXT NOT NULL)")
    connection.execute("DELETE FROM course_secret")
    connection.execute("INSERT INTO course_secret VALUES (?)", (fingerprint(secret),))
