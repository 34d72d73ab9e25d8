"""A plugin in each of pytest's workers: nbgrader's tests meet the course's grading."""

import functools
import tempfile
import tomllib
import types
from pathlib import Path

import pytest
from nbgrader import api as gradebook
from nbgrader.apps import api, autogradeapp
from nbgrader.converters import Autograde
from nbgrader.preprocessors import OverwriteCells
from traitlets import List
from traitlets.config import PyFileConfigLoader

from course_utils.staff.grading.ledger import Ledger
from course_utils.staff.grading.prepare.restore import RestoreSubmission
from course_utils.staff.grading.record.save_grades import SaveGradesTogether
from course_utils.staff.grading.run import run_room

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
    """The course's `RestoreSubmission`, then `OverwriteCells`; the cells stay the same objects."""

    def preprocess(self, nb, resources):
        """Return the notebook as it would be run."""
        resources["metadata"] = {"path": "no-such-folder"}
        prepared, resources = RestoreSubmission().preprocess(nb, resources)
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


EXPECTED = tomllib.loads(Path(__file__).with_name("expected.toml").read_text(encoding="utf-8"))


def pytest_configure():
    """Replace the converter where nbgrader's programs look for it."""
    api.Autograde = autogradeapp.Autograde = course_autograde()
    # nbgrader starts a program for a second whenever a gradebook is made, to learn this
    gradebook.get_alembic_version = functools.cache(gradebook.get_alembic_version)


def pytest_collection_modifyitems(items):
    """Mark the tests that do not pass, strictly."""
    for item in items:
        if item.nodeid in EXPECTED["different"]:
            reason = EXPECTED["different"][item.nodeid]
            item.add_marker(pytest.mark.xfail(reason=reason, strict=True))


def pytest_collection_finish(session):
    """Replace the preprocessors that tests use directly."""
    for module in {item.module for item in session.items}:
        for name, replacement in IN_TESTS.items():
            if hasattr(module, name):
                setattr(module, name, replacement)
        if module.__name__.endswith("test_gradebook"):
            module.api = types.SimpleNamespace(**vars(module.api) | {"Gradebook": ledger})


def pytest_unconfigure():
    """End the run room's processes."""
    run_room.close()
