"""A class of made-up students, to try the commands on and to look at the result."""

import shutil

from course_utils.staff.course import CourseError
from course_utils.staff.names import show_name, show_path

CLASS_DATA = ("submitted", "autograded", "feedback")


def answer_files(course, assignment):
    """Return the paths of the sample class's answer files for an assignment, sorted."""
    return sorted(course.folder("sample_class", assignment=assignment).glob("*.py"))


def clear_sample_class(course, assignments):
    """Remove what an earlier demonstration left: submissions, grades, feedback.

    Raises
    ------
    CourseError
        Some of it belongs to someone who is not of the sample class; nothing is removed then.
    """
    sample = {path.stem for name in assignments for path in answer_files(course, name)}
    if not sample:
        raise CourseError(f"no answer files in {show_path(course.root / 'sample_class')}")
    real = {student for step in CLASS_DATA for student in course.students(step)} - sample
    database = course.gradebook_file
    if database.exists():
        with course.gradebook() as gradebook:
            real |= {student.id for student in gradebook.students} - sample
    if real:
        some = ", ".join(map(show_name, sorted(real)[:3])) + (", …" if len(real) > 3 else "")
        raise CourseError(
            f"this course holds the data of a real class ({some}), which the demonstration would "
            "replace. Nothing was touched. Run it in another copy of the course, or move "
            "submitted/, autograded/, feedback/, gradebook.db and gradebook.secret elsewhere first"
        )
    for step in CLASS_DATA:
        for student in course.students(step):
            shutil.rmtree(course.folder(step, student))
    database.unlink(missing_ok=True)
