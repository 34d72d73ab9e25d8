"""The secret of a course: made once, kept from others, missed when it is lost."""

import concurrent.futures
import contextlib
import sqlite3
import stat
import subprocess

import pytest
from nbgrader.api import Gradebook
from tiny_course import REPOSITORY, SECRET

from course_utils.staff.course import CourseError
from course_utils.staff.grading import secret
from course_utils.staff.grading.secret import OF_DEMO, course_secret, fingerprint, set_secret


@pytest.fixture
def file(tmp_path):
    return tmp_path / "gradebook.secret"


@pytest.fixture
def db_url(tmp_path):
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    Gradebook(url).close()
    return url


def test_it_is_made_once_for_its_owner_alone(db_url, file):
    made = course_secret(db_url)
    assert len(made) == 32 and made != OF_DEMO
    assert course_secret(db_url) == made == bytes.fromhex(file.read_text())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    names = {path.name for path in file.parent.iterdir()}
    assert names == {"gradebook.db", "gradebook.secret"}, "nothing half written is left"


def test_no_two_courses_have_the_same(tmp_path):
    made = set()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        made.add(course_secret(f"sqlite:///{tmp_path / name / 'gradebook.db'}"))
    assert len(made) == 2


def test_one_that_is_there_is_taken(db_url, file):
    file.write_text(SECRET.hex())
    assert course_secret(db_url) == SECRET


def test_whoever_comes_first_makes_it_for_all(db_url):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(course_secret, [db_url] * 8))) == 1


def test_where_writing_fails_the_gradebook_does_not_expect_it(db_url, file, monkeypatch):
    def full(*_):
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(secret.os, "replace", full)
        with pytest.raises(OSError, match="no space"):
            course_secret(db_url)
    assert course_secret(db_url) == bytes.fromhex(file.read_text())


def test_git_never_takes_it(file):
    ignored = subprocess.run(
        ["git", "check-ignore", "gradebook.secret", "gradebook.secret.k3x9"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
    )
    assert ignored.stdout.split() == ["gradebook.secret", "gradebook.secret.k3x9"]


def test_the_gradebook_holds_a_fingerprint_that_tells_nothing(db_url, tmp_path):
    made = course_secret(db_url)
    with contextlib.closing(sqlite3.connect(tmp_path / "gradebook.db")) as connection:
        assert connection.execute("SELECT * FROM course_secret").fetchall() == [
            (fingerprint(made),)
        ]
    assert made.hex() not in fingerprint(made)


def test_a_lost_secret_stops_and_says_what_to_do(db_url, file):
    course_secret(db_url)
    file.rename(file.with_name("elsewhere"))
    with pytest.raises(CourseError, match=r"gradebook\.secret is missing.*back from a copy.*--new"):
        course_secret(db_url)
    assert not file.exists(), "it would be taken for the right one"
    file.with_name("elsewhere").rename(file)
    course_secret(db_url)


def test_another_secret_stops_too(db_url, file):
    course_secret(db_url)
    file.write_text(SECRET.hex())
    with pytest.raises(CourseError, match=r"is not the secret with which the grades in gradebook"):
        course_secret(db_url)


@pytest.mark.parametrize("text", ["", "secret", "ab" * 31, "é" * 64])
def test_a_file_that_holds_no_secret_is_refused(db_url, file, text):
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match="holds no secret; expected 64 hexadecimal digits"):
        course_secret(db_url)


def test_a_new_one_goes_before_and_the_old_one_is_kept(db_url, file):
    old = course_secret(db_url)
    set_secret(db_url)
    assert course_secret(db_url) != old
    [kept] = set(file.parent.glob("gradebook.secret.*"))
    assert bytes.fromhex(kept.read_text()) == old
    assert stat.S_IMODE(kept.stat().st_mode) == stat.S_IMODE(file.stat().st_mode) == 0o600


def test_that_of_the_demonstration_never_serves_a_new_gradebook(db_url, file, tmp_path):
    set_secret(db_url, OF_DEMO)
    assert course_secret(db_url) == OF_DEMO
    (tmp_path / "gradebook.db").unlink()
    assert course_secret(db_url) != OF_DEMO


@pytest.mark.parametrize("url", ["postgresql://ta:pw@host/grades", "sqlite://"])
def test_a_gradebook_that_is_no_file_is_refused_by_name(url):
    with pytest.raises(CourseError, match=r"the gradebook is \S+, which is no file") as refused:
        course_secret(url)
    assert "pw" not in str(refused.value)
