"""Read ``course.toml``: due dates, the late policy, and what follow-through credit is worth."""

import datetime as dt
import difflib
import math
import tomllib
import zoneinfo
from dataclasses import dataclass, field
from pathlib import Path

from course_utils.staff.names import show_name

FILE_NAME = "course.toml"
LONGEST_GRACE = 525_600  # minutes: a year
YEARS = range(1970, 3000)  # of a due date


class SettingsError(ValueError):
    """``course.toml`` says something that cannot be used."""


@dataclass(frozen=True)
class LatePolicy:
    """How many points a late submission loses.

    Attributes
    ----------
    grace_minutes : float
        A submission this late still counts as on time.
    penalty_per_day : float
        Share of the earned points lost for each day begun after the due date, 0 to 1.
    max_penalty : float
        The largest share of the earned points that lateness can cost, 0 to 1.
    zone : tzinfo
        Whose clock tells days: one may have 23 hours or 25.
    """

    grace_minutes: float = 0
    penalty_per_day: float = 0
    max_penalty: float = 1
    zone: dt.tzinfo = dt.UTC

    def penalty(self, score, due, handed_in):
        """Return the points lost by a submission that earned ``score`` points.

        ``due`` and ``handed_in`` are UTC, without a time zone as nbgrader has them.
        """
        if (handed_in - due).total_seconds() <= self.grace_minutes * 60:
            return 0.0
        late = self._clock(handed_in) - self._clock(due)
        days_begun = max(1, math.ceil(late / dt.timedelta(days=1)))
        return score * min(self.penalty_per_day * days_begun, self.max_penalty)

    def _clock(self, time):
        """What the course's clock shows at a time."""
        return time.replace(tzinfo=dt.UTC).astimezone(self.zone).replace(tzinfo=None)


@dataclass(frozen=True)
class Settings:
    """The content of ``course.toml``; due dates carry a time zone.

    ``stock_trust`` maps an assignment to cells that, where the engine cannot decide them, run as
    nbgrader runs them instead of waiting for a person.

    ``late`` is None where something else decides what lateness costs. ``zone`` is the course's
    own time zone. ``follow_through`` is the share of its points that a test earns which passes
    once earlier exercises are put right.
    """

    late: LatePolicy | None
    due: dict[str, dt.datetime]
    stock_trust: dict[str, tuple[str, ...]] = field(default_factory=dict)
    zone: dt.tzinfo = dt.UTC
    follow_through: float = 1.0


def read_settings(path, assignments=None):
    """Read and check a ``course.toml``.

    Parameters
    ----------
    path : Path
    assignments : iterable of str, optional
        The assignments that exist; a due date for any other name is an error.

    Raises
    ------
    SettingsError
        The file is missing, is not TOML, or holds a key or value that means nothing here.
    """
    path = Path(path)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SettingsError(
            f"{path} does not exist: it holds due dates and the late policy"
        ) from None
    except (ValueError, RecursionError) as error:  # no text, no TOML, or too deep or long for it
        raise SettingsError(f"{path} is not a TOML file: {error}") from None
    try:
        _only_keys("", content, ("timezone", "late", "grading", "assignments"))
        zone = _zone(content.get("timezone", "UTC"))
        late = _late_policy(_table("late", content.get("late", {})), zone)
        follow_through = _follow_through(_table("grading", content.get("grading", {})))
        tables = {
            name: _table(f"assignments.{name}", entry)
            for name, entry in _table("assignments", content.get("assignments", {})).items()
        }
        for name, table in tables.items():
            _only_keys(f"assignments.{name}", table, ("due", "stock_trust"))
            if assignments is not None:
                _known_assignment(name, sorted(assignments))
        trust = {name: _cells(name, table) for name, table in tables.items()}
        due = {
            name: _due_date(name, table, zone)
            for name, table in tables.items()
            if "due" in table or not trust[name]
        }
    except SettingsError as error:
        raise SettingsError(f"{path}: {error}") from None
    return Settings(late, due, trust, zone, follow_through)


def _table(name, value):
    if not isinstance(value, dict):
        raise SettingsError(f"{name} is {value!r}; expected a table: [{name}]")
    return value


def _only_keys(name, table, allowed):
    for key in table:
        if key not in allowed:
            where = f"[{name}] " if name else ""
            raise SettingsError(f"{where}unknown key {key!r}; expected one of {', '.join(allowed)}")


def _zone(name):
    try:
        return zoneinfo.ZoneInfo(name)
    except (TypeError, ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        raise SettingsError(
            f"timezone is {name!r}; expected a name such as 'UTC' or 'Europe/Amsterdam'"
        ) from None


def _late_policy(table, zone):
    _only_keys("late", table, ("grace_minutes", "penalty_per_day", "max_penalty"))
    largest = {"grace_minutes": LONGEST_GRACE, "penalty_per_day": 1, "max_penalty": 1}
    for key, value in table.items():
        if not _is_number(value, largest[key]):
            accepted = "a share between 0 and 1"
            if key == "grace_minutes":
                accepted = f"0 to {LONGEST_GRACE}"
            raise SettingsError(f"[late] {key} is {show_name(repr(value))}; expected {accepted}")
    return LatePolicy(**table, zone=zone)


def _follow_through(table):
    _only_keys("grading", table, ("follow_through",))
    share = table.get("follow_through", 1.0)
    if not _is_number(share, 1):
        raise SettingsError(
            f"[grading] follow_through is {show_name(repr(share))}; expected a share between 0 "
            "(off) and 1"
        )
    return float(share)


def _is_number(value, largest):
    """Whether a value is a number from 0 to the largest."""
    return isinstance(value, int | float) and type(value) is not bool and 0 <= value <= largest


def _due_date(name, table, zone):
    due = table.get("due")
    if isinstance(due, str):
        try:
            due = dt.datetime.fromisoformat(due)
        except ValueError:
            due = None
    if not isinstance(due, dt.datetime) or due.year not in YEARS:
        raise SettingsError(
            f"[assignments.{name}] due is {table.get('due')!r}; "
            "expected a date and a time such as 2027-03-05T23:59:00"
        )
    return due if due.tzinfo else due.replace(tzinfo=zone)


def _cells(name, table):
    cells = table.get("stock_trust", [])
    if not (isinstance(cells, list) and all(isinstance(cell, str) for cell in cells)):
        raise SettingsError(
            f"[assignments.{name}] stock_trust is {cells!r}; "
            'expected a list of cells, such as ["C1_class_hidden"]'
        )
    return tuple(cells)


def _known_assignment(name, assignments):
    if name not in assignments:
        near = difflib.get_close_matches(name, assignments, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else f" ({', '.join(assignments) or 'none'})"
        raise SettingsError(f"[assignments.{name}] no such assignment in source/{hint}")
