"""Another course uses the engine: what docs/another_course.md says, done in an empty environment.

The course is the example that comes with nbgrader.
"""

import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import nbformat
import nbgrader
import pytest
from tiny_course import REPOSITORY

from course_utils.staff.course import Course

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")]

PAGE = (REPOSITORY / "docs" / "another_course.md").read_text(encoding="utf-8")
INSTALL, CHECK, GRADE = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.M | re.S)
[CONFIGURATION] = re.findall(r"^```python\n(.*?)^```$", PAGE, re.M | re.S)
[SETTINGS] = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.M | re.S)
FIRST, *ADDED = filter(None, CONFIGURATION.splitlines())
EXAMPLE = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide" / "source" / "ps1"
PLAIN = 'c = get_config()\nc.CourseDirectory.course_id = "course101"\n'


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """The variables of an environment in which the page's first command has run."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True, symlinks=True)
    # what nbgrader and this package need is taken from the environment of the tests
    [packages] = folder.glob("lib/python*/site-packages")
    (packages / "of_the_tests.pth").write_text(f"{Path(nbgrader.__file__).parents[1]}\n")
    offline = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0"}
    variables = {name: os.environ[name] for name in os.environ if name != "PYTHONPATH"}
    variables["PATH"] = os.pathsep.join([f"{folder}/bin", f"{sys.prefix}/bin", os.environ["PATH"]])
    variables["JUPYTER_PATH"] = f"{sys.prefix}/share/jupyter"
    command = INSTALL.replace("path/to/the/clone", str(REPOSITORY))
    assert command != INSTALL
    done = shell(command, folder, variables | offline)
    assert done.returncode == 0, done.stdout
    where = shell("command -v course", folder, variables)
    assert where.stdout == f"{folder}/bin/course\n"
    return variables


def shell(command, folder, variables):
    return subprocess.run(
        ["sh", "-e", "-c", command],
        cwd=folder,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture
def course(tmp_path):
    """Its own answers handed in by one student, nothing by another, no notebook by a third."""
    shutil.copytree(EXAMPLE, tmp_path / "source" / "ps1")
    (tmp_path / "nbgrader_config.py").write_text(PLAIN)
    for student in ("right", "blank", "odd"):
        shutil.copytree(EXAMPLE, tmp_path / "submitted" / student / "ps1")
    path = tmp_path / "submitted" / "blank" / "ps1" / "problem1.ipynb"
    nb = nbformat.read(path, as_version=4)
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = ""
    nbformat.write(nb, path)
    for path in (tmp_path / "submitted" / "odd" / "ps1").glob("*.ipynb"):
        path.write_text("%PDF")
    return Course(tmp_path)


def scores(course):
    with course.gradebook() as gradebook:
        return {
            submission.student.id: submission.score
            for submission in gradebook.assignment_submissions("ps1")
        }


def test_the_page_is_enough(course, environment):
    refused = shell("course autograde", course.root, environment)
    assert refused.returncode == 2
    assert set(ADDED) <= set(refused.stdout.splitlines()), "it says to add what the page says"
    assert not course.gradebook_file.exists()

    assert PLAIN.startswith(FIRST)
    assert len(ADDED) == 2
    (course.root / "nbgrader_config.py").write_text("\n".join([PLAIN, *ADDED]))
    (course.root / "course.toml").write_text(SETTINGS)
    checked = shell(CHECK, course.root, environment)
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.splitlines()[-1] == "ps1: the source's own answers pass every test"
    assert "correct_squares: stands under stock_trust in course.toml, and needs" in checked.stdout
    done = shell(GRADE, course.root, environment)
    assert done.returncode == 0, done.stdout
    assert "ps1: 2 graded, 1 could not be graded" in done.stdout
    assert "not a notebook file" in done.stdout
    assert re.search(r"^right +1\.5 +1 +0\.5\?", done.stdout, re.M), "all that tests give"
    assert scores(course) == {"right": 3, "blank": 0, "odd": 0}
    for student in ("right", "blank", "odd"):
        pages = course.folder("feedback", student, "ps1").glob("*.html")
        assert {page.name for page in pages} == {"problem1.html", "problem2.html"}


def test_other_folders_and_another_database_are_graded_in(course, environment):
    lines = [
        "from course_utils.staff.engine import use_engine",
        "use_engine(c)",
        "c.CourseDirectory.source_directory = 'originals'",
        "c.CourseDirectory.submitted_directory = 'inbox'",
        "c.CourseDirectory.autograded_directory = 'outbox'",
        "c.CourseDirectory.db_url = 'sqlite:///marks.db'",
    ]
    (course.root / "nbgrader_config.py").write_text(PLAIN + "\n".join(lines) + "\n")
    (course.root / "source").rename(course.root / "originals")
    (course.root / "submitted").rename(course.root / "inbox")
    before = {path.name for path in course.root.iterdir()}
    command = f"course autograde --only right --course {course.root}"
    done = shell(command, course.root.parent, environment)
    assert done.returncode == 0, done.stdout
    made = {path.name for path in course.root.iterdir()} - before
    assert made == {"outbox", "marks.db", "gradebook.secret"}
    assert scores(Course(course.root)) == {"right": 3}
