"""A student's function that lives in another process.

While the course is graded, student code runs in a process of its own; a test cell then holds a
proxy of each of the student's functions. In a student's own Jupyter there are none. What a check
needs to ask of such a function, beyond calling it with plain data, stands here.
"""

is_quiet = False  # a check is keeping warnings away, in the student's process too


class RemoteFunction:
    """The proxy of a student's function: call it with plain data, get plain data."""

    def __call__(self, *args, **kwargs):
        """Call the function; what it raises is raised here, as its nearest built-in type."""
        raise NotImplementedError

    def call_each(self, cases):
        """Call the function on every case; yield each result, or the exception it raised.

        At the price of one call: most of what a call costs is waiting for the other process.

        Parameters
        ----------
        cases : list of Case

        Yields
        ------
        tuple
            Result and None, or None and an ``Exception`` or ``SystemExit``.
        """
        raise NotImplementedError

    def with_arguments(self, *args, **kwargs):
        """Call the function; return its result, and ``args`` and ``kwargs`` as it left them."""
        raise NotImplementedError

    def find_forbidden(self, names, cases):
        """Return the first of the forbidden ``names`` that it uses, or None; see ``forbids``."""
        raise NotImplementedError


def with_arguments(function):
    """Return a function that gives ``(result, args, kwargs)``, arguments as the call left them.

    For tests of what may not be changed in place: calling ``function`` itself does not tell,
    because while grading it works on copies of its arguments.
    """
    if isinstance(function, RemoteFunction):
        return function.with_arguments

    def call(*args, **kwargs):
        return function(*args, **kwargs), args, kwargs

    call.__name__ = getattr(function, "__name__", "function")
    return call
