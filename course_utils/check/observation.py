"""Call a function, and see what it does with its arguments: where the function lives."""

import numpy as np


def observe(function, args, kwargs):
    """Call ``function`` and return ``[result, args, kwargs, is_view]``.

    Parameters
    ----------
    function : callable
    args, kwargs : tuple and dict
        Arguments that nobody else has; they are returned as the call left them. Read-only arrays
        are passed as views that are not contiguous, as which slices and transposed arrays come.

    Returns
    -------
    list
        ``is_view`` tells whether an array of the result lies in the memory of an argument.
    """
    args, kwargs = in_all(args, _as_slice), in_all(kwargs, _as_slice)
    result = function(*args, **kwargs)
    given = [*arrays_in(args), *arrays_in(kwargs)]
    is_view = any(np.may_share_memory(mine, one) for mine in arrays_in(result) for one in given)
    return [result, list(args), kwargs, is_view]


def in_all(value, change):
    """Return ``value``, its lists, tuples and dicts made anew, with ``change`` of every array."""
    if isinstance(value, np.ndarray):
        return change(value)
    if isinstance(value, (list, tuple)):
        return type(value)([in_all(entry, change) for entry in value])
    if isinstance(value, dict):
        return {key: in_all(entry, change) for key, entry in value.items()}
    return value


def arrays_in(value):
    """Yield every array in nested lists, tuples and dicts, in order."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, (list, tuple, dict)):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from arrays_in(entry)


def _as_slice(array):
    """A read-only array as a slice of another one; any other as it is."""
    if array.flags.writeable or not array.ndim:
        return array
    view = np.repeat(array, 2, axis=-1)[..., ::2]
    view.flags.writeable = False
    return view
