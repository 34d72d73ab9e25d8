"""What a grade depends on, as one hash: with the same hash it need not be made again."""

import functools
import hashlib
import platform
from importlib import metadata
from pathlib import Path

import course_utils

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
# The commands: what they print, what they ask for. What they grade with is elsewhere.
WITHOUT_EFFECT = ("instructor",)


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
        Names of folders directly below it.
    """
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder)
        if name.parts[0] not in leave_out and "__pycache__" not in name.parts:
            content = path.read_bytes()
            total.update(f"{name}\0{len(content)}\0".encode())
            total.update(content)
    return total.hexdigest()


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
