"""``timestamp.txt`` is read right or not at all, and never costs anybody their grade."""

import os
import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from course_utils.staff.grading.prepare.submitted_files import UNREADABLE
from course_utils.staff.grading.prepare.time_handed_in import put_timestamp_right, time_handed_in

NOON = datetime(2027, 3, 5, 12)


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "submitted" / "mallory" / "01_tiny"
    folder.mkdir(parents=True)
    return folder


def write(folder, text):
    (folder / "timestamp.txt").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2027-03-05 12:00:00 UTC", NOON),
        ("2027-03-05 12:00:00.250000 UTC", datetime(2027, 3, 5, 12, 0, 0, 250_000)),
        ("2027-03-05 12:00:00 Europe/Amsterdam", datetime(2027, 3, 5, 11)),
        ("2027-07-05 12:00:00 Europe/Amsterdam", datetime(2027, 7, 5, 10)),
        ("2027-03-05 12:00:00 +0200", datetime(2027, 3, 5, 10)),
        ("2027-03-05 12:00:00 -0330", datetime(2027, 3, 5, 15, 30)),
        ("2027-03-05 12:00 +02", datetime(2027, 3, 5, 10)),
        ("2027-03-05T12:00:00+02:00\r\n", datetime(2027, 3, 5, 10)),
        ("2027-03-05T12:00:00Z", NOON),
        ("\ufeff2027-03-05 12:00:00", NOON),
        ("2027-03-05 12:00:00 gmt", NOON),
        ("2027-03-05 11:50 PM", datetime(2027, 3, 5, 23, 50)),
        ("2027-03-05 12:00:00 p.m. UTC", NOON),
        ("2027-03-05 12:05am", datetime(2027, 3, 5, 0, 5)),
        ("2027-03-05 1:05:30 PM +0100", datetime(2027, 3, 5, 12, 5, 30)),
        ("  \n", None),
    ],
)
def test_a_time_is_read_as_whoever_wrote_it_meant_it(folder, text, time):
    write(folder, text)
    assert time_handed_in(folder) == (time, None)


@pytest.mark.parametrize(
    ("zone", "text", "time"),
    [
        ("Europe/Amsterdam", "2027-07-05 12:00:00 CEST", datetime(2027, 7, 5, 10)),
        ("Europe/Amsterdam", "2027-03-05 12:00:00 CET", datetime(2027, 3, 5, 11)),
        ("America/New_York", "2027-07-05 12:00:00 EDT", datetime(2027, 7, 5, 16)),
        ("Asia/Kolkata", "2027-07-05 12:00:00 IST", datetime(2027, 7, 5, 6, 30)),
        ("Europe/Dublin", "2027-07-05 12:00:00 IST", datetime(2027, 7, 5, 11)),
        # the hour that comes twice
        ("Europe/Amsterdam", "2027-10-31 02:30:00 CEST", datetime(2027, 10, 31, 0, 30)),
        ("Europe/Amsterdam", "2027-10-31 02:30:00 CET", datetime(2027, 10, 31, 1, 30)),
        # winter time in summer, and somebody else's zone
        ("Europe/Amsterdam", "2027-07-05 12:00:00 CET", None),
        ("UTC", "2027-07-05 12:00:00 CEST", None),
        ("Europe/Amsterdam", "2027-07-05 12:00:00 EDT", None),
    ],
)
def test_an_abbreviation_is_that_of_the_courses_zone_or_unknown(folder, zone, text, time):
    write(folder, text)
    assert time_handed_in(folder, ZoneInfo(zone)) == (time, None if time else text)


