"""One environment for every test and every source notebook: fresh, quiet and the same for all.

Set while pytest starts, before NumPy, matplotlib or a kernel can read it, and inherited by every
process that a test starts.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest
from xdist.scheduler import LoadFileScheduling

# A developer's own settings, and what `make` tells the programs below it.
FOREIGN_PREFIXES = ("COURSE_", "IPYTHON", "JUPYTER", "MAKE", "MPL", "NBGRADER", "PYTEST_ADDOPTS")
FOREIGN = ("MFLAGS", "PYTHON", "PYTHONSTARTUP", "TORCH_INDEX", "VENV")


def pytest_addoption(parser):
    """Add the options that `make proof`, `make fuzz` and `make kernel-room` use."""
    parser.addoption(
        "--proof",
        action="store_true",
        help="run the long statistics whole, not the fixed part of them that `make test` runs",
    )
    parser.addoption(
        "--room",
        choices=["sandbox", "kernel"],
        default="sandbox",
        help="where the courses that tests make run notebooks: c.ExecuteSubmission.room",
    )
    parser.addoption(
        "--inputs",
        type=int,
        default=100,
        help="how many made-up inputs each test in tests/fuzz/ gets",
    )


def pytest_configure(config):
    """Give the session empty settings folders and one thread per process."""
    home = Path(tempfile.mkdtemp(prefix="course-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))

    for name in list(os.environ):
        if name.startswith(FOREIGN_PREFIXES) or name in FOREIGN:
            del os.environ[name]
    matplotlib = home / "matplotlib"
    matplotlib.mkdir()
    # A file, not MPLBACKEND: notebook kernels have to stay free to choose their inline backend.
    (matplotlib / "matplotlibrc").write_text("backend: agg\n", encoding="utf-8")
    os.environ |= {
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "jupyter" / "lab" / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "jupyter" / "lab" / "workspaces"),
        "JUPYTER_CONFIG_DIR": str(home / "jupyter" / "config"),
        "JUPYTER_DATA_DIR": str(home / "jupyter" / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "jupyter" / "runtime"),
        "MPLCONFIGDIR": str(matplotlib),
        "OMP_NUM_THREADS": "1",
        "TESTS_ROOM": config.getoption("--room"),
        # nbgrader starts a program of its environment by its bare name.
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }


# Begun first, because what comes after them fills the time in which one of them still runs.
LONGEST = (
    "tests/end_to_end/test_sample_class.py",
    "tests/readme",
    "tests/browser/test_jupyterlab.py",
    "source/05_image_tokenization",
    "tests/end_to_end",
    "tests/grading/prepare/test_malformed_submissions.py",
)


def pytest_collection_modifyitems(config, items):
    """Bring the longest files to the front, and leave out what is not about the room in use."""
    if config.getoption("--room") == "kernel":
        about_sandbox = [item for item in items if item.get_closest_marker("sandbox")]
        config.hook.pytest_deselected(items=about_sandbox)
        items[:] = [item for item in items if item not in about_sandbox]

    def rank(item):
        name = item.path.relative_to(config.rootpath).as_posix()
        return next((n for n, start in enumerate(LONGEST) if name.startswith(start)), len(LONGEST))

    items.sort(key=rank)


# Files that share a worker, where files run side by side, and with it what is started once.
GROUPS = {
    "tests/end_to_end/test_sample_class.py": "demonstration",
    "tests/readme/test_readme_commands.py": "demonstration",
}


class FilesOrGroups(LoadFileScheduling):
    """Gives a worker a file after the other, or a group of files."""

    def _split_scope(self, nodeid):
        name = super()._split_scope(nodeid)
        return GROUPS.get(name, name)


def pytest_xdist_make_scheduler(config, log):
    """Have xdist hand out files as above."""
    return FilesOrGroups(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Write out what no UTF-8 has, such as a file's odd name: xdist could not send the report."""
    report = yield
    report.sections = [
        (title, text.encode("utf-8", "backslashreplace").decode())
        for title, text in report.sections
    ]
    return report
