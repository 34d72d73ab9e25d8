"""Where a course is, what is in it, and nbgrader set up for it."""

import contextlib
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from course_utils.staff.names import show_name, show_path
from course_utils.staff.patches import quiet_nbgrader
from course_utils.staff.settings import FILE_NAME, SettingsError, read_settings

CONFIG_NAME = "nbgrader_config.py"
_EXCEPTION = re.compile(r"^ *(?:\w+\.)*(\w+(?:Error|Exception): .+)$", re.MULTILINE)


class CourseError(Exception):
    """Something a command cannot go on with; the text is for whoever typed the command."""


@dataclass(frozen=True)
class Course:
    """A course directory: the folder that holds ``nbgrader_config.py``."""

    root: Path

    @classmethod
    def find(cls, start=None):
        """Return the course in ``start`` (default: the current folder) or in a folder above it."""
        start = Path(start or ".").resolve()
        for folder in (start, *start.parents):
            if (folder / CONFIG_NAME).is_file():
                return cls(folder)
        raise CourseError(
            f"no course here: neither {show_path(start)} nor a folder above it holds "
            f"{CONFIG_NAME}; change to the course's folder or name it with --course"
        )

    def folder(self, step, student="", assignment=""):
        """Return the path of ``source``, ``release``, ``submitted``, ``autograded``, ….

        ``source`` and ``release`` have no student.
        """
        return self.root / step / student / assignment

    @property
    def gradebook_file(self):
        """The database with grades, and with what became of each submission."""
        return self.root / "gradebook.db"

    def assignments(self):
        """Return the names of the assignments in ``source/``, sorted."""
        return sorted({path.parent.name for path in self.folder("source").glob("*/*.ipynb")})

    def select(self, topics):
        """Return the assignments meant by ``topics``; all of them where that is empty.

        A topic is an assignment's name or a part of it that fits no other assignment.
        """
        everything = self.assignments()
        if not everything:
            raise CourseError(
                f"no assignments: {show_path(self.folder('source'))} holds no notebooks"
            )
        chosen = []
        for topic in topics or everything:
            fits = [topic] if topic in everything else [x for x in everything if topic in x]
            if len(fits) != 1:
                names = ", ".join(map(show_name, fits or everything))
                problem = "several assignments" if fits else "no assignment"
                raise CourseError(f"{topic!r} names {problem}; expected one of {names}")
            chosen += fits
        return list(dict.fromkeys(chosen))

    def notebooks(self, assignment):
        """Return the paths of the assignment's source notebooks, sorted."""
        return sorted(self.folder("source", assignment=assignment).glob("*.ipynb"))

    def students(self, step, assignment="*"):
        """Return who has a folder for ``assignment`` under ``submitted`` (or another step)."""
        return sorted({path.parent.name for path in self.folder(step).glob(f"*/{assignment}/")})

    def settings(self):
        """Return the content of ``course.toml``."""
        try:
            return read_settings(self.root / FILE_NAME, self.assignments())
        except SettingsError as error:
            raise CourseError(str(error)) from None

    def config(self):
        """Return what ``nbgrader_config.py`` says."""
        return PyFileConfigLoader(CONFIG_NAME, path=str(self.root)).load_config()

    def nbgrader(self, overrides=None):
        """Return nbgrader's own interface to this course.

        Parameters
        ----------
        overrides : traitlets Config, optional
            Merged over ``nbgrader_config.py``.
        """
        config = self.config()
        config.merge(overrides or Config())
        quiet_nbgrader()
        return NbGraderAPI(config=config)

    def gradebook(self):
        """Return the gradebook, a context manager."""
        course_id = self.config().CourseDirectory.course_id
        return Gradebook(f"sqlite:///{self.gradebook_file}", course_id)


def failed(result):
    """Return why an nbgrader call failed, as one line, or None where it succeeded.

    Raises
    ------
    KeyboardInterrupt
        nbgrader's API takes Ctrl-C for one more failed submission; it is not.
    """
    if result["success"]:
        return None
    error = result["error"].strip().splitlines()[-1]
    if error.startswith("KeyboardInterrupt"):
        raise KeyboardInterrupt
    # its exception says "see the above traceback", which stands in the log
    causes = _EXCEPTION.findall(result.get("log", ""))
    return causes[-1] if causes else error


def generate(course, assignment, folder, register=False):
    """Run nbgrader's own generate_assignment into ``folder``.

    Never into ``release/`` itself: where it fails, nbgrader deletes the folder it writes to.

    Parameters
    ----------
    register : bool
        Also enter the assignment's cells in the gradebook. A release needs none, and nbgrader
        refuses changed cells where the gradebook holds submissions.

    Returns
    -------
    str or None
        Why it failed.
    """
    overrides = Config()
    overrides.CourseDirectory.release_directory = str(folder)
    overrides.GenerateAssignment.no_database = not register
    overrides.SaveCells.enabled = register
    result = course.nbgrader(overrides).generate_assignment(assignment, force=True, create=True)
    return failed(result)


def read_notebook(path):
    """Return the notebook in a file.

    Raises
    ------
    CourseError
        The file is not a notebook.
    """
    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError, KeyError, AttributeError, nbformat.ValidationError) as error:
        raise CourseError(f"{show_path(path)} is not a notebook: {error}") from None


@contextlib.contextmanager
def scratch_folder(course, purpose):
    """Yield a new folder inside the course (so that it can be renamed), deleted at the end."""
    with tempfile.TemporaryDirectory(prefix=f".{purpose}-", dir=course.root) as folder:
        yield Path(folder)
