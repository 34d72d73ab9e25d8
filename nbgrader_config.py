"""The whole nbgrader configuration of the course.

Read by `nbgrader`, by the formgrader and the other JupyterLab extensions when they are started in
this folder, and by the `course` commands. Due dates and the late policy are in course.toml.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent

c = get_config()  # noqa: F821  (defined by the program that reads this file)

c.CourseDirectory.root = str(ROOT)
c.CourseDirectory.course_id = "neural_networks"

# Work is handed out and collected through this folder; nbgrader wants it to exist.
(ROOT / "exchange").mkdir(exist_ok=True)
c.Exchange.root = str(ROOT / "exchange")

# Seconds for one cell and for a whole submission. After the first time-out in a notebook, the
# other cells get a fifth of `timeout`.
c.Execute.timeout = 30
c.ExecuteSubmission.notebook_timeout = 600

# nbgrader's own steps, and ours where a dotted name begins with course_utils. Cells' metadata are
# checked once, at the end: RestoreSubmission has written all that are there.
c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.ClearOutput",
    "course_utils.staff.grading.prepare.restore.RestoreSubmission",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
]
c.Autograde.autograde_preprocessors = [
    "course_utils.staff.grading.execute.ExecuteSubmission",
    "course_utils.staff.grading.record.clean_outputs.CleanOutputs",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "course_utils.staff.grading.record.hidden_source.HideTestSource",
    "course_utils.staff.grading.record.save_grades.SaveGradesTogether",
    "course_utils.staff.grading.record.zero_point_tasks.SettleZeroPointTasks",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.exporter_class = "course_utils.staff.grading.prepare.exporter.SubmissionExporter"
c.AssignLatePenalties.plugin_class = (
    "course_utils.staff.grading.record.late_policy.CourseLatePolicy"
)
c.CourseLatePolicy.course_file = str(ROOT / "course.toml")

# The pages of the formgrader, which run with the grader's login, and of feedback.
c.HTMLExporter.preprocessors = ["course_utils.staff.grading.record.clean_outputs.CleanPage"]
c.HTMLExporter.filters = {
    "ansi2html": "course_utils.staff.grading.record.page_filters.ansi2html",
    "clean_html": "course_utils.staff.grading.record.page_filters.clean_html",
    "highlight_code": "course_utils.staff.grading.record.page_filters.HighlightCode",
    "markdown2html": "course_utils.staff.grading.record.page_filters.CleanMarkdown",
}

c.GenerateFeedback.exporter_class = "course_utils.staff.reports.feedback_page.FeedbackExporter"
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "course_utils.staff.grading.record.hidden_source.HideFromFeedback",
    # again: a line taken out of HTML changes it
    "course_utils.staff.grading.record.clean_outputs.CleanOutputs",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
