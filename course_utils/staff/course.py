"""Where a course is, what is in it, and nbgrader set up for it."""

import contextlib
import functools
import os
import re
import tempfile
import traceback
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from course_utils.staff.engine import LATE_POLICY, missing_steps
from course_utils.staff.names import show_name, show_path
from course_utils.staff.patches import quiet_nbgrader
from course_utils.staff.settings import FILE_NAME, Settings, SettingsError, read_settings

CONFIG_NAME = "nbgrader_config.py"
_SQLITE = "sqlite:///"
_PATTERN_SIGNS = set("*?[")  # in a database's address, what follows a ? is not of its path
_EXCEPTION = re.compile(
    r"^ *(?:\w+\.)*((?!NbGrader)\w+(?:Error|Exception|Entry): .+)$", re.MULTILINE
)


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

    def folder(self, step="", student="", assignment=""):
        """Return the path of ``source``, ``release``, ``submitted``, ``autograded``, ….

        ``source`` and ``release`` have no student; the course's own folder has no step either.
        """
        directory = self._directory
        name = getattr(directory, f"{step}_directory", step)
        return Path(directory.root, name, student, assignment)

    @property
    def gradebook_file(self):
        """The database with grades, and with what became of each submission."""
        return Path(self._directory.db_url.removeprefix(_SQLITE))

    @functools.cached_property
    def _directory(self):
        """Where nbgrader keeps things, as ``nbgrader_config.py`` says."""
        return CourseDirectory(config=self.config())

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
        """Return the content of ``course.toml``; of a course that uses none, empty settings.

        Lateness is left out where ``nbgrader_config.py`` names another plugin for it.
        """
        plugin = self.config().AssignLatePenalties.get("plugin_class")
        if plugin != LATE_POLICY and not (self.root / FILE_NAME).exists():
            return Settings(late=None, due={})
        try:
            settings = read_settings(self.root / FILE_NAME, self.assignments())
        except SettingsError as error:
            raise CourseError(str(error)) from None
        return settings if plugin in (None, LATE_POLICY) else replace(settings, late=None)

    def config(self):
        """Return what ``nbgrader_config.py`` says, with the course's folder and database named.

        Raises
        ------
        CourseError
            It does not run, or says something about the course's folders or database that cannot
            be followed.
        """
        config = Config()
        if (self.root / CONFIG_NAME).exists():
            try:
                config = PyFileConfigLoader(CONFIG_NAME, path=str(self.root)).load_config()
            except (Exception, SystemExit) as error:
                raise CourseError(_fault_in(self.root / CONFIG_NAME, error)) from None
        named = config.CourseDirectory
        structure = CourseDirectory.directory_structure.default_value
        if named.get("directory_structure", structure) != structure:
            raise CourseError(
                f"{CONFIG_NAME}: c.CourseDirectory.directory_structure is "
                f"{named.directory_structure!r}; expected {structure!r}, as it is by default"
            )
        root = named.get("root", "")
        if not isinstance(root, str | os.PathLike):
            raise CourseError(f"{CONFIG_NAME}: c.CourseDirectory.root is {root!r}; expected a path")
        named.root = os.path.abspath(self.root / root)
        for sign in _PATTERN_SIGNS & set(named.root):
            raise CourseError(
                f"the course's folder is {show_path(named.root)}: nbgrader takes {sign} in a path "
                "for a pattern of file names; rename that folder, or move the course"
            )
        named.db_url = f"{_SQLITE}{self.root / _database(named)}"
        return config

    def check_engine(self):
        """Raise a CourseError where ``nbgrader_config.py`` does not use this engine."""
        missing = missing_steps(self.config())
        if missing:
            raise CourseError(
                f"{show_path(self.root / CONFIG_NAME)} does not use this engine (it lacks "
                f"{', '.join(missing)}), so nothing was graded. Add these lines to it:\n"
                "from course_utils.staff.engine import use_engine\n"
                "use_engine(c)\n"
                "docs/another_course.md says what else a course needs"
            )

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

    def lacks_gradebook(self):
        """Return what is wrong where there is no gradebook, such as "… is not there"."""
        path = self.gradebook_file
        if not path.exists():
            return f"{show_path(path)} is not there"
        return f"{show_path(path)} is empty" if path.is_file() and not path.stat().st_size else ""

    def check_gradebook(self, assignment):
        """Raise a CourseError where there is no gradebook, in place of making an empty one."""
        problem = self.lacks_gradebook()
        if problem:
            raise CourseError(
                f"{problem}: put it back, or, if nothing has been graded yet, run `course "
                f"autograde {show_name(assignment)}`"
            )

    def gradebook(self):
        """Return the gradebook, a context manager; it is made where there is none."""
        return Gradebook(self._directory.db_url, self._directory.course_id)


def _fault_in(path, error):
    """Return what went wrong in a configuration's file, and in which line."""
    steps = traceback.extract_tb(error.__traceback__)
    lines = [step.lineno for step in steps if step.filename == str(path)]
    if isinstance(error, SyntaxError) and error.filename == str(path):
        lines = [error.lineno]
    where = f"{show_path(path)}, line {lines[-1]}" if lines else show_path(path)
    return f"{where}: {type(error).__name__}: {show_name(' '.join(str(error).split()), 500)}"


def _database(named):
    """Return the path of the gradebook that nbgrader's configuration of the course names."""
    if not named.get("db_url"):
        return os.path.join(named.root, "gradebook.db")
    with contextlib.suppress(ArgumentError):
        url = make_url(named.db_url)
        if url.drivername == "sqlite" and url.database not in (None, "", ":memory:"):
            return url.database
    raise CourseError(
        f"{CONFIG_NAME}: c.CourseDirectory.db_url is {named.db_url!r}; expected the file of an "
        "SQLite database, such as 'sqlite:////home/me/gradebook.db'"
    )


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
    with tempfile.TemporaryDirectory(prefix=f".{purpose}-", dir=course.folder()) as folder:
        yield Path(folder)
