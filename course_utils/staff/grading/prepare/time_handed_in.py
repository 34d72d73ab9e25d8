"""When a submission was handed in: its ``timestamp.txt``, read without guessing."""

import contextlib
import os
import re
import shutil
import stat
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from nbgrader.utils import parse_utc

from course_utils.staff import faults
from course_utils.staff.files import write_atomically
from course_utils.staff.grading.prepare.submitted_files import (
    TIMESTAMP,
    UNREADABLE,
    is_real_folder,
    open_file,
)

LONGEST = 200  # bytes; no more are read

_TIME = re.compile(
    r"(?P<date>[12][0-9]{3}-[0-9]{2}-[0-9]{2})[ T](?P<hour>[0-9]{1,2})"
    r"(?P<rest>:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)(?: ?(?P<half>[AP])\.?M\.?)?"
    # a zone is looked up among files, so its name is nothing like a path of its own
    r" ?(?:(?P<offset>[+-][0-9]{2}(?::?[0-9]{2})?)|(?P<zone>[A-Z][A-Z0-9_+-]*(?:/[A-Z0-9_+-]+)*))?",
    re.IGNORECASE,
)


def time_handed_in(folder, zone=UTC):
    """Return when a submission was handed in, and what its time reads where that is no time.

    Parameters
    ----------
    folder : Path
        ``submitted/<student>/<assignment>``.
    zone : tzinfo, optional
        The course's: what its abbreviations stand for.

    Returns
    -------
    datetime or None
        UTC, without a time zone as nbgrader has it.
    str or None
        Empty where it is no text.
    """
    path = Path(folder, TIMESTAMP)
    if not os.path.lexists(path):
        path = path.with_name(UNREADABLE)
    if not os.path.lexists(path):
        return None, None
    text = ""
    try:
        with open_file(path) as file:
            text = file.read(LONGEST).decode("utf-8-sig").strip()
        return read_time(text, zone) if text else None, None
    except (ValueError, OverflowError, OSError) as error:
        if faults.is_of_machine(error):
            raise
        return None, text


def read_time(text, zone=UTC):
    """Return the time that a text holds, UTC without a time zone.

    Raises
    ------
    ValueError
        It holds none, or a time zone that is not known for certain: an abbreviation such as IST
        means one thing in Dublin and another in Delhi. That of the course's own zone is known.
    """
    found = _TIME.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is no time")
    hour = int(found["hour"])
    if found["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(f"{text!r} has no such hour")
        hour = hour % 12 + (12 if found["half"] in "Pp" else 0)
    local = datetime.fromisoformat(f"{found['date']} {hour:02}{found['rest']}")
    if found["offset"]:
        sign, digits = found["offset"][0], found["offset"][1:].replace(":", "").ljust(4, "0")
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        if offset > timedelta(hours=14):
            raise ValueError(f"{text!r} has no such time zone")
        return local - offset if sign == "+" else local + offset
    if found["half"] and not found["zone"] and local.replace(tzinfo=zone).utcoffset():
        raise ValueError(f"it is not certain that {text!r} is UTC")  # computers write no PM
    aware = _in_zone(local, found["zone"] or "UTC", zone)
    return aware.astimezone(UTC).replace(tzinfo=None)


def stamp(time):
    """Return the text of a timestamp's file."""
    return f"{time.isoformat(' ')} UTC\n"


def put_timestamp_right(folder, zone=UTC):
    """See to it that nbgrader can read ``timestamp.txt``, where the student's folder has one.

    The formgrader reads it there, and shows nobody's submission of an assignment where it cannot
    read one; and it takes a zone that it does not know for UTC. An empty file is removed: it says
    as little as none. One that holds no time is moved aside.
    """
    folder = Path(folder)
    path, aside = folder / TIMESTAMP, folder / UNREADABLE
    with contextlib.suppress(OSError):
        if not is_real_folder(folder):
            return
        time, unreadable = time_handed_in(folder, zone)
        if time is not None:
            if not _nbgrader_reads(path, time):
                write_atomically(path, stamp(time))
        elif os.path.lexists(path) and unreadable is None:
            path.unlink()
        elif os.path.lexists(path):
            with contextlib.suppress(FileNotFoundError):
                shutil.rmtree(aside) if stat.S_ISDIR(aside.lstat().st_mode) else aside.unlink()
            path.rename(aside)


def _in_zone(local, name, course_zone):
    if name.upper() in ("UTC", "GMT", "Z"):
        return local.replace(tzinfo=UTC)
    if "/" in name:
        try:
            return local.replace(tzinfo=ZoneInfo(name))
        except (KeyError, OSError) as error:
            raise ValueError(f"no time zone {name!r}") from error
    for fold in (0, 1):  # the hour that comes twice has two names
        aware = local.replace(tzinfo=course_zone, fold=fold)
        if aware.tzname() == name.upper():
            return aware
    raise ValueError(f"it is not certain which time zone {name!r} is")


def _nbgrader_reads(path, time):
    """Tell whether nbgrader's own reading of the file gives this time."""
    with (
        contextlib.suppress(OSError, ValueError, OverflowError, TypeError),
        warnings.catch_warnings(action="ignore"),  # of a zone that it does not know
    ):
        with open_file(path) as file:
            data = file.read(LONGEST + 1)
        return len(data) <= LONGEST and parse_utc(data.decode("ascii").strip()) == time
    return False
