"""A course is found from anywhere inside it; its parts are listed."""

import pytest
from tiny_course import ASSIGNMENT, make_course

from course_utils.staff.course import Course, CourseError, failed
from course_utils.staff.grading import registration
from course_utils.staff.settings import Settings

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


@pytest.fixture
def course(tmp_path):
    return Course(make_course(tmp_path / "course"))


def test_it_is_found_from_a_folder_below(course, monkeypatch):
    monkeypatch.chdir(course.folder("source", assignment=ASSIGNMENT))
    assert Course.find() == course
    assert Course.find(course.root) == course


def test_outside_of_a_course_it_says_what_makes_one(tmp_path):
    with pytest.raises(CourseError, match="no course here.*nbgrader_config.py.*--course"):
        Course.find(tmp_path)


def test_topics_are_names_or_parts_of_names(course):
    (course.folder("source") / "02_other").mkdir()
    source = course.notebooks(ASSIGNMENT)[0]
    (course.folder("source") / "02_other" / "other.ipynb").write_bytes(source.read_bytes())
    assert course.select([]) == [ASSIGNMENT, "02_other"]
    assert course.select(["tiny"]) == [ASSIGNMENT]
    assert course.select(["02", "other"]) == ["02_other"]
    with pytest.raises(CourseError, match="'0' names several assignments; expected one of 01_tiny"):
        course.select(["0"])
    with pytest.raises(CourseError, match="'03' names no assignment; expected one of 01_tiny, 02"):
        course.select(["03"])


def test_a_course_without_notebooks_says_so(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    with pytest.raises(CourseError, match="no assignments"):
        Course(tmp_path).select([])


def configure(course, *lines):
    with open(course.root / "nbgrader_config.py", "a") as config:
        config.write("".join(f"c.{line}\n" for line in lines))
    return Course(course.root)


def test_folders_database_and_id_are_those_of_the_configuration(course, tmp_path, monkeypatch):
    configure(
        course,
        "CourseDirectory.root = 'all'",
        "CourseDirectory.source_directory = 'originals'",
        f"CourseDirectory.submitted_directory = '{tmp_path}/handed-in'",
        "CourseDirectory.db_url = 'sqlite:///marks.db'",
        "CourseDirectory.course_id = 'other'",
    )
    (course.root / "all").mkdir()
    (course.root / "source").rename(course.root / "all" / "originals")
    monkeypatch.chdir(tmp_path)
    course = Course(course.root)
    assert course.assignments() == [ASSIGNMENT]
    assert course.folder("release", assignment=ASSIGNMENT) == course.root / "all/release/01_tiny"
    assert course.folder("submitted", "ada") == tmp_path / "handed-in" / "ada"
    assert course.gradebook_file == course.root / "marks.db"
    coursedir = course.nbgrader().coursedir
    assert coursedir.format_path("x", "y", "z") == f"{course.root}/all/x/y/z"
    assert coursedir.db_url == f"sqlite:///{course.gradebook_file}"
    registration.register(course, ASSIGNMENT)
    assert course.gradebook_file.exists()
    with course.gradebook() as gradebook:
        assert [row.course_id for row in gradebook.assignments] == ["other"]
    assert {path.name for path in tmp_path.iterdir()} == {"course"}


def test_by_default_all_is_beside_the_configuration(tmp_path, monkeypatch):
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "nbgrader_config.py").write_text("c = get_config()\n")
    monkeypatch.chdir(tmp_path)
    course = Course(tmp_path / "course")
    assert course.folder("source") == course.root / "source"
    assert course.gradebook_file == course.root / "gradebook.db"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("db_url = 'postgresql://host/marks'", "db_url is 'postgresql://host/marks'; expected"),
        ("db_url = 'sqlite:///:memory:'", "db_url is .*; expected the file of an SQLite database"),
        (
            "db_url = 'mysql+pymysql://me@host/marks'",
            "db_url is .*; expected the file of an SQLite",
        ),
        ("db_url = 'marks.db'", "db_url is 'marks.db'; expected the file of an SQLite database"),
        ("directory_structure = '{student_id}'", "directory_structure is .*; expected '{nbgrader"),
    ],
)
def test_what_cannot_be_followed_is_refused_by_name(course, line, sentence):
    with pytest.raises(CourseError, match=sentence):
        configure(course, f"CourseDirectory.{line}").folder("source")


@pytest.mark.parametrize("name", ["a[x]b", "q?mode=ro", "all*"])
def test_a_folder_that_nbgrader_takes_for_a_pattern_is_refused_by_name(tmp_path, name):
    course = Course(make_course(tmp_path / name / "course"))
    with pytest.raises(CourseError, match="for a pattern of file names") as refusal:
        registration.register(course, ASSIGNMENT)
    assert f"/{name}/course" in str(refusal.value)


@pytest.mark.parametrize("name", ["{x}", "50% #1", "a b é", "o'brien"])
def test_a_folder_of_an_odd_name_is_a_course_like_others(tmp_path, name):
    course = Course(make_course(tmp_path / name / "course"))
    registration.register(course, ASSIGNMENT)
    assert course.gradebook_file.is_file()
    assert {path.name for path in tmp_path.iterdir()} == {name}


def test_a_course_without_course_toml_has_no_settings_unless_it_asks_for_them(course):
    (course.root / "course.toml").unlink()
    with pytest.raises(CourseError, match="course.toml does not exist"):
        course.settings()
    (course.root / "nbgrader_config.py").write_text("c = get_config()\n")
    assert course.settings() == Settings(late=None, due={})


def test_another_plugin_for_lateness_is_left_to_its_work(course):
    configure(course, "AssignLatePenalties.plugin_class = 'somebody.elses.Plugin'")
    assert (course.settings().late, list(course.settings().due)) == (None, [ASSIGNMENT])
    (course.root / "course.toml").unlink()
    assert course.settings() == Settings(late=None, due={})


def test_the_exchange_is_made_where_it_is_missing(course):
    exchange = course.root / "exchange"
    assert not exchange.exists()
    assert course.nbgrader().exchange_is_functional
    assert exchange.is_dir()


def test_ctrl_c_is_no_failed_submission():
    """nbgrader's API catches everything; without this a class could not be interrupted."""
    with pytest.raises(KeyboardInterrupt):
        failed({"success": False, "error": "Traceback …\nKeyboardInterrupt\n"})
    assert failed({"success": True}) is None
    assert failed({"success": False, "error": "Traceback …\nValueError: no\n"}) == "ValueError: no"


def test_the_reason_of_a_failure_is_looked_for_in_the_log():
    log = "[ERROR] It failed\n    Traceback …\n    builtins.KeyError: 'x'\n[ERROR] Please see\n"
    result = {"success": False, "error": "x\nNbGraderException: Please see above", "log": log}
    assert failed(result) == "KeyError: 'x'"
