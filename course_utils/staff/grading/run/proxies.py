"""Proxies: what the checker has in the place of the student's functions and other objects.

A proxy tells nothing but what a check may ask: it can be called, or shown to be no plain data.
No operator, attribute or comparison of it reaches the student's code.
"""

import inspect
import sys

from course_utils.check.remote import RemoteFunction
from course_utils.staff.grading.run import forbidden_source

# `inspect` refuses it; with no signature at all it would take the one of `__call__`.
UNKNOWN_SIGNATURE = ()


class StudentObject:
    """The proxy of an object that is not plain data; its class has the object's name."""

    def __init__(self, student, handle):
        self._course_handle = handle
        self._student = student

    def __repr__(self):
        return f"<{type(self).__name__} object of the student>"

    def __bool__(self):
        return True

    def __getattr__(self, name):
        reason = f"attribute {name!r} of {self!r} is out of a test's reach while grading"
        if not name.startswith("_"):  # Python and its libraries try those
            self._student.refuse(reason)
        raise AttributeError(reason)


def _refused(operator):
    def refuse(self, *_):
        raise self._student.refuse(f"{self!r} has no {operator} while grading: it is no plain data")

    return refuse


_ARITHMETIC = (
    *("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "divmod", "pow"),
    *("lshift", "rshift", "and", "xor", "or"),
)
for _name in (
    *_ARITHMETIC,
    *(f"r{name}" for name in _ARITHMETIC),
    *("abs", "float", "index", "int", "invert", "neg", "pos", "round", "ge", "gt", "le", "lt"),
    *("contains", "delitem", "getitem", "iter", "len", "next", "setitem", "enter", "exit"),
):
    setattr(StudentObject, f"__{_name}__", _refused(f"__{_name}__"))


class StudentFunction(StudentObject, RemoteFunction):
    """The proxy of a student's function, or anything else that can be called.

    ``course_variable`` is the student's variable that it was looked up by.
    """

    course_variable = None

    def __init__(self, student, handle):
        super().__init__(student, handle)
        if handle.name:  # an object with a `__call__` of its own has none
            self.__name__ = self.__qualname__ = handle.name
        self.__module__ = "__main__"
        self.__doc__ = None
        self.__signature__ = _signature(handle.parameters)

    def __call__(self, *args, **kwargs):
        """Call the student's function with copies of the arguments, read-only where these are."""
        __tracebackhide__ = True
        return self._student.call(self._course_handle, args, kwargs, show)

    def call_each(self, cases, observed=False):
        """Call it on copies of every case's arguments; yield results and errors."""
        return self._student.call_each(self._course_handle, cases, show, observed)

    def find_forbidden(self, names, cases):
        """Read the student's cells here, and try the function without the libraries.

        Where that cannot be tried, the student's process is asked with the eyes that a student's
        own Jupyter has, and could lie.
        """
        student, by_hand = self._student, self._student.by_hand
        written = forbidden_source.find(
            getattr(self, "__name__", ""), student.sources, names, student.replaced
        )
        if by_hand and self.course_variable and by_hand.decides(names):
            return written or by_hand.find(self.course_variable, self, student.sources, cases)
        return student.find_forbidden(self._course_handle, names, cases) or written


def proxy(student, handle):
    """Return the proxy of what a handle names."""
    base = StudentFunction if handle.is_callable else StudentObject
    name = handle.type_name or "object"
    return type(name, (base,), {})(student, handle)


def show(kind, content):
    """Show here what student code shows while a test calls it: text and pictures only."""
    from IPython import get_ipython

    shell = get_ipython()
    if getattr(shell, "is_quiet", False):
        return
    if kind == "stream":
        # standard error of the test itself: `check` may have turned it away for the moment
        (sys.stderr if content["name"] == "stderr" else sys.stdout).write(content["text"])
    elif kind == "display_data":
        shell.send(kind, content)


def _signature(parameters):
    if parameters is None:
        return UNKNOWN_SIGNATURE
    try:
        return inspect.Signature(
            inspect.Parameter(name, kind, default=None if has_default else inspect.Parameter.empty)
            for name, kind, has_default in parameters
        )
    except ValueError:  # names twice, or in an order that no function has
        return UNKNOWN_SIGNATURE
