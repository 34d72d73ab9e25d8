"""Modules beside a notebook, which are found before installed ones of the same name."""

import importlib
import sys
from pathlib import PurePosixPath


def forget_namesakes(files):
    """Forget loaded packages that a file beside the notebook has the name of.

    So that the next import finds the file, as it does in a kernel that has loaded nothing yet.
    Modules of Python itself stay: a kernel has loaded most of them, too, and ours.

    Parameters
    ----------
    files : iterable of str
        Paths below the notebook's folder.
    """
    names = {_module(PurePosixPath(file)) for file in files}
    names -= {None, "course_utils", *sys.stdlib_module_names}
    for loaded in list(sys.modules):
        if loaded.partition(".")[0] in names:
            del sys.modules[loaded]
    importlib.invalidate_caches()


def _module(path):
    """The name under which a file is imported from its folder, or None."""
    if path.suffix == ".py" and len(path.parts) == 1:
        return path.stem
    return path.parts[0] if path.parts[1:] == ("__init__.py",) else None
