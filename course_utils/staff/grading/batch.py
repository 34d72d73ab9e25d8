"""nbgrader's `Autograde`, cut in two where the student's code runs.

`Batch.prepare` and `Batch.record` do for one submission what nbgrader's converter does before and
after its ``Execute`` step, with the preprocessors that ``nbgrader_config.py`` names. What lies
between them, running the notebooks, can then happen anywhere, many at once.

A submission becomes visible as a whole: its folder is made in ``autograded/.in-progress/`` and
moved from there, its grades are saved in one transaction.
"""

import contextlib
import json
import logging
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from nbconvert.exporters import NotebookExporter
from nbconvert.writers import FilesWriter
from nbformat.v4.rwbase import strip_transient
from nbgrader.converters import Autograde
from nbgrader.utils import chdir

from course_utils.staff.grading.execute import RESULT, SECRET
from course_utils.staff.grading.ledger import AssignmentView
from course_utils.staff.grading.prepare.intake import stage
from course_utils.staff.grading.prepare.restore import NOTED
from course_utils.staff.patches import one_gradebook, validated_as_a_whole

IN_PROGRESS = ".in-progress"
# How notebooks know that they are being graded.
EXECUTION = "NBGRADER_EXECUTION"

_log = logging.getLogger("course_utils.staff.grading")
_log.addHandler(logging.NullHandler())
_log.propagate = False


@dataclass
class Prepared:
    """A submission between the two halves.

    Attributes
    ----------
    assignment, student : str
    notebooks : dict of str to (NotebookNode, resources)
        By path of the file that was taken in.
    jobs : dict of str to Job
        What to run, by the same path.
    """

    assignment: str
    student: str
    notebooks: dict
    jobs: dict


