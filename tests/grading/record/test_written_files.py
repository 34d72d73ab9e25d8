"""Files that a notebook writes are kept beside it, within limits."""

import pytest
from tiny_course import ASSIGNMENT, make_course, write_answers

from course_utils.staff.authoring import release, submissions
from course_utils.staff.course import Course, read_notebook
from course_utils.staff.grading import class_run, registration
from course_utils.staff.grading.outcomes import GRADED
from course_utils.staff.grading.record import merge
from course_utils.staff.grading.record.merge import write_files

ODD = {
    "tiny.ipynb": b"no notebook",
    "tiny.ipynb/x.txt": b"a folder in its place",
    "deep/TINY.IPYNB/x.txt": b"the same to some systems",
    "timestamp.txt": b"1999-01-01 00:00:00 UTC",
    "/tmp/course-test-elsewhere.txt": b"elsewhere",
    "../above.txt": b"above",
    "/".join("abcdefghij") + ".txt": b"ten deep",
    "new\nline.txt": b"two lines",
}


def names_in(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


@pytest.mark.parametrize("name", ODD)
def test_a_file_of_an_odd_name_is_left_out_and_the_others_stay(tmp_path, name):
    write_files(tmp_path / "new", {name: ODD[name], "sub/fine.txt": b"fine"})
    assert names_in(tmp_path) == ["new/sub/fine.txt"]


def test_more_files_than_a_number_are_left_out(tmp_path, monkeypatch):
    files = {f"{number:04}.txt": b"" for number in range(4002)}
    write_files(tmp_path / "ours", files)
    assert len(names_in(tmp_path / "ours")) == merge.MOST_FILES == 200
    monkeypatch.setattr(merge, "MOST_FILES", None)
    write_files(tmp_path / "unlimited", files)
    assert len(names_in(tmp_path / "unlimited")) == 4002


@pytest.mark.sandbox  # an ordinary kernel writes where it likes
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
def test_they_are_kept_where_nothing_but_the_notebook_was_handed_in(tmp_path):
    course = Course(make_course(tmp_path / "course"))
    release.make_release(course, ASSIGNMENT)
    registration.register(course, ASSIGNMENT)
    text = (
        "# %% T1_double\nimport os\ndouble = lambda x: 2 * x\n"
        "os.makedirs('tiny.ipynb/x')\nopen('tiny.ipynb/x/y.txt', 'w').write('y')\n"
        "for i in range(4002):\n    open(f'{i:04}.txt', 'w').write('x')\n"
    )
    submissions.fill(course, ASSIGNMENT, write_answers(course.root, "ada", text))
    for file in course.folder("submitted", "ada", ASSIGNMENT).iterdir():
        if file.suffix != ".ipynb":
            file.unlink()
    outcome = dict(class_run.autograde(course, ASSIGNMENT, ["ada"]))["ada"]
    assert (outcome.status, outcome.label) == (GRADED, ""), outcome.staff
    folder = course.folder("autograded", "ada", ASSIGNMENT)
    assert read_notebook(folder / "tiny.ipynb").cells
    assert names_in(folder) == [*(f"{i:04}.txt" for i in range(200)), "tiny.ipynb"]
