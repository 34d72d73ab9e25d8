"""The job of a notebook: what is the student's own in it decides the seed."""

from nbformat.v4 import new_code_cell, new_markdown_cell
from tiny_course import cell_of, tiny_notebook

from course_utils.staff.grading.job import NotebookLimits
from course_utils.staff.grading.prepare.make_job import job_for


def made(folder, nb):
    """The job of a notebook, and what it was told about the student's work."""
    seen = []

    def seed_of(cells, files):
        seen.append((cells, files))
        return 5

    job = job_for(
        nb,
        seed_of=seed_of,
        limits=NotebookLimits(),
        folder=folder / "submitted",
        source_folder=folder / "source",
        source_name="tiny.ipynb",
        require="none",
        by_hand=False,
    )
    assert job.seed == 5
    return job, *seen[0]


def test_the_students_own_code_and_files_decide_the_seed(tmp_path):
    for name in ("submitted", "source"):
        (tmp_path / name / "deep").mkdir(parents=True)
        (tmp_path / name / "data.csv").write_text("1,2")
    (tmp_path / "source" / "deep" / "more.csv").write_text("3")
    (tmp_path / "submitted" / "deep" / "more.csv").write_text("4")
    nb = tiny_notebook()
    before, cells, files = made(tmp_path, nb)
    assert files == {"deep/more.csv": b"4"}, "the course's own file is nobody's work"
    assert cells == [
        "",  # given, as are the tests
        cell_of(nb, "T1_double").source,
        "",
        "",
        cell_of(nb, "T4_explore_print").source,
        cell_of(nb, "T3_shape").source,
        "",
    ]
    nb.cells.insert(0, new_code_cell("TABLE = {}"))
    nb.cells.append(new_markdown_cell("A note."))
    after, more, _ = made(tmp_path, nb)
    assert more == ["TABLE = {}", *cells]
    assert len(after.cells) == len(before.cells) + 1


def test_the_time_of_handing_in_is_not_in_sight(tmp_path):
    (tmp_path / "submitted" / "deep").mkdir(parents=True)
    for name in ("timestamp.txt", "deep/timestamp.txt"):
        (tmp_path / "submitted" / name).write_text("2027-03-05 21:14:00 UTC")
    job, _, files = made(tmp_path, tiny_notebook())
    assert set(job.files) == set(files) == {"deep/timestamp.txt"}
