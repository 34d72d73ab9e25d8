"""A pytest plugin: nbgrader's tests meet the course's grading in the place of nbgrader's."""

import tempfile
import types
from pathlib import Path

import pytest
from nbgrader.apps import api, autogradeapp
from nbgrader.converters import Autograde
from nbgrader.preprocessors import OverwriteCells
from traitlets import List
from traitlets.config import PyFileConfigLoader

from course_utils.grading import run
from course_utils.grading.ledger import Ledger
from course_utils.grading.prepare import PrepareSubmission
from course_utils.grading.save_grades import SaveGradesTogether

REPOSITORY = Path(__file__).resolve().parents[2]
STEPS = ("sanitize_preprocessors", "autograde_preprocessors")


def course_autograde():
    """Return nbgrader's ``Autograde`` with the steps of ``nbgrader_config.py`` by default.

    As defaults and not as configuration: nbgrader's tests bring their own configuration, which
    has to go before them.
    """
    config = PyFileConfigLoader("nbgrader_config.py", str(REPOSITORY)).load_config()
    steps = {name: List(config.Autograde[name]).tag(config=True) for name in STEPS}
    return type("Autograde", (Autograde,), steps)


class PrepareAndOverwrite(OverwriteCells):
    """The course's `PrepareSubmission`, then `OverwriteCells`; the cells stay the same objects."""

    def preprocess(self, nb, resources):
        """Return the notebook as it would be run."""
        resources["metadata"] = {"path": "no-such-folder"}
        prepared, resources = PrepareSubmission().preprocess(nb, resources)
        prepared, resources = super().preprocess(prepared, resources)
        given = {cell.id: cell for cell in nb.cells}
        for place, made in enumerate(prepared.cells):
            if made.id in given:
                cell = prepared.cells[place] = given[made.id]
                cell.clear()
                cell.update(made)
        nb.cells = prepared.cells
        return nb, resources


def ledger(db_url, course_id="default_course"):
    """Return a `Ledger` that saves at once: nbgrader's tests know nothing of its transactions."""
    if ":memory:" in db_url:  # it connects more than once
        db_url = f"sqlite:///{tempfile.mkdtemp()}/gradebook.db"
    book = Ledger(db_url, course_id)
    book.db.commit = lambda: book.db().commit()
    return book


# in the modules of tests, what stands for a name of nbgrader's
IN_TESTS = {"SaveAutoGrades": SaveGradesTogether, "OverwriteCells": PrepareAndOverwrite}


class CourseEngine:
    """Puts the course's classes in the place of nbgrader's.

    Parameters
    ----------
    different : dict of str to str
        Tests that do not pass with them, and why.
    """

    def __init__(self, different):
        self._different = different

    def pytest_configure(self):
        """Replace the converter where nbgrader's programs look for it."""
        api.Autograde = autogradeapp.Autograde = course_autograde()

    def pytest_collection_modifyitems(self, items):
        """Mark the tests that do not pass, strictly."""
        for item in items:
            if item.nodeid in self._different:
                reason = self._different[item.nodeid]
                item.add_marker(pytest.mark.xfail(reason=reason, strict=True))

    def pytest_collection_finish(self, session):
        """Replace the preprocessors that tests use directly."""
        for module in {item.module for item in session.items}:
            for name, replacement in IN_TESTS.items():
                if hasattr(module, name):
                    setattr(module, name, replacement)
            if module.__name__.endswith("test_gradebook"):
                module.api = types.SimpleNamespace(**vars(module.api) | {"Gradebook": ledger})

    def pytest_unconfigure(self):
        """End the run room's processes."""
        run.close()
