"""A copy of the whole course, in which tests run its commands as a person would."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from tiny_course import write_config

REPOSITORY = Path(__file__).parents[2]
TOKEN = "token-of-the-tests"


class CourseCopy:
    """A fresh copy of the repository, whose ``.venv`` is the environment that runs the tests.

    The environment's editable install names the original repository; PYTHONPATH puts the copy
    before it, in notebook kernels too.
    """

    def __init__(self, root, files):
        self.root = root
        for name in files:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / name, root / name)
        write_config(root)
        (root / ".venv").symlink_to(sys.prefix, target_is_directory=True)
        home = root.parent / "home"
        home.mkdir()
        self.environment = os.environ | {"HOME": str(home), "PYTHONPATH": str(root)}

    def copied_to(self, root):
        """Return a copy of this copy, with all that commands have made in it."""
        copy = object.__new__(CourseCopy)
        copy.root = Path(shutil.copytree(self.root, root, symlinks=True))
        copy.environment = self.environment | {"PYTHONPATH": str(root)}
        return copy

    def run(self, command, timeout=900, folder=".", **variables):
        """Run a shell command in the copy; returns the finished process, output as text."""
        return subprocess.run(
            ["sh", "-c", command],
            cwd=self.root / folder,
            env=self.environment | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
        )


class LabServer:
    """A command that starts JupyterLab, running; the command itself stays as people type it."""

    def __init__(self, course, command, scratch, **variables):
        self.course = course
        self.log = scratch / "lab.log"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        settings = {
            "ServerApp": {
                "allow_root": os.geteuid() == 0,
                "open_browser": False,
                "port": self.port,
                "port_retries": 0,
            },
            "IdentityProvider": {"token": TOKEN},
        }
        (scratch / "jupyter_server_config.json").write_text(json.dumps(settings), encoding="utf-8")
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                ["sh", "-c", command],
                cwd=course.root,
                env=course.environment | {"JUPYTER_CONFIG_DIR": str(scratch)} | variables,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self, seconds=60):
        """Wait until it answers."""
        deadline = time.monotonic() + seconds
        while True:
            assert self.process.poll() is None, self.log.read_text()
            try:
                urllib.request.urlopen(self.address("lab"), timeout=10).close()
                return
            except urllib.error.URLError:
                assert time.monotonic() < deadline, self.log.read_text()
                time.sleep(0.2)

    def address(self, path):
        """Return the address of a page, without what other tests left open."""
        return f"http://127.0.0.1:{self.port}/{path}?token={TOKEN}&reset"

    def stop(self):
        """End it and its kernels."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
