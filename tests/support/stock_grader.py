"""Stock nbgrader as a process: a job per line of standard input, an answer per line of output.

Nothing of the course's own engine is configured here.
"""

import json
import logging
import os
import sys
import warnings
from pathlib import Path

from attack_course import ASSIGNMENT, HONEST, SECRETS
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config
from watched_run import adopt_orphans, end_what_is_left

ANSWERS = os.fdopen(os.dup(1), "w")


def do(job):
    """Generate the assignment or a feedback page, or grade students one after the other."""
    course = Path(job["course"])
    config = Config()
    config.CourseDirectory.root = str(course)
    config.CourseDirectory.course_id = "neural_networks"
    config.Execute.timeout = job.get("timeout", 30)
    if not job.get("sanitize", True):
        config.Autograde.sanitize_preprocessors = ["nbgrader.preprocessors.ClearOutput"]
    api = NbGraderAPI(config=config)
    if job.get("generate"):
        results = [api.generate_assignment(ASSIGNMENT)]
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "neural_networks") as gradebook:
            for student in HONEST:
                gradebook.add_student(student, last_name=SECRETS["gradebook"])
    elif "feedback" in job:
        results = [api.generate_feedback(ASSIGNMENT, job["feedback"])]
    else:
        home = Path(job["home"])
        home.mkdir()
        os.environ |= {"HOME": str(home), "IPYTHONDIR": str(home / ".ipython")}
        results = [api.autograde(ASSIGNMENT, student) for student in job["students"]]
    log = "\n".join(result.get("log", "") for result in results)
    return {"success": all(result["success"] for result in results), "log": log}


def main():
    """Answer jobs until the input ends."""
    adopt_orphans()
    logging.getLogger("traitlets").propagate = False
    warnings.simplefilter("ignore")
    os.dup2(2, 1)
    for line in sys.stdin:
        answer = do(json.loads(line)) | {"left": end_what_is_left()}
        print(json.dumps(answer), file=ANSWERS, flush=True)


if __name__ == "__main__":
    main()
