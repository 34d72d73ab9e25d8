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

    def call_each(self, cases, observed=False):
        """Call the function on every case; yield each result, or the exception it raised.

        At the price of one call: most of what a call costs is waiting for the other process.

        Parameters
        ----------
        cases : list of Case
        observed : bool
            Whether each result is what `observation.observe` tells of the call; read-only arrays
            then arrive as such.

        Yields
        ------
        tuple
            Result and None, or None and an ``Exception`` or ``SystemExit``.
        """
        raise NotImplementedError

    def find_forbidden(self, names, cases):
        """Return the first of the forbidden ``names`` that it uses, or None; see ``forbids``."""
        raise NotImplementedError
