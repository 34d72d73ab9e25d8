"""One environment for every test and every source notebook: fresh, quiet and the same for all.

Set while pytest starts, before NumPy, matplotlib or a kernel can read it, and inherited by every
process that a test starts.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

# A developer's own settings, and what `make` tells the programs below it.
FOREIGN_PREFIXES = ("COURSE_", "IPYTHON", "JUPYTER", "MAKE", "MPL", "NBGRADER", "PYTEST_ADDOPTS")
FOREIGN = ("MFLAGS", "PYTHON", "PYTHONSTARTUP", "TORCH_INDEX", "VENV")


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
        # nbgrader starts a program of its environment by its bare name.
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