@pytest.mark.parametrize(
    "text",
    [
        "yesterday-ish",
        "2027-13-05 12:00:00 UTC",
        "2027-03-05 25:00:00 UTC",
        "2027-03-05 13:50 PM",
        "2027-03-05 0:50 AM",
        "2027-03-05",
        "05/03/2027 12:00",
        "2027-03-05 12:00:00 +9900",
        "2027-03-05 12:00:00 UTC+2",
        "2027-03-05 12:00:00 Europe/Nowhere",
        "2027-03-05 12:00:00 Europe",
        "2027-03-05 12:00:00 AMT",
    ],
)
def test_what_is_no_certain_time_is_told_and_moved_aside_until_there_is_one(folder, text):
    write(folder, text)
    for _ in range(2):
        put_timestamp_right(folder)
        assert [path.name for path in folder.iterdir()] == [UNREADABLE]
        assert time_handed_in(folder) == (None, text)
    write(folder, "2027-03-05 12:00:00 UTC")
    put_timestamp_right(folder)
    assert time_handed_in(folder) == (NOON, None)


def test_a_time_as_people_write_it_is_that_of_no_computer_and_needs_a_zone_where_zones_differ(
    folder,
):
    write(folder, "2027-03-05 11:50 PM")
    assert time_handed_in(folder)[0] == datetime(2027, 3, 5, 23, 50)
    assert time_handed_in(folder, ZoneInfo("Europe/Amsterdam")) == (None, "2027-03-05 11:50 PM")
    write(folder, "2027-03-05 11:50 PM CET")
    there = time_handed_in(folder, ZoneInfo("Europe/Amsterdam"))
    assert there == (datetime(2027, 3, 5, 22, 50), None)


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "bytes"])
@pytest.mark.parametrize("is_taken", [False, True], ids=["free", "taken"])
def test_what_is_no_text_is_moved_aside_as_well(folder, kind, is_taken):
    path = folder / "timestamp.txt"
    make = {
        "link": lambda: path.symlink_to("/etc/hostname"),
        "pipe": lambda: os.mkfifo(path),
        "folder": lambda: (path / "inside").mkdir(parents=True),
        "bytes": lambda: path.write_bytes(b"\xff\xff\xff"),
    }
    make[kind]()
    if is_taken:
        (folder / UNREADABLE / "mine").mkdir(parents=True)
    for _ in range(2):
        put_timestamp_right(folder)
        assert not os.path.lexists(path)
        assert time_handed_in(folder) == (None, "")


def test_a_time_that_nbgrader_reads_is_left_alone_and_another_is_written_as_it_does(folder):
    path = folder / "timestamp.txt"
    for text in ("2027-03-05 12:00:00.25 UTC", "2027-03-05 12:00:00 Europe/Amsterdam"):
        path.write_text(text)
        put_timestamp_right(folder)
        assert path.read_text() == text
    for text in ("2027-03-05 12:00:00 UTC" + " " * 1_000_000, "2027-03-05 01:00:00 PM CET"):
        path.write_text(text)
        put_timestamp_right(folder, ZoneInfo("Europe/Amsterdam"))
        assert path.read_text() == "2027-03-05 12:00:00 UTC\n"
    path.write_text("  \n")
    put_timestamp_right(folder)
    assert not path.exists()


def test_a_time_that_the_course_learns_to_read_comes_back(folder):
    write(folder, "2027-03-05 13:00:00 CET")
    put_timestamp_right(folder)
    put_timestamp_right(folder, ZoneInfo("Europe/Amsterdam"))
    assert (folder / "timestamp.txt").read_text() == "2027-03-05 12:00:00 UTC\n"


def test_nothing_is_written_through_a_link(folder, tmp_path):
    write(folder, "no time")
    (tmp_path / "submitted" / "link").symlink_to(folder.parent)
    put_timestamp_right(tmp_path / "submitted" / "link" / folder.name)
    assert (folder / "timestamp.txt").read_text() == "no time"


def test_a_zone_that_is_the_name_of_a_file_is_not_looked_up(folder, tmp_path):
    zone = tmp_path / "zone"
    zone.write_bytes(b"TZif2")
    opened = []
    sys.addaudithook(lambda event, args: opened.append(args[0]) if event == "open" else None)
    for name in (zone, "../zone", "a/../../zone"):
        text = f"2027-03-05 12:00:00 {name}"
        write(folder, text)
        assert time_handed_in(folder, UTC) == (None, text)
    assert str(zone) not in map(str, opened)
