"""nbgrader's step for test cells that cannot be decided: they wait for a person.

Named in ``nbgrader_config.py`` behind ``ExecuteSubmission``. Which cells these are is settled by
the source alone (``source_check.py``). Where ``course.toml`` names such a cell under
``stock_trust``, the notebook is run once more in an ordinary kernel, tests beside answers as with
nbgrader, and the cell's outputs are taken from there.
"""

import copy
from pathlib import Path

from nbformat.v4 import new_output
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor

from course_utils.staff.course import CONFIG_NAME, Course
from course_utils.staff.grading import event_log, source_check
from course_utils.staff.grading.as_given import is_as_given
from course_utils.staff.grading.execute import ExecuteSubmission
from course_utils.staff.grading.follow_through import CARRIED
from course_utils.staff.grading.run.cell_plan import names_of
from course_utils.staff.grading.run.failures import Failure

# nothing of the rule: it may quote a hidden test
SENTENCE = "This cell cannot be decided by the computer: a person grades it.\n"
UNANSWERED = Failure("NotAnswered", "no answer that this cell tests has been changed")


class LeaveUndecided(NbGraderPreprocessor):
    """Takes outputs that decide nothing out of a graded notebook, and notes who decides.

    ``metadata.course.waits`` then maps the cells that wait for a person to the reason,
    ``metadata.course.stock_trust`` lists those that an ordinary kernel has decided, and
    ``metadata.course.failing`` those that the source's own answers do not pass.
    """

    def __init__(self, **options):
        super().__init__(**options)
        self._known = {}

    def preprocess(self, nb, resources):
        """Return the notebook with the outputs of such cells replaced."""
        names = resources["nbgrader"]
        key = names["assignment"], names["notebook"]
        if key not in self._known:
            self._known[key] = self._find(*key)
        waiting, trusted, failing = self._known[key]
        note = nb.metadata.setdefault(event_log.KEY, {"events": []})
        # what such a test met in the sandbox decides nothing
        note["events"] = [
            event
            for event in note["events"]
            if event["kind"] != "not-plain" or event["cell"] not in {*waiting, *trusted}
        ]
        carried = note.get(CARRIED, {})
        for cell in carried.keys() & {*waiting, *trusted}:
            del carried[cell]
        if failing:
            note["failing"] = failing
        if trusted:
            self._run_beside_the_answers(nb, resources, trusted)
            note |= {"stock_trust": sorted(trusted), "isolation": "none"}
        if waiting:
            note["waits"] = _leave_to_a_person(nb, waiting)
        return nb, resources

    def _find(self, assignment, notebook):
        """The cells that wait, with the reason; those at stock's trust; those that fail."""
        coursedir = getattr(getattr(self.parent, "parent", None), "coursedir", None)
        if coursedir is None or not Path(coursedir.root, CONFIG_NAME).is_file():
            return {}, set(), []
        course = Course(Path(coursedir.root))
        found = [f for f in source_check.find(course, assignment) if f.notebook == notebook]
        failing = [finding.cell for finding in found if not finding.is_undecidable]
        waiting = {finding.cell: finding.why for finding in found if finding.is_undecidable}
        if not waiting:
            return {}, set(), failing
        trusted = waiting.keys() & course.settings().stock_trust.get(assignment, ())
        waiting = {cell: why for cell, why in waiting.items() if cell not in trusted}
        return waiting, trusted, failing

    def _run_beside_the_answers(self, nb, resources, cells):
        beside = copy.deepcopy(nb)
        beside.metadata[event_log.KEY]["events"] = []
        step = ExecuteSubmission(parent=self.parent)
        beside, _ = step.run_in_kernel(beside, resources)
        for cell, other in zip(nb.cells, beside.cells, strict=True):
            if _name(cell) in cells:
                cell.outputs = other.outputs
        for event in event_log.events(beside):
            if event["cell"] in cells:
                event_log.add_event(nb, event["kind"], event["cell"])


def _leave_to_a_person(nb, waiting):
    """Replace the outputs of cells; return those that wait, as ``waiting``."""
    left, answers, defined_elsewhere = {}, [], set()
    for cell in nb.cells:
        if cell.cell_type != "code":
            continue
        defines, uses = names_of(cell.source)
        if utils.is_solution(cell):
            answers.append((defines, not is_as_given(cell)))
        elif not utils.is_grade(cell) and not utils.is_locked(cell):
            defined_elsewhere |= defines
        name = _name(cell)
        if name not in waiting:
            continue
        if uses & defined_elsewhere or _is_answered(answers, uses):
            left[name] = waiting[name]
            cell.outputs = [new_output("stream", name="stdout", text=SENTENCE)]
        else:  # as nbgrader scores a written answer that is blank
            cell.outputs = [new_output("error", **UNANSWERED.as_error())]
    return left


def _is_answered(answers, names):
    """Whether somebody has worked on what a test is about.

    Parameters
    ----------
    answers : list of (frozenset of str, bool)
        What each answer cell above the test defines, and whether it is changed. One that is
        changed and cannot be read may be about anything.
    names : frozenset of str
        What the test uses.
    """
    about = [changed for defines, changed in answers if defines & names or changed and not defines]
    return any(about or (changed for _, changed in answers))


def _name(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")
