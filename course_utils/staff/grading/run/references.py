"""Functions of the source's own answers, which stand in for a student's in a second try.

They run here, in the checker; the student's process sees what they return and nothing else.
"""

import contextlib
import io

from IPython.core.inputtransformer2 import TransformerManager

from course_utils.check.agreement import quiet, text_of
from course_utils.sandbox.wire import LONG_BYTES, Decoder, Encoder, WireError
from course_utils.staff.grading.event_log import exercise_of
from course_utils.staff.grading.job import SOLUTION

MOST_CALLS = 10_000  # in one cell; no answer in the course needs 2 000


class References:
    """Answers calls of the functions of some exercises.

    Parameters
    ----------
    plan : cell_plan.Plan
        Of the source, whose answers are trusted.
    """

    def __init__(self, plan):
        self._plan = plan
        self._functions = {}
        self._open = frozenset()
        self._calls = 0

    def add(self, exercise):
        """Make the functions of an exercise; return them by name.

        Raises
        ------
        Exception
            Whatever the source's cells raise.
        """
        cells = self._plan.cells
        own = [
            position
            for position, cell in enumerate(cells)
            if cell.role == SOLUTION and exercise_of(cell.grade_id) == exercise
        ]
        names = frozenset().union(*(cells[position].binds for position in own))
        namespace = {"__name__": "__main__"}
        with quiet(), contextlib.redirect_stdout(io.StringIO()):
            for position in self._plan.making(names, own[-1] + 1 if own else 0):
                source = TransformerManager().transform_cell(cells[position].source)
                exec(compile(source, f"<{cells[position].grade_id}>", "exec"), namespace)
        made = {name: namespace[name] for name in names if callable(namespace.get(name))}
        self._functions |= made
        return made

    def begin(self, names):
        """Begin a cell, in which these names may be called."""
        self._open, self._calls = frozenset(names), 0

    def answer(self, frame):
        """Return content and bytes of the reply to a call.

        Parameters
        ----------
        frame : Frame
            From the student's process.

        Raises
        ------
        WireError
            It is none of the frames that the process sends when nobody has meddled with it.
        """
        name, self._calls = frame.content["replaced"], self._calls + 1
        decoder = Decoder(frame.data, _refuse)
        try:
            if not isinstance(name, str) or name not in self._open:
                raise RuntimeError("this function cannot be called here")
            if self._calls > MOST_CALLS or len(frame.data) > LONG_BYTES:
                raise RuntimeError(f"{name} is called too often, or with too much")
            args = decoder.decode(frame.content.get("args"))
            kwargs = decoder.decode(frame.content.get("kwargs"))
            if type(args) is not tuple or type(kwargs) is not dict:
                raise WireError("arguments that are none")
            with quiet(), contextlib.redirect_stdout(io.StringIO()):
                encoder = Encoder(_refuse)
                node = encoder.encode(self._functions[name](*args, **kwargs))
            return {"value": node}, encoder.data
        except WireError:
            raise
        except Exception as error:
            return {"error": _built_in_type(error), "text": text_of(error)}, b""


def _refuse(value):
    raise TypeError("only numbers, texts, lists, dicts and arrays can be given to this function")


def _built_in_type(error):
    """The nearest built-in type that can be made of a text alone."""
    for kind in type(error).__mro__:
        if kind.__module__ == "builtins" and not issubclass(kind, (UnicodeError, ExceptionGroup)):
            return kind.__name__
    return "Exception"
