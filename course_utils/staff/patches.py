"""Every change that is made to a library while it runs: what, why, and what upstream knows of it.

Each is a context manager or a function, undone as soon as it has served. Nothing of a library is
copied. The sandbox's shell makes its own arrangements with IPython in the process of student code
(``sandbox/shell.py``, by subclassing).
"""

import contextlib
import logging
import sys
import warnings

import course_utils.staff.light_jsonschema  # noqa: F401  another change, before what it is about

from nbformat.json_compat import FastJsonSchemaValidator
from nbformat.v4 import nbbase
from nbgrader.api import Gradebook
from nbgrader.nbgraderformat import ValidationError
from nbgrader.nbgraderformat import common as metadata_format
from sqlalchemy.exc import SAWarning


@contextlib.contextmanager
def one_gradebook(book, db_url, steps):
    """Have nbgrader's code use ``book`` wherever it would open the gradebook of ``db_url``.

    nbgrader 0.9.6 opens the gradebook anew in every step of every notebook, which takes longer than
    the steps themselves (nbgrader #560 met the connections that this leaves; grading without a
    gradebook, #661, was never added). The name ``Gradebook`` gets another meaning in the modules
    that define ``steps``, for the time being. Not for use in several threads.

    Parameters
    ----------
    book : AssignmentView or Ledger
    db_url : str
    steps : iterable of objects
        Converter and preprocessors.
    """

    def open_gradebook(url, *arguments, **options):
        return book if url == db_url else Gradebook(url, *arguments, **options)

    modules = {sys.modules[kind.__module__] for step in steps for kind in type(step).__mro__}
    with contextlib.ExitStack() as stack:
        for module in modules - {sys.modules[type(book).__module__]}:
            if getattr(module, "Gradebook", None) is Gradebook:
                stack.callback(setattr, module, "Gradebook", Gradebook)
                module.Gradebook = open_gradebook
        stack.enter_context(_quick_metadata_schema())
        yield


@contextlib.contextmanager
def _quick_metadata_schema():
    """Have nbgrader check each cell's metadata by a compiled schema.

    ``jsonschema.validate`` checks the schema itself first, for every cell; nbformat compiles its
    own for the same reason (nbformat #190).
    """
    metadata_format.jsonschema = _QUICK
    try:
        yield
    finally:
        metadata_format.jsonschema = _JSONSCHEMA


class _QuickSchema:
    """``jsonschema.validate`` for one schema many times."""

    def __init__(self):
        self._schema = self._validator = None

    def validate(self, instance, schema):
        """Raise jsonschema's own error where ``instance`` does not fit."""
        if schema != self._schema:
            self._schema, self._validator = schema, FastJsonSchemaValidator(schema)
        try:
            self._validator.validate(instance)
        except ValidationError:
            _JSONSCHEMA.validate(instance, schema)


_JSONSCHEMA = metadata_format.jsonschema
_QUICK = _QuickSchema()


@contextlib.contextmanager
def validated_as_a_whole():
    """Have nbformat make new cells and outputs without validating each: it takes longer than all.

    Whoever uses this has to validate the notebook afterwards. (nbformat #190 is about the cost of
    validating; that ``new_code_cell`` and ``new_output`` validate what they make has no issue.)
    """
    validate = nbbase.validate
    nbbase.validate = lambda node, ref=None: None
    try:
        yield
    finally:
        nbbase.validate = validate


@contextlib.contextmanager
def without_commits(session):
    """Have a session's commits wait for one that the caller makes.

    nbgrader's ``SaveAutoGrades`` commits after every cell, seconds for a long notebook, and leaves
    grades old and new where it breaks off half-way (no issue upstream).
    """
    session.commit = _nothing
    try:
        yield
    finally:
        del session.commit


def quiet_nbgrader():
    """Keep what nbgrader logs, and one harmless warning, off the screen.

    What it logs reaches us in the result of each call.
    """
    logging.getLogger("traitlets").propagate = False
    quiet_sqlalchemy()


def quiet_sqlalchemy():
    """Keep off the screen what SQLAlchemy 2 says of how nbgrader 0.9.6 creates a submission.

    It warns of the order (no issue upstream; the rows are right).
    """
    warnings.filterwarnings("ignore", "Object of type .* not in session", SAWarning)


def _nothing():
    """Do nothing."""
