"""What a test cell calls to look at a student's work.

Each function shows a small card (plain text outside Jupyter); where the work is not right it
raises ``CheckFailed``. In visible cells use ``close``, ``equal``, ``shape`` and ``raises``, and ask
``needs`` first where a task takes an optional package; ``with explaining():`` around them shows a
card for two errors that a check cannot see. In hidden cells use ``agrees``, which
compares a function with a reference on many inputs and names a known mistake, ``keeps_contract``
for what a docstring promises beside the numbers, ``accepts`` where only errors are at stake,
``is_right`` for an answer in a variable, and ``forbids`` for tasks that are to be done by hand.

A verdict rests on plain data alone: whatever the student's code returns is first copied into
numbers, strings, lists, dicts and exact NumPy arrays, so that no ``__eq__``, array subclass or
patched ``numpy.testing`` has a say. In one process with the student's code this is best effort:
code that rewrites this package itself cannot be stopped from within.
"""

from course_utils.check.agreement import agrees, is_right
from course_utils.check.cases import case, rng
from course_utils.check.contract import accepts, keeps_contract
from course_utils.check.explaining import explaining
from course_utils.check.forbidden import CONVOLUTION_LIBRARIES, forbids
from course_utils.check.needs import needs
from course_utils.check.verdict import CheckFailed
from course_utils.check.visible import close, equal, raises, shape

__all__ = [
    "CONVOLUTION_LIBRARIES",
    "CheckFailed",
    "accepts",
    "agrees",
    "case",
    "close",
    "equal",
    "explaining",
    "forbids",
    "is_right",
    "keeps_contract",
    "needs",
    "raises",
    "rng",
    "shape",
]
