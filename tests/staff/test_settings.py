"""course.toml is read, or refused with a sentence that says what would do."""

import datetime as dt
import re
import zoneinfo

import pytest

from course_utils.staff.settings import LatePolicy, SettingsError, read_settings

DUE = dt.datetime(2027, 3, 5, 12)
GOOD = """
timezone = "Europe/Amsterdam"
[late]
grace_minutes = 15
penalty_per_day = 0.1
max_penalty = 0.5
[assignments.01_tiny]
due = 2027-03-05T23:59:00
[assignments.02_other]
due = "2027-03-12T23:59:00Z"
"""


def write(tmp_path, text):
    path = tmp_path / "course.toml"
    path.write_text(text)
    return path


def test_due_dates_get_the_time_zone_of_the_course_unless_they_name_one(tmp_path):
    settings = read_settings(write(tmp_path, GOOD), ["01_tiny", "02_other"])
    assert settings.due["01_tiny"].astimezone(dt.UTC).isoformat() == "2027-03-05T22:59:00+00:00"
    assert settings.due["02_other"].astimezone(dt.UTC).isoformat() == "2027-03-12T23:59:00+00:00"
    assert settings.late == LatePolicy(15, 0.1, 0.5, settings.zone)
    assert str(settings.zone) == "Europe/Amsterdam"


@pytest.mark.parametrize(("text", "share"), [("", 1), ("[grading]\nfollow_through = 0.5", 0.5)])
def test_follow_through_credit_is_whole_unless_it_is_a_share(tmp_path, text, share):
    assert read_settings(write(tmp_path, text)).follow_through == share


def test_a_byte_order_mark_as_some_editors_write_it_is_no_part_of_the_text(tmp_path):
    path = tmp_path / "course.toml"
    path.write_text(GOOD, encoding="utf-8-sig")
    settings = read_settings(path)
    assert settings.late == LatePolicy(15, 0.1, 0.5, settings.zone)


def test_cells_can_be_given_stocks_trust(tmp_path):
    text = '[assignments.01_tiny]\nstock_trust = ["C1_class"]\n'
    settings = read_settings(write(tmp_path, text), ["01_tiny"])
    assert (settings.stock_trust, settings.due) == ({"01_tiny": ("C1_class",)}, {})
    for wrong in ('"C1_class"', "true", "[1]"):
        text = f"[assignments.01_tiny]\nstock_trust = {wrong}\n"
        with pytest.raises(SettingsError, match="stock_trust is .*; expected a list of cells"):
            read_settings(write(tmp_path, text), ["01_tiny"])


def test_without_a_late_policy_nothing_is_taken_off(tmp_path):
    settings = read_settings(write(tmp_path, ""))
    assert settings.due == {}
    assert settings.late.penalty(100, DUE, DUE + dt.timedelta(days=30)) == 0


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[late", "is not a TOML file"),
        (
            "colour = 3",
            "unknown key 'colour'; expected one of timezone, late, grading, assignments",
        ),
        ("timezone = 'Mars/Olympus'", "timezone is 'Mars/Olympus'; expected a name such as 'UTC'"),
        ("timezone = 3", "timezone is 3"),
        ("late = 3", "late is 3; expected a table"),
        ("[late]\ngrace = 3", "[late] unknown key 'grace'"),
        ("[late]\npenalty_per_day = -0.1", "penalty_per_day is -0.1; expected a share between"),
        ("[grading]\nfollow = 1", "[grading] unknown key 'follow'; expected one of follow_through"),
        ("[grading]\nfollow_through = 2", "follow_through is 2; expected a share between 0 (off)"),
        ("[grading]\nfollow_through = true", "follow_through is True; expected a share"),
        ("[grading]\nfollow_through = nan", "follow_through is nan; expected a share"),
        ("[late]\nmax_penalty = 50", "max_penalty is 50; expected a share between 0 and 1"),
        ("[late]\ngrace_minutes = nan", "grace_minutes is nan; expected 0 to 525600"),
        ("[late]\ngrace_minutes = inf", "grace_minutes is inf; expected 0 to 525600"),
        (f"[late]\ngrace_minutes = {10**400}", "grace_minutes is 1000"),
        ("[late]\nmax_penalty = 1" + "0" * 5000, "is not a TOML file"),
        ("x = " + "[" * 10**5, "is not a TOML file"),
        ("[assignments.01_tiny]\ndue = 0001-01-01T00:00:00+14:00", "expected a date and a time"),
        ("[assignments.01_tiny]\ndue = 9999-12-31T23:59:59-14:00", "expected a date and a time"),
        ("[late]\ngrace_minutes = true", "grace_minutes is True"),
        ("[assignments.01_tiny]\ndue = 2027-03-05", "due is datetime.date(2027, 3, 5); expected"),
        ("[assignments.01_tiny]\ndue = 'soon'", "due is 'soon'; expected a date and a time"),
        ("[assignments.01_tiny]\n", "due is None; expected a date and a time"),
        ("[assignments.01_tiny]\ndate = 1", "unknown key 'date'"),
        ("[assignments.01_tinny]\ndue = 2027-03-05T12:00:00", "did you mean '01_tiny'?"),
    ],
)
def test_what_it_cannot_use_is_named(tmp_path, text, complaint):
    with pytest.raises(SettingsError, match=re.escape(complaint)):
        read_settings(write(tmp_path, text), ["01_tiny"])


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SettingsError, match="nowhere.toml does not exist"):
        read_settings(tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    ("seconds", "lost"),
    [
        (0, 0),
        (15 * 60, 0),
        (15 * 60 + 1, 2),
        (86_400, 2),
        (86_401, 4),
        (86_400 * 4, 8),
        (86_400 * 5, 10),
        (86_400 * 90, 10),
    ],
)
def test_each_day_begun_costs_a_tenth_up_to_half(seconds, lost):
    handed_in = DUE + dt.timedelta(seconds=seconds)
    assert LatePolicy(15, 0.1, 0.5).penalty(20, DUE, handed_in) == pytest.approx(lost)


@pytest.mark.parametrize(
    ("due", "handed_in", "days"),
    [
        # summer time ends in between: a day of 25 hours
        ("2027-10-30T23:59", "2027-10-31T23:00", 1),
        ("2027-10-30T23:59", "2027-10-31T23:59", 1),
        ("2027-10-30T23:59", "2027-11-01T00:00", 2),
        # and begins: a day of 23 hours
        ("2027-03-27T23:59", "2027-03-28T23:59", 1),
        ("2027-03-27T23:59", "2027-03-29T00:00", 2),
    ],
)
def test_days_are_counted_by_the_courses_clock(due, handed_in, days):
    zone = zoneinfo.ZoneInfo("Europe/Amsterdam")
    times = [
        dt.datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(dt.UTC).replace(tzinfo=None)
        for text in (due, handed_in)
    ]
    assert LatePolicy(0, 0.1, 1, zone).penalty(10, *times) == pytest.approx(days)


def test_what_is_late_in_the_hour_that_comes_twice_costs_a_day():
    zone = zoneinfo.ZoneInfo("Europe/Amsterdam")
    due = dt.datetime(2027, 10, 31, 0, 30)  # 2:30 by the clock
    assert LatePolicy(0, 0.1, 1, zone).penalty(10, due, due + dt.timedelta(minutes=40)) == 1
