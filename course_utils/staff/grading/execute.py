"""nbgrader's seam: in the place of its ``Execute`` stands the run room.

Named in ``nbgrader_config.py``, so that ``nbgrader autograde``, the formgrader's button and
``course autograde`` go the same way. Outputs, execution counts and written files are taken from the
run, never a cell's source or metadata.
"""

import functools
import sys
from pathlib import Path

from traitlets import Bool, Enum, Integer, Unicode

from course_utils.sandbox.isolation import LEVELS
from course_utils.staff.grading import event_log, seeds
from course_utils.staff.grading.job import NotebookLimits
from course_utils.staff.grading.prepare.handed_out import declared_in, source_folder
from course_utils.staff.grading.prepare.make_job import job_for
from course_utils.staff.grading.record.carried import carry
from course_utils.staff.grading.record.merge import limit_outputs, merge, write_files
from course_utils.staff.grading.run import run_room
from course_utils.staff.grading.run.jupyter_kernel import ExecuteInKernel
from course_utils.staff.grading.secret import course_secret
from course_utils.staff.settings import read_settings

# what may wait in `resources`: a finished RunResult, and the secret of the course
RESULT = "course_run"
SECRET = "course_secret"
LEAST_MEMORY, MOST_MEMORY = 64, 2**24  # MiB for a notebook


class ExecuteSubmission(ExecuteInKernel):
    """Runs a submission's notebook in the run room (see ``docs/engine.md``)."""

    memory = Integer(
        2048,
        min=LEAST_MEMORY,
        max=MOST_MEMORY,
        help="MiB that a notebook may use beyond what the libraries take.",
    ).tag(config=True)

    require_isolation = Enum(
        LEVELS,
        "none",
        help="Grade only where student code is isolated at least this much.",
    ).tag(config=True)

    by_hand = Bool(
        True,
        help="Try what is to be done by hand in a second process, without the forbidden libraries. "
        "If False, calls are watched, which a student can evade.",
    ).tag(config=True)

    room = Enum(
        ("sandbox", "kernel"),
        "sandbox" if sys.platform == "linux" else "kernel",
        help="Where notebooks run: the sandbox, or an ordinary kernel that isolates nothing.",
    ).tag(config=True)

    course_file = Unicode(
        "",
        help="A course.toml, which says what follow-through credit is worth; without one, all.",
    ).tag(config=True)

    def __call__(self, nb, resources):
        """Run the notebook.

        Raises
        ------
        ValueError
            It is not to be run: there would be nothing to grade, because the outputs that a
            student's file brings along are not kept, and a test without an error is passed.
        """
        if not self.enabled:
            raise ValueError(
                "Execute.enabled is False (--no-execute), but grades come from running the "
                "notebook alone; expected True"
            )
        return super().__call__(nb, resources)

    def preprocess(self, nb, resources=None, km=None):
        """Run every cell of ``nb``, note isolation and events in its metadata."""
        if self.room == "kernel" or not is_python(nb):
            self.job_for(nb, resources)  # for its seed
            nb, resources = self.run_in_kernel(nb, resources)
            limit_outputs(nb)
            nb.metadata[event_log.KEY]["isolation"] = "none"
            return nb, resources
        result = resources.pop(RESULT, None) or run_room.run_notebook(self.job_for(nb, resources))
        merge(self, nb, result)
        if result.carried or result.still_wrong:
            declaration = self._declaration(resources["nbgrader"])
            carry(nb, result, self.follow_through_share(), declaration.adds)
        write_files(_folder(resources), result.files)
        return nb, resources

    def run_in_kernel(self, nb, resources):
        """Run every cell of ``nb`` in an ordinary kernel, whatever the room is."""
        if _folder(resources):  # the kernel works in it; so far it is there with other files only
            _folder(resources).mkdir(parents=True, exist_ok=True)
        return super().preprocess(nb, resources)

    def limits(self):
        """Return what a notebook may use, as ``NotebookLimits``."""
        return NotebookLimits(
            self.timeout or 0,
            self.notebook_timeout,
            self.later_timeout or max(1, (self.timeout or 0) // 5),
            self.memory,
        )

    def follow_through_share(self):
        """Return the share of its points that a carried test earns; 0: nothing is tried again."""
        if not self.course_file:
            return 1.0
        return read_settings(self.course_file).follow_through

    def _declaration(self, names):
        folder = source_folder(self, names["assignment"])
        return declared_in(folder and folder / f"{names['notebook']}.ipynb")

    def job_for(self, nb, resources):
        """Return the ``Job`` that runs a restored notebook; note the seed in its metadata."""
        names = resources["nbgrader"]
        secret = resources.get(SECRET) or course_secret(names["db_url"])
        job = job_for(
            nb,
            seed_of=functools.partial(seeds.seed_of, secret, names["assignment"], names["student"]),
            limits=self.limits(),
            folder=_folder(resources),
            source_folder=source_folder(self, names["assignment"]),
            source_name=f"{names['notebook']}.ipynb",
            require=self.require_isolation,
            by_hand=self.by_hand,
            rests_on=self.follow_through_share() and self._declaration(names).all_below(),
        )
        nb.metadata.setdefault(event_log.KEY, {"events": []})["seed"] = job.seed
        return job


def is_python(nb):
    """Tell whether a notebook says that it is Python's, or says nothing."""
    language = nb.metadata.get("kernelspec", {}).get("language", "python")
    return str(language).lower() in ("python", "")


def _folder(resources):
    path = resources.get("metadata", {}).get("path")
    return Path(path) if path else None
