"""The key by which a run is resumed: a hash of all that a grade depends on.

With the same key a submission need not be graded again.
"""

import functools
import hashlib
import platform
from importlib import metadata
from pathlib import Path

import course_utils
from course_utils import STAFF

PACKAGE = Path(course_utils.__file__).parent
# Whose versions can change a grade. What else is installed around them cannot, as far as we know.
PACKAGES = (
    "executing",
    "ipykernel",
    "ipython",
    "matplotlib",
    "nbclient",
    "nbconvert",
    "nbformat",
    "nbgrader",
    "numpy",
    "pillow",
    "scikit-learn",
    "scipy",
    "torch",
    "tqdm",
)
# What a graded run does not import: help texts, reports, the tools of authors.
WITHOUT_EFFECT = tuple(f"{STAFF}/{name}" for name in ("authoring", "commands", "reports"))


def of_parts(*parts):
    """Return a hash of some texts, in this order."""
    total = hashlib.sha256()
    for part in parts:
        total.update(f"{len(part)} {part} ".encode())
    return total.hexdigest()


def of_folder(folder, leave_out=()):
    """Return a hash of the names and contents of all files below a folder.

    Parameters
    ----------
    folder : Path
    leave_out : collection of str
        Folders below it.
    """
    total = hashlib.sha256()
    for path in files_in(folder, leave_out):
        content = path.read_bytes()
        total.update(f"{path.relative_to(folder)}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def files_in(folder, leave_out=()):
    """Return the sorted paths of the files that `of_folder` covers."""
    left_out = {folder / name for name in leave_out}
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and left_out.isdisjoint(path.parents)
    ]


@functools.cache
def of_environment():
    """Return a hash of Python, the packages that matter and this one."""
    versions = [f"{name} {_version(name)}" for name in PACKAGES]
    return of_parts(
        platform.system(),
        platform.python_version(),
        *versions,
        of_folder(PACKAGE, WITHOUT_EFFECT),
    )


def _version(name):
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "none"
