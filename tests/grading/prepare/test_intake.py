"""A submission's folder is read safely: once, no further than itself, whatever is in it."""

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

import malformed
import nbformat
import pytest
from nbformat.v4 import new_notebook
from nbgrader.utils import parse_utc
from tiny_course import ASSIGNMENT, cell_of, tiny_notebook

from course_utils.staff.grading.event_log import EVENTS
from course_utils.staff.grading.prepare.handed_out import texts_of_course
from course_utils.staff.grading.prepare.intake import (
    LARGEST_NOTEBOOK,
    copy_extras,
    read_submission,
    stage,
    unusable_name,
)
from course_utils.staff.grading.prepare.submitted_files import (
    LARGEST_EXTRAS,
    MOST_FILES,
    hash_of_submission,
)
from course_utils.staff.grading.prepare.time_handed_in import put_timestamp_right

IDS = [
    cell.metadata.nbgrader.grade_id for cell in tiny_notebook().cells if "nbgrader" in cell.metadata
]
WANTED = {malformed.NAME: {*IDS, *texts_of_course(tiny_notebook())}}
CASES = pytest.mark.parametrize("case", malformed.CASES, ids=lambda case: case.name)


@pytest.fixture
def root(tmp_path):
    """A course with a right submission by `malformed.HONEST`, and a gradebook to steal."""
    submit(tmp_path, malformed.HONEST)
    (tmp_path / "gradebook.db").write_bytes(b"everybody's grades")
    return tmp_path


def submit(root, student):
    folder = root / "submitted" / student / ASSIGNMENT
    folder.mkdir(parents=True)
    nbformat.write(tiny_notebook(), folder / malformed.NAME)
    (folder / "timestamp.txt").write_text("2027-03-04 12:00:00 UTC\n")
    return folder


@pytest.fixture
def folder(root):
    return submit(root, "mallory")


def kinds(taken):
    return [event["kind"] for event in taken.events]


def opened_below(root, function):
    """Return the files below ``root`` that ``function`` opens or lists, and its result."""
    seen = []

    def note(event, arguments):
        if event in ("open", "os.listdir", "os.scandir", "os.readlink") and seen is not None:
            path = arguments[0]
            if isinstance(path, str | bytes | os.PathLike):
                seen.append(os.fsdecode(path))

    sys.addaudithook(note)  # for good; it is empty from here on
    try:
        result = function()
        found = [path for path in seen if path.startswith(str(root))]
    finally:
        seen = None
    return found, result


# --- every case


@CASES
def test_nothing_outside_of_its_own_folder_is_read(root, case):
    folder = submit(root, case.folder_name)
    case.spoil(folder)
    opened, taken = opened_below(root, lambda: read_submission(folder, WANTED, root))
    assert [path for path in opened if not path.startswith(str(folder))] == []
    assert [path for path in opened if os.path.islink(path)] == []
    assert (taken.problem is not None) == (case.status == malformed.UNGRADABLE)


@CASES
def test_nothing_is_written_and_the_same_is_read_again(root, case):
    folder = submit(root, case.folder_name)
    case.spoil(folder)

    def snapshot():
        return sorted((str(path), os.lstat(path).st_mtime_ns) for path in root.rglob("*"))

    before = snapshot()
    first, second = (read_submission(folder, WANTED, root) for _ in range(2))
    assert first == second
    assert hash_of_submission(folder) == hash_of_submission(folder)
    assert snapshot() == before


@CASES
def test_what_is_handed_on_is_a_sound_notebook_and_says_what_was_repaired(root, case):
    folder = submit(root, case.folder_name)
    case.spoil(folder)
    taken = read_submission(folder, WANTED, root)
    assert all(event["kind"] in EVENTS for event in taken.events)
    for nb in taken.notebooks.values():
        nbformat.validate(nb)
        assert (nb.nbformat, nb.nbformat_minor) == (4, 5)
        nbformat.writes(nb).encode()
        assert not any(cell.get("outputs") for cell in nb.cells)
    if taken.problem:
        for text in taken.problem:
            text.encode()
            assert text and text.isprintable()
            assert len(text) < 600


@CASES
def test_a_staged_submission_holds_ordinary_files_only(root, case, tmp_path):
    folder = submit(root, case.folder_name)
    case.spoil(folder)
    taken = read_submission(folder, WANTED, root)
    stage(taken, tmp_path / "stage")
    for path in (tmp_path / "stage").rglob("*"):
        assert path.is_dir() or (path.is_file() and not path.is_symlink())
    assert {path.name for path in (tmp_path / "stage").glob("*.ipynb")} == set(taken.notebooks)
    stamp = tmp_path / "stage" / "timestamp.txt"
    staged = parse_utc(stamp.read_text()) if stamp.exists() else None
    assert staged == taken.timestamp


# --- what the defences are good for


