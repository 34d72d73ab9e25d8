"""Which files of the disk a confined process can read.

A view only lists what is allowed: Landlock cannot deny a folder below one it allows. So a folder
that holds something to hide is replaced by what else is in it.
"""

import os
import site
import sys
import sysconfig
import zoneinfo
from dataclasses import dataclass
from pathlib import Path

import course_utils

PACKAGE = Path(course_utils.__file__).resolve().parent

# May be read and written; they hold nothing.
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")

# Shared libraries, what they read at their first use, fonts and time zones; no settings of this
# machine and no names of its users.
_SYSTEM = (
    *("/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/local/lib"),
    *("/etc/alternatives", "/etc/fonts", "/etc/ld.so.cache", "/etc/localtime", "/etc/matplotlibrc"),
    *("/usr/share/fontconfig", "/usr/share/fonts", "/usr/share/matplotlib"),
    *("/usr/share/locale", "/usr/share/zoneinfo"),
    *("/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu"),
)


@dataclass(frozen=True)
class View:
    """Files and folders that are readable at their own paths; nothing else of the disk is.

    Attributes
    ----------
    readable : tuple of Path
        Absolute and existing. Symbolic links on the way are there too.
    listable : tuple of Path
        Folders of which only a part is readable. Python looks for modules by listing folders.
        Landlock by itself lets the names of all that lies below them be seen; with namespaces
        only what is readable is there.
    """

    readable: tuple[Path, ...]
    listable: tuple[Path, ...] = ()

    def __post_init__(self):
        """Refuse what no rule could be made of."""
        for path in (*self.readable, *self.listable):
            if not os.path.isabs(path):
                raise ValueError(f"{path} in the view: an absolute path is needed")
            if not os.path.exists(path):
                raise FileNotFoundError(f"{path} in the view: there is no such file or folder")


def default_view(package=PACKAGE, without=()):
    """Return the view of student code: Python, its libraries, and this package without ``STAFF``.

    Every other ``course_utils`` (installed, or linked by an editable install) is left out, and so
    is the rest of this repository, even where the environment lies inside it.

    Parameters
    ----------
    package : Path
        The folder of ``course_utils`` that student code may import from.
    without : iterable of str
        Names of other packages ("scipy"), and of packages in packages ("numpy.fft"), to leave out.
    """
    roots = _roots()
    hidden = _installed_packages(roots) | _packages(roots, set(without))
    hidden.add(package)  # what is shown of it follows below
    if package.parent.name not in ("site-packages", "dist-packages"):
        hidden.add(package.parent)
    above = {parent for secret in hidden for parent in secret.parents}
    real_roots = {root.resolve() for root in roots}
    readable, listable = set(), set()
    for root in roots:
        whole, partly = _without(root, root.resolve(), hidden, above, real_roots)
        readable |= whole
        listable |= partly
    own = {path for path in package.iterdir() if path.name != course_utils.STAFF}
    return View(tuple(sorted(own | readable)), tuple(sorted({package} | listable)))


def _site_folders():
    """Return where packages are installed that this Python finds."""
    candidates = [*sys.path, *site.getsitepackages()]
    paths = sysconfig.get_paths()
    candidates += [paths["purelib"], paths["platlib"]]
    names = ("site-packages", "dist-packages")
    return {Path(path) for path in candidates if Path(path).name in names}


def _roots():
    """Return every folder and file to show, before anything is hidden; only existing ones."""
    paths = sysconfig.get_paths()
    prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    candidates = {Path(paths["stdlib"]), Path(paths["platstdlib"]), *_site_folders()}
    # /usr/lib is in the system's list; elsewhere this is where conda and pyenv keep libraries.
    candidates |= {Path(prefix, "lib") for prefix in prefixes}
    candidates |= {Path(prefix, "pyvenv.cfg") for prefix in prefixes}
    candidates |= {Path(path) for path in (*_SYSTEM, *zoneinfo.TZPATH)}
    return {path.absolute() for path in candidates if path.exists()}


def _installed_packages(roots):
    """Return everything named after the course in any folder of packages."""
    folders = _package_folders(roots)
    return {path for folder in folders for path in folder.iterdir() if PACKAGE.name in path.name}


def _packages(roots, names):
    """Return the folders and files of packages, with the libraries that lie beside them."""
    found = set()
    for folder in _package_folders(roots) if names else ():
        found |= {path for path in folder.iterdir() if path.name.partition(".")[0] in names}
        inner = {folder.joinpath(*name.split(".")) for name in names if "." in name}
        found |= {path for path in inner if path.is_dir()}
    return found


def _package_folders(roots):
    folders = _site_folders()
    for root in roots:
        folders.update(root.glob("python*/site-packages"))
        folders.update(root.glob("python*/dist-packages"))
    return {folder.resolve() for folder in folders if folder.is_dir()}


def _without(path, real, hidden, above, roots):
    """Return what to show of ``path``, whose real path is ``real``, so that ``hidden`` is left out.

    That is two sets of paths: what is shown as it is, and the folders that are shown in part.
    What is hidden has no effect on a path that lies below it: that one was asked for by name.
    """
    if real not in above:
        return {path}, set()
    whole, partly = set(), {path}
    with os.scandir(path) as entries:
        for entry in entries:
            shown, there = path / entry.name, real / entry.name
            if there in hidden:
                continue
            if not entry.is_symlink():
                more_whole, more_partly = _without(shown, there, hidden, above, roots)
                whole |= more_whole
                partly |= more_partly
            elif _is_shown(shown.resolve(), hidden, above, roots):
                whole.add(shown)
    return whole, partly


def _is_shown(target, hidden, above, roots):
    """Return whether the target of a link is in the view as a whole without the link."""
    around = {target, *target.parents}
    return (
        target.exists()
        and not around.isdisjoint(roots)
        and around.isdisjoint(hidden)
        and target not in above
    )
