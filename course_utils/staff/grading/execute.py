"""nbgrader's seam: in the place of its ``Execute`` stands the run room.

Named in ``nbgrader_config.py``, so that ``nbgrader autograde``, the formgrader's button and
``course autograde`` go the same way. Outputs, execution counts and written files are taken from the
run, never a cell's source or metadata.
"""

import sys
from pathlib import Path

from traitlets import Enum, Integer

from course_utils.sandbox.isolation import LEVELS
from course_utils.staff.grading import event_log, seeds
from course_utils.staff.grading.job import NotebookLimits
from course_utils.staff.grading.prepare.make_job import job_for
from course_utils.staff.grading.record.merge import limit_outputs, merge, write_files
from course_utils.staff.grading.run import run_room
from course_utils.staff.grading.run.jupyter_kernel import ExecuteInKernel

RESULT = "course_run"  # where a finished RunResult may wait in `resources`


class ExecuteSubmission(ExecuteInKernel):
    """Runs a submission's notebook in the run room (see ``docs/engine.md``)."""

    memory = Integer(2048, help="MiB that a notebook may use beyond what the libraries take.").tag(
        config=True
    )

    require_isolation = Enum(
        LEVELS,
        "none",
        help="Grade only where student code is isolated at least this much.",
    ).tag(config=True)

    room = Enum(
        ("sandbox", "kernel"),
        "sandbox" if sys.platform == "linux" else "kernel",
        help="Where notebooks run: the sandbox, or an ordinary kernel that isolates nothing.",
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
        """Run every cell of ``nb``, note seed, isolation and events in its metadata."""
        if self.room == "kernel" or not _is_python(nb):
            if _folder(
                resources
            ):  # the kernel works in it; so far it is there with other files only
                _folder(resources).mkdir(parents=True, exist_ok=True)
            nb, resources = super().preprocess(nb, resources, km)
            limit_outputs(nb)
            nb.metadata[event_log.KEY]["isolation"] = "none"
            return nb, resources
        result = resources.pop(RESULT, None) or run_room.run_notebook(self.job_for(nb, resources))
        names = resources["nbgrader"]
        note = nb.metadata.setdefault(event_log.KEY, {"events": []})
        note["seed"] = seeds.student_seed(names["assignment"], names["student"])
        merge(self, nb, result)
        write_files(_folder(resources), result.files)
        return nb, resources

    def job_for(self, nb, resources):
        """Return the ``Job`` that runs a notebook which the prepare room has restored."""
        names = resources["nbgrader"]
        return job_for(
            nb,
            seed=seeds.student_seed(names["assignment"], names["student"]),
            limits=NotebookLimits(
                self.timeout or 0,
                self.notebook_timeout,
                self.later_timeout or max(1, (self.timeout or 0) // 5),
                self.memory,
            ),
            folder=_folder(resources),
            source_folder=self._source_folder(names),
            source_name=f"{names['notebook']}.ipynb",
            require=self.require_isolation,
        )

    def _source_folder(self, names):
        coursedir = getattr(getattr(self.parent, "parent", None), "coursedir", None)
        if coursedir is None:
            return None
        return Path(coursedir.format_path(coursedir.source_directory, ".", names["assignment"]))


def _is_python(nb):
    language = nb.metadata.get("kernelspec", {}).get("language", "python")
    return str(language).lower() in ("python", "")


def _folder(resources):
    path = resources.get("metadata", {}).get("path")
    return Path(path) if path else None
