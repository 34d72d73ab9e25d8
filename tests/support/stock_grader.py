"""Stock nbgrader as a server: a process for each connection, a job and an answer per line.

Nothing of the course's own engine is configured here. ``stock_grader.py FD``, where FD is the
socket to listen at.
"""

import ctypes
import json
import logging
import os
import signal
import socket
import socketserver
import sys
import warnings
from pathlib import Path

from attack_course import ASSIGNMENT, HONEST, SECRETS
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from sqlalchemy import Engine, event
from traitlets.config import Config
from watched_run import adopt_orphans, end_what_is_left

PR_SET_PDEATHSIG = 1


@event.listens_for(Engine, "connect")
def hurry(connection, _):
    """Do not wait for the disk: nobody needs these gradebooks after a power cut."""
    connection.execute("PRAGMA synchronous = OFF")


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
        profile = home / ".ipython" / "profile_default"
        profile.mkdir(parents=True)
        # short tracebacks, which nobody reads, are made in no time
        (profile / "ipython_config.py").write_text("c.InteractiveShell.xmode = 'Plain'\n")
        os.environ |= {"HOME": str(home), "IPYTHONDIR": str(home / ".ipython")}
        results = [api.autograde(ASSIGNMENT, student) for student in job["students"]]
    log = "\n".join(result.get("log", "") for result in results)
    return {"success": all(result["success"] for result in results), "log": log}


class Grader(socketserver.StreamRequestHandler):
    """Grades for one connection."""

    def handle(self):
        """Answer jobs until the connection ends."""
        adopt_orphans()
        for line in self.rfile:
            answer = do(json.loads(line)) | {"left": end_what_is_left()}
            self.wfile.write(json.dumps(answer).encode() + b"\n")


class Server(socketserver.ForkingMixIn, socketserver.UnixStreamServer):
    """Forks a process for each connection."""


if __name__ == "__main__":
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)  # never outlive the tests
    logging.getLogger("traitlets").propagate = False
    warnings.simplefilter("ignore")
    server = Server("", Grader, bind_and_activate=False)
    server.socket.close()
    server.socket = socket.socket(fileno=int(sys.argv[1]))
    server.serve_forever()
