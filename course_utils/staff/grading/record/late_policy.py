"""nbgrader's hook for late submissions, following ``course.toml``."""

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Unicode

from course_utils.staff.settings import read_settings


class CourseLatePolicy(LateSubmissionPlugin):
    """Take from a late submission what the course's late policy says."""

    course_file = Unicode("course.toml", help="The file with due dates and the late policy.").tag(
        config=True
    )

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        """Return the points that ``student_id`` loses of ``score``, 0 within the grace time."""
        step = self.parent  # nbgrader's AssignLatePenalties, at work on a submission
        submission = step.gradebook.find_submission(step.assignment_id, student_id)
        policy = read_settings(self.course_file).late
        return policy.penalty(score, submission.duedate, submission.timestamp)
