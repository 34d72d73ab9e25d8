"""Whatever happens to the files of a submission: its work is found whole, or somebody is told.

At random, several kinds of damage at once: files renamed, doubled, wrapped, truncated, written in
another encoding, and times of every form.
"""

import random
from functools import partial

import malformed
import nbformat
import pytest
from malformed import both, called
from tiny_course import ASSIGNMENT, cell_of, tiny_notebook

from course_utils.staff.grading import event_log
from course_utils.staff.grading.prepare.intake import read_submission
from course_utils.staff.grading.prepare.time_handed_in import put_timestamp_right

IDS = [
    cell.metadata.nbgrader.grade_id for cell in tiny_notebook().cells if "nbgrader" in cell.metadata
]
WORK = "tiny_shape_of_it = (2, 3, 4)  # the work"


def on_every_notebook(change):
    """Do to each notebook of a folder what is written for the one."""

    def spoil(folder):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "ipynb" in path.name:
                change(path)

    return spoil


def encoded(path, encoding):
    path.write_bytes(path.read_bytes().decode().encode(encoding))


def cut(path):
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])


def wrapped(folder, name):
    (folder / name).mkdir()
    for path in list(folder.iterdir()):
        if path.is_file() and path.name != "timestamp.txt":
            path.rename(folder / name / path.name)


def untouched_beside(folder, name):
    """Put the notebook as it was handed out beside the finished one."""
    finished = malformed.read(folder)
    both(malformed.cell("T3_shape", source="..."), malformed.edited(malformed.as_given))(folder)
    (folder / name).write_bytes(malformed.read(folder))
    (folder / malformed.NAME).write_bytes(finished)


def renamed(folder, name):
    if not (folder / name).exists():
        called(name)(folder)


def doubled(folder, name):
    (folder / name).write_bytes(malformed.read(folder))


NAMES = ["tiny (1).ipynb", "Copy of tiny.ipynb", "a.ipynb", "TINY.IPYNB", "z z.ipynb", "é.ipynb"]
# these first: they are about the file of the right name
COPIES = [
    *(partial(untouched_beside, name=name) for name in NAMES),
    *(partial(doubled, name=name) for name in NAMES),
    malformed.copies("tiny (1).ipynb"),
    malformed.copies("a.ipynb", "b.ipynb"),
    malformed.beside("notes.txt", b"mine"),
    malformed.beside("b.ipynb", b"{}"),
]
TRUNCATED = on_every_notebook(cut)
RENAMED = [
    partial(renamed, name=name)
    for name in (*NAMES, "tiny.ipynb.txt", "tiny.ipynb.json", "tiny.ipynb_", "tiny.json")
]
REST = [
    partial(wrapped, name="Tiny work"),
    on_every_notebook(partial(encoded, encoding="utf-16")),
    on_every_notebook(partial(encoded, encoding="utf-8-sig")),
    TRUNCATED,
]
TIMES = {
    "2027-03-04 12:00:00 UTC": True,
    "2027-03-04 1:00 PM": True,
    "2027-03-04T12:00:00+05:30": True,
    "2027-03-04 12:00:00 CEST": False,
    "Thursday": False,
    "": True,
}
# told because somebody may look for the file, not because anything was lost
HARMLESS = {"other-notebook", "renamed", "encoding", "no-time"}


@pytest.mark.parametrize("seed", range(300))
def test_the_work_is_found_whole_or_somebody_is_told(tmp_path, seed):
    rng = random.Random(seed)
    folder = tmp_path / "submitted" / "mallory" / ASSIGNMENT
    folder.mkdir(parents=True)
    nb = tiny_notebook()
    cell_of(nb, "T3_shape").source = WORK
    nbformat.write(nb, folder / malformed.NAME)
    damage = [rng.choice(kinds) for kinds in (COPIES, RENAMED, REST) if rng.random() < 0.6]
    for spoil in damage:
        spoil(folder)
    time, is_time = rng.choice(list(TIMES.items()))
    (folder / "timestamp.txt").write_text(time)
    put_timestamp_right(folder)
    taken = read_submission(folder, {malformed.NAME: IDS}, tmp_path)
    if taken.problem is not None:
        assert TRUNCATED in damage
        assert all(taken.problem)
        assert "submitted/mallory" in taken.problem.staff
        return
    [found] = taken.notebooks.values()
    assert [cell.source for cell in found.cells] == [cell.source for cell in nb.cells]
    noted = {event["kind"] for event in taken.events}
    assert noted <= HARMLESS
    assert ("no-time" in noted) == (not is_time)
    assert all(event_log.sentences(taken.events))
    is_plain = [path.name for path in folder.rglob("*.ipynb")] == [malformed.NAME]
    assert ("renamed" in noted or "other-notebook" in noted) or is_plain
