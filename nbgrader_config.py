"""The whole nbgrader configuration of the course.

Read by `nbgrader`, by the formgrader and the other JupyterLab extensions when they are started in
this folder, and by the `course` commands. Due dates and the late policy are in course.toml.
"""

from pathlib import Path

from course_utils.staff.engine import use_engine

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

# nbgrader's steps with ours among them; due dates and the late policy are in course.toml.
use_engine(c, course_file=ROOT / "course.toml")
