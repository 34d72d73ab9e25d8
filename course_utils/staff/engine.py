"""The engine's steps, for a course's ``nbgrader_config.py``.

Imported by every program that reads the configuration, so it imports nothing itself.
"""

# nbgrader's own steps, and ours where a dotted name begins with course_utils. Cells' metadata are
# checked once, at the end: RestoreSubmission has written all that are there.
SANITIZE = [
    "nbgrader.preprocessors.ClearOutput",
    "course_utils.staff.grading.prepare.restore.RestoreSubmission",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "course_utils.staff.grading.prepare.overwrite.OverwriteSilently",
]
AUTOGRADE = [
    "course_utils.staff.grading.execute.ExecuteSubmission",
    "course_utils.staff.grading.undecided.LeaveUndecided",
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
EXPORTER = "course_utils.staff.grading.prepare.exporter.SubmissionExporter"
LATE_POLICY = "course_utils.staff.grading.record.late_policy.CourseLatePolicy"


def use_engine(c, course_file=None):
    """Have nbgrader grade with this engine, and show safely what it graded.

    Parameters
    ----------
    c : traitlets Config
        What ``get_config()`` returns.
    course_file : str, optional
        The path of a ``course.toml``, which sets due dates, what lateness costs, and what
        follow-through credit is worth.
    """
    c.Autograde.sanitize_preprocessors = list(SANITIZE)
    c.Autograde.autograde_preprocessors = list(AUTOGRADE)
    c.Autograde.exporter_class = EXPORTER
    # the pages of the formgrader, which run with the grader's login, and of feedback
    c.HTMLExporter.preprocessors = ["course_utils.staff.grading.record.clean_outputs.CleanPage"]
    c.HTMLExporter.filters = {
        "ansi2html": "course_utils.staff.grading.record.page_filters.ansi2html",
        "clean_html": "course_utils.staff.grading.record.page_filters.clean_html",
        "highlight_code": "course_utils.staff.grading.record.page_filters.HighlightCode",
        "markdown2html": "course_utils.staff.grading.record.page_filters.CleanMarkdown",
    }
    c.GenerateFeedback.exporter_class = "course_utils.staff.reports.feedback_page.FeedbackExporter"
    c.GenerateFeedback.preprocessors = [
        "course_utils.staff.reports.carried_forward.GetGradesAndCarried",
        "course_utils.staff.grading.record.hidden_source.HideFromFeedback",
        # again: a line taken out of HTML changes it
        "course_utils.staff.grading.record.clean_outputs.CleanOutputs",
        "course_utils.staff.reports.folded_cells.HideFoldedSource",
        "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    ]
    if course_file is not None:
        c.AssignLatePenalties.plugin_class = LATE_POLICY
        c.CourseLatePolicy.course_file = str(course_file)
        c.ExecuteSubmission.course_file = str(course_file)


def missing_steps(config):
    """Return what a configuration lacks of the engine, as the names of its classes."""
    autograde = config.Autograde
    named = {str(autograde.get("exporter_class"))}
    for passes in ("sanitize_preprocessors", "autograde_preprocessors"):
        steps = autograde.get(passes)
        named |= set(map(str, steps)) if isinstance(steps, list) else set()
    ours = [step for step in (*SANITIZE, *AUTOGRADE, EXPORTER) if step.startswith("course_utils.")]
    return [step.rpartition(".")[2] for step in ours if step not in named]
