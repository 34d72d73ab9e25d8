"""What a feedback page says of points carried forward."""

from nbgrader import utils
from nbgrader.preprocessors import GetGrades

from course_utils.check.wording import in_words
from course_utils.staff.grading.event_log import KEY, exercise_of
from course_utils.staff.grading.follow_through import CARRIED, carried_points

SENTENCE = "carried_forward"  # in `resources["nbgrader"]`


class GetGradesAndCarried(GetGrades):
    """nbgrader's ``GetGrades``, which also leaves a sentence for the top of the page."""

    def preprocess(self, nb, resources):
        """Return the notebook with its grades, and the resources."""
        self._nb, self._carried = nb, {}
        nb, resources = super().preprocess(nb, resources)
        about = resources["nbgrader"]
        about[SENTENCE] = sentence(nb, self._carried, about)
        return nb, resources

    def _get_score(self, cell, resources):
        super()._get_score(cell, resources)
        name = cell.metadata.nbgrader.grade_id
        grade = self.gradebook.find_grade(
            name, self.notebook_id, self.assignment_id, self.student_id
        )
        points = carried_points(self._nb, grade)
        if points:
            self._carried[name] = points


def sentence(nb, carried, about):
    """Return what is carried forward, in one sentence; an empty text where nothing is.

    Parameters
    ----------
    nb : NotebookNode
        As graded.
    carried : dict of str to float
        The points of each test that is carried.
    about : dict
        ``score``, ``max_score`` and ``late_penalty``, as nbgrader has them.
    """
    if not carried:
        return ""
    given = {earlier for name in carried for earlier in nb.metadata[KEY][CARRIED][name]}
    tests = (cell.metadata.nbgrader.grade_id for cell in nb.cells if utils.is_grade(cell))
    earlier = in_words([name for name in dict.fromkeys(map(exercise_of, tests)) if name in given])
    score = _number(about["score"] + about["late_penalty"])
    late = " before the late penalty" if about["late_penalty"] else ""
    return (
        f"{score} of {_number(about['max_score'])} points{late}, of which "
        f"{_number(sum(carried.values()))} are carried forward: what rests on {earlier} was tried "
        f"with {earlier} put right."
    )


def _number(points):
    return f"{points:.2f}".rstrip("0").rstrip(".")