def test_without_the_defence_a_link_hands_in_someone_elses_work(root, folder):
    (folder / malformed.NAME).unlink()
    (folder / malformed.NAME).symlink_to(f"../../{malformed.HONEST}/{ASSIGNMENT}/{malformed.NAME}")
    assert cell_of(nbformat.read(folder / malformed.NAME, 4), "T1_double").source, "stock does this"
    assert read_submission(folder, WANTED, root).problem.label == "a link"


def test_without_the_defence_a_link_brings_the_gradebook_to_the_students_code(root, folder):
    malformed.link_beside(folder)
    copied = shutil.copy(folder / "data.db", root / "copy")  # as nbgrader does
    assert Path(copied).read_bytes() == b"everybody's grades"
    taken = read_submission(folder, WANTED, root)
    copy_extras(taken, root / "beside")
    assert not (root / "beside" / "data.db").exists()
    assert kinds(taken) == ["odd-file"]


@pytest.mark.parametrize(
    "name", ["numpy.py", "numpy/__init__.py", "random.py", "course_utils/__init__.py"]
)
def test_without_the_defence_a_file_takes_the_place_of_a_package(root, folder, name):
    malformed.beside(name, b"print('mine')")(folder)
    package = Path(name).parts[0].removesuffix(".py")
    command = [sys.executable, "-c", f"import {package}"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert run.stdout == "mine\n"
    taken = read_submission(folder, WANTED, root)
    assert kinds(taken) == ["shadowing-file"]
    assert taken.extras == {}


def test_modules_and_data_of_ones_own_come_along(root, folder):
    malformed.beside("my_helpers.py", b"x = 1")(folder)
    malformed.beside("random/numbers.csv", b"1,2")(folder)  # no package
    malformed.beside("numpy.csv", b"1,2")(folder)
    taken = read_submission(folder, WANTED, root)
    copy_extras(taken, root / "beside")
    copied = {str(path.relative_to(root / "beside")) for path in (root / "beside").rglob("*.*")}
    assert copied == {"my_helpers.py", "random/numbers.csv", "numpy.csv"}
    assert taken.events == []


def test_files_beside_a_notebook_one_level_down_come_along(root, folder):
    malformed.one_level_down(folder)
    malformed.beside("Tiny work/data.csv", b"1,2")(folder)
    taken = read_submission(folder, WANTED, root)
    assert list(taken.extras) == ["data.csv"]


@pytest.mark.parametrize("depth", [100, 900, 100_000])
@pytest.mark.parametrize("where", ['"metadata": {', '"source": [', '"points": '])
def test_json_may_be_nested_anywhere_and_to_any_depth(root, folder, depth, where):
    deep = "[" * depth + "]" * depth
    text = (folder / malformed.NAME).read_text()
    assert where in text
    (folder / malformed.NAME).write_text(text.replace(where, f'"deep": {deep}, {where}', 1))
    taken = read_submission(folder, WANTED, root)
    if depth == 100:
        assert taken.problem is None
    else:  # how deep is too deep depends on Python
        assert taken.problem is None or taken.problem.label == "not a notebook file"


# --- limits


def test_a_notebook_at_the_limit_is_read_and_a_byte_more_is_not(root, folder):
    path = folder / malformed.NAME
    text = path.read_bytes()
    path.write_bytes(text + b" " * (LARGEST_NOTEBOOK - len(text)))
    assert read_submission(folder, WANTED, root).problem is None
    with open(path, "ab") as file:
        file.write(b" ")
    assert read_submission(folder, WANTED, root).problem.label == "file too large"


def test_extras_are_taken_while_there_is_room(root, folder):
    for name, size in {"a.bin": LARGEST_EXTRAS - 10, "b.bin": 11, "c.bin": 10}.items():
        (folder / name).touch()
        os.truncate(folder / name, size)
    taken = read_submission(folder, WANTED, root)
    assert list(taken.extras) == ["a.bin", "c.bin"]
    assert taken.events == [{"kind": "large-file", "cell": "b.bin"}]


def test_of_too_many_files_some_are_taken_and_the_notebook_always(root, folder):
    for number in range(MOST_FILES - 2):  # the notebook and the timestamp are files too
        (folder / f"{number}.txt").touch()
    taken = read_submission(folder, WANTED, root)
    assert (len(taken.extras), taken.events) == (MOST_FILES - 2, [])
    (folder / ".git").mkdir()
    (folder / "a-folder").mkdir()
    for name in (".git/config", "a-folder/of-my-own.txt"):
        (folder / name).touch()
    taken = read_submission(folder, WANTED, root)
    assert kinds(taken) == ["many-files"]
    assert "a-folder/of-my-own.txt" in taken.extras, "what is hidden comes last"


# --- permissions, names, times, hashes


def test_an_unreadable_file_is_told(root):
    # root may read everything, so that this test becomes somebody else, outside of pytest's folder
    home = Path(tempfile.mkdtemp(dir="/tmp"))
    try:
        home.chmod(0o755)
        folder = submit(home, "mallory")
        read_submission(folder, WANTED, home)  # loads what nobody else may read
        for path in (folder / malformed.NAME, folder):
            mode = path.stat().st_mode
            path.chmod(0)
            taken = as_nobody(lambda: read_submission(folder, WANTED, home))
            path.chmod(mode)
            assert taken.problem.label == "file cannot be read"
            assert f"submitted/mallory/{ASSIGNMENT}" in taken.problem.staff
            assert "Permission denied" in taken.problem.staff
        assert as_nobody(lambda: read_submission(folder, WANTED, home)).problem is None
        for name in ("data.csv", "inside/data.csv"):
            malformed.beside(name)(folder)
            (folder / name.partition("/")[0]).chmod(0)
        taken = as_nobody(lambda: read_submission(folder, WANTED, home))
        (folder / "inside").chmod(0o755)
        assert (taken.problem, kinds(taken), taken.extras) == (None, ["odd-file"] * 2, {})
    finally:
        shutil.rmtree(home)


def as_nobody(function):
    if os.geteuid() != 0:
        return function()
    os.seteuid(65534)
    try:
        return function()
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("at", range(1, 6))
def test_a_fault_of_the_machine_is_nothing_that_the_submission_is_told(
    root, folder, monkeypatch, at
):
    malformed.beside("data.csv")(folder)
    before, opened = sorted(folder.iterdir()), []

    def open_some(path, flags, *rest):
        opened.append(path)
        if len(opened) == at:
            raise OSError(errno.EMFILE, "Too many open files", str(path))
        return os_open(path, flags, *rest)

    os_open = os.open
    monkeypatch.setattr(os, "open", open_some)
    try:
        put_timestamp_right(folder)
        taken = read_submission(folder, WANTED, root)
    except OSError as error:
        assert error.errno == errno.EMFILE
    else:
        assert (taken.problem, taken.events) == (None, [])
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize(
    "name",
    ["ada", "Zoë O'Brien (2)", "s1234567", "a+b@example.org", "a,b;c", "王小明", "-rf", "a.b"],
)
def test_ordinary_names_of_students_can_be_used(name):
    assert unusable_name(name) is None


@pytest.mark.parametrize(
    "name", ["*", "a?", "[a]da", "li\nne", "\x1b[31m", ".hidden", " ada", "\udcff"]
)
def test_a_name_that_nbgrader_or_the_gradebook_would_misread_is_told(root, name):
    assert unusable_name(name)
    taken = read_submission(submit(root, name), WANTED, root)
    assert taken.problem.label == "unusable folder name"
    assert "rename the folder" in taken.problem.staff
    taken.problem.staff.encode()


def test_the_time_is_kept_where_the_notebook_cannot_be_graded(root, folder):
    (folder / malformed.NAME).write_text("")
    taken = read_submission(folder, WANTED, root)
    assert taken.problem and taken.timestamp == datetime(2027, 3, 4, 12)


def test_a_hash_changes_with_contents_names_and_links(folder):
    seen = {hash_of_submission(folder)}
    (folder / "data.txt").write_text("1")
    seen.add(hash_of_submission(folder))
    (folder / "data.txt").write_text("2")
    seen.add(hash_of_submission(folder))
    (folder / "data.txt").rename(folder / "data2.txt")
    seen.add(hash_of_submission(folder))
    (folder / "data2.txt").unlink()
    for target in ("/etc/passwd", "/etc/group"):
        (folder / "data.txt").symlink_to(target)
        seen.add(hash_of_submission(folder))
        (folder / "data.txt").unlink()
    os.mkfifo(folder / "data.txt")
    seen.add(hash_of_submission(folder))
    assert len(seen) == 7


def test_a_hash_does_not_depend_on_what_a_link_leads_to(root, folder):
    malformed.link_beside(folder)
    before = hash_of_submission(folder)
    (root / "gradebook.db").write_bytes(b"changed")
    assert hash_of_submission(folder) == before


# --- several notebooks


def test_each_of_several_notebooks_is_found_and_one_may_be_missing(root, folder):
    nbformat.write(new_notebook(), folder / "other.ipynb")
    wanted = WANTED | {"second.ipynb": ["S1_answer"], "third.ipynb": ["S2_answer"]}
    taken = read_submission(folder, wanted, root)
    assert list(taken.notebooks) == [malformed.NAME]
    assert kinds(taken) == ["missing-notebook", "missing-notebook", "other-notebook"]


def test_the_one_that_is_missing_may_be_the_one_of_another_name(root, folder):
    second = tiny_notebook()
    for number, cell in enumerate(second.cells):
        cell.metadata["nbgrader"] = {"grade_id": f"S{number}", "solution": True}
    nbformat.write(second, folder / "second (1).ipynb")
    wanted = WANTED | {"second.ipynb": [f"S{number}" for number in range(20)]}
    taken = read_submission(folder, wanted, root)
    assert set(taken.notebooks) == set(wanted)
    assert kinds(taken) == ["renamed"]
