"""A file is written as a whole or not at all."""

import os
import stat
import threading

import pytest

from course_utils.staff import files


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "grades.csv"
    files.write_atomically(path, "old")

    def full_disk(*_):
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", full_disk)
    with pytest.raises(OSError, match="no space left"):
        files.write_atomically(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def replaces_a_link(folder):
    (folder / "real.csv").write_text("old")
    (folder / "named.csv").symlink_to("real.csv")
    return "real.csv"


def follows_a_link_to_nothing(folder):
    (folder / "named.csv").symlink_to("real.csv")
    return "real.csv"


def writes_one_of_two_names(folder):
    (folder / "real.csv").write_text("old")
    os.link(folder / "real.csv", folder / "named.csv")
    return "real.csv"


def makes_a_file(folder):
    return "named.csv"


@pytest.mark.parametrize(
    "prepare",
    [replaces_a_link, follows_a_link_to_nothing, writes_one_of_two_names, makes_a_file],
    ids=lambda prepare: prepare.__name__,
)
def test_what_was_named_is_written_and_nothing_in_its_place(tmp_path, prepare):
    name = prepare(tmp_path)
    links = {path.name for path in tmp_path.iterdir() if path.is_symlink()}
    files.write_where_named(tmp_path / "named.csv", "new")
    assert (tmp_path / name).read_text() == (tmp_path / "named.csv").read_text() == "new"
    assert {path.name for path in tmp_path.iterdir() if path.is_symlink()} == links
    assert {path.name for path in tmp_path.iterdir()} <= {name, "named.csv"}


def test_who_may_read_a_file_stays_as_it_was(tmp_path):
    path = tmp_path / "grades.csv"
    path.write_text("old")
    path.chmod(0o600)
    files.write_where_named(path, "new")
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == ("new", 0o600)


def test_a_pipe_and_a_device_stay_what_they_are(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    files.write_where_named(pipe, "new")
    reader.join(timeout=10)
    assert read == ["new"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    with pytest.raises(OSError, match="No space left"):
        files.write_where_named("/dev/full", "new")
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)


@pytest.mark.parametrize("name", ["", "no/such/folder.csv", "loop.csv"])
def test_what_cannot_be_written_is_refused_and_nothing_is_made(tmp_path, name):
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    with pytest.raises(OSError):
        files.write_where_named(tmp_path / name, "new")
    assert [path.name for path in tmp_path.iterdir()] == ["loop.csv"]
    assert (tmp_path / "loop.csv").is_symlink()