class Batch(Autograde):
    """Grades submissions one after the other, without their code.

    Parameters
    ----------
    nbgrader : NbGraderAPI
    ledger : Ledger
        Open; this object is the only one to write to it.
    secret : bytes
        Of the course.
    """

    def __init__(self, nbgrader, ledger, secret, **options):
        super().__init__(coursedir=nbgrader.coursedir, parent=nbgrader, log=_log, **options)
        self._ledger, self.secret = ledger, secret
        self._views = {}
        self._is_in_place = False
        self._in_progress = os.path.join(self.coursedir.autograded_directory, IN_PROGRESS)
        # what nbgrader reads is what was taken in, not what lies in the student's folder
        self.coursedir.submitted_directory = os.path.join(self._in_progress, "submitted")
        self.writer = FilesWriter(parent=self, config=self.config)
        self.exporter = _StepsOnly(parent=self, config=self.config)
        self._steps_before = self._configured_steps(sanitizing=True)
        self._steps_after = self._configured_steps(sanitizing=False)
        self._runner = next((step for step in self._steps_after if _runs_elsewhere(step)), None)

    def _configured_steps(self, sanitizing):
        """The preprocessors of one of the two passes that nbgrader's converter makes."""
        self._sanitizing = sanitizing
        self._init_preprocessors()
        return self.exporter._preprocessors

    def __enter__(self):
        self._environment = os.environ.get(EXECUTION)
        os.environ[EXECUTION] = "autograde"
        self._clear()
        return self

    def __exit__(self, *_):
        self._clear()
        if self._environment is None:
            del os.environ[EXECUTION]
        else:
            os.environ[EXECUTION] = self._environment

    @property
    def _output_directory(self):
        """Where nbgrader's code puts the submission at hand."""
        if self._is_in_place:
            return self.coursedir.autograded_directory
        return os.path.join(self._in_progress, "autograded")

    def prepare(self, assignment, student, intake):
        """Bring a submission into the assignment's shape.

        Parameters
        ----------
        intake : Intake
            Without a problem.

        Returns
        -------
        Prepared
        """
        if assignment not in self._views:
            self._views[assignment] = AssignmentView(self._ledger, assignment)
        self._work_aside()
        folder = Path(self._format_source(assignment, student))
        stage(intake, folder)
        self.notebooks = [str(folder / name) for name in sorted(intake.notebooks)]
        prepared = Prepared(assignment, student, {}, {})
        with self._working_with(self._views[assignment], self._steps_before):
            self.run_pre_convert_hook()
            self.init_assignment(assignment, student)
            for path in self.notebooks:
                name = os.path.basename(path)
                resources = self.init_single_notebook_resources(path)
                resources[NOTED], resources[SECRET] = intake.events, self.secret
                resources["metadata"] = {
                    "name": name.removesuffix(".ipynb"),
                    "path": self._format_dest(assignment, student),
                }
                nb, resources = self.exporter.apply(
                    self._steps_before, intake.notebooks[name], resources
                )
                prepared.notebooks[path] = nb, resources
                if self._runner:
                    prepared.jobs[path] = self._runner.job_for(nb, resources)
        return prepared

    def record(self, prepared, results):
        """Enter a submission's grades, as a part of the ledger's transaction, and write its files.

        Parameters
        ----------
        prepared : Prepared
        results : dict of str to RunResult
            By path, as ``prepared.jobs``.

        Returns
        -------
        list of NotebookNode
            The graded notebooks.
        """
        assignment, student = prepared.assignment, prepared.student
        self._work_aside()
        graded = []
        with self._working_with(self._ledger, self._steps_after):
            self.notebooks = list(prepared.notebooks)
            self.init_assignment(assignment, student)
            for path, (nb, resources) in prepared.notebooks.items():
                if path in results:
                    resources[RESULT] = results[path]
                nb, resources = self.exporter.apply(self._steps_after, nb, resources)
                self.exporter.validate(nb)
                self.write_single_notebook(notebook_text(nb), resources)
                graded.append(nb)
            self._put_in_place(assignment, student)
            self.set_permissions(assignment, student)
            self.run_post_convert_hook()
        self.discard(assignment, student)
        return graded

    def discard(self, assignment, student):
        """Remove what was made of a submission on the way."""
        self._work_aside()
        for form in (self._format_source, self._format_dest):
            folder = Path(form(assignment, student))
            shutil.rmtree(folder, ignore_errors=True)
            with contextlib.suppress(OSError):
                folder.parent.rmdir()

    def _work_aside(self):
        """Have nbgrader's code read and write below ``IN_PROGRESS``, as in its first pass."""
        self._sanitizing, self._is_in_place = True, False

    def _clear(self):
        """Remove what this run, or an interrupted one, left unfinished."""
        folder = os.path.normpath(self.coursedir.format_path(self._in_progress, ".", "."))
        shutil.rmtree(folder, ignore_errors=True)

    def _put_in_place(self, assignment, student):
        made = Path(self._format_dest(assignment, student))
        self._is_in_place = True
        place = Path(self._format_dest(assignment, student))
        shutil.rmtree(place, ignore_errors=True)
        place.parent.mkdir(parents=True, exist_ok=True)
        made.rename(place)

    @contextlib.contextmanager
    def _working_with(self, book, steps):
        with (
            one_gradebook(book, self.coursedir.db_url, [self, *steps]),
            validated_as_a_whole(),
            chdir(self.coursedir.root),
        ):
            yield


class _StepsOnly(NotebookExporter):
    """Applies preprocessors to the notebook itself.

    nbconvert copies the notebook twice and validates it after each step; that it is validated
    before it is written is enough here.
    """

    def apply(self, steps, nb, resources):
        """Return the notebook, changed, and the resources."""
        resources = self._init_resources(resources)
        for step in steps:
            nb, resources = step(nb, resources)
        return nb, resources

    def validate(self, nb):
        """Raise nbformat's error where a notebook is not one."""
        self._validate_preprocessor(nb, "all steps")


def notebook_text(nb):
    """Return the text of a notebook's file.

    Compact, where nbformat would lay it out for people, one line of a text to a line of the file:
    that takes ten times as long as writing it.
    """
    return json.dumps(strip_transient(nb), ensure_ascii=False, sort_keys=True) + "\n"


def _runs_elsewhere(step):
    """Tell whether a step makes jobs of notebooks; kernels run them as they are recorded."""
    return hasattr(step, "job_for") and step.room != "kernel"
