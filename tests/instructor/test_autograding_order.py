"""What a TA meets around grading: folders that belong nowhere, and a run that was interrupted."""

from course_utils.grading.outcomes import GRADED, Outcome, read_outcomes
from course_utils.instructor import autograding
from course_utils.instructor.course import Course


def test_a_folder_named_like_no_assignment_is_found(tmp_path):
    (tmp_path / "source" / "01_topic").mkdir(parents=True)
    (tmp_path / "source" / "01_topic" / "topic.ipynb").touch()
    for name in ("01_topic", "01_topik"):
        (tmp_path / "submitted" / "student" / name).mkdir(parents=True)
    [folder] = autograding.misnamed_folders(Course(tmp_path))
    assert folder.as_posix() == "submitted/student/01_topik"


def test_an_interrupted_run_with_again_goes_on_without_it(tmp_path, monkeypatch):
    course = Course(tmp_path)
    monkeypatch.setattr(Course, "nbgrader", lambda self, overrides: None)
    monkeypatch.setattr(autograding, "_digest", lambda *names: "same")
    graded = []

    def grade(course, nbgrader, assignment, student, digest):
        graded.append(student)
        (tmp_path / "autograded" / student / assignment).mkdir(parents=True, exist_ok=True)
        return Outcome(GRADED, digest=digest)

    monkeypatch.setattr(autograding, "_grade", grade)
    students = ["first", "second"]
    list(autograding.autograde(course, "01_topic", students))
    assert list(autograding.autograde(course, "01_topic", students)) == [
        ("first", None),
        ("second", None),
    ]

    interrupted = autograding.autograde(course, "01_topic", students, again=True)
    next(interrupted)
    interrupted.close()
    graded.clear()
    list(autograding.autograde(course, "01_topic", students))
    assert graded == ["second"]
    outcomes = read_outcomes(course.outcomes_file)["01_topic"]
    assert {outcome.digest for outcome in outcomes.values()} == {"same"}
