"""What a student's function did to its arguments in place, done to the test's own objects.

The function had copies of them. A test that looks at its own list after the call sees what it would
see in Jupyter.
"""

import numpy as np

CHANGEABLE = (list, dict, set, bytearray, np.ndarray)


def can_change(values):
    """Whether some of the values, or what stands in them, can be changed in place."""
    for value in values:
        if isinstance(value, np.ndarray):
            if value.flags.writeable:
                return True
        elif isinstance(value, CHANGEABLE) or isinstance(value, tuple) and can_change(value):
            return True
    return False


def change(mine, theirs):
    """Change ``mine`` into what has become of its copy; what cannot be changed in place stays.

    Objects inside stay the same ones as long as they stand in the same place with the same type.
    """
    if type(mine) is not type(theirs):
        return
    if isinstance(mine, tuple):
        for own, other in zip(mine, theirs, strict=False):
            change(own, other)
    elif isinstance(mine, list):
        mine[:] = [
            _changed(mine[n], other) if n < len(mine) else other for n, other in enumerate(theirs)
        ]
    elif isinstance(mine, dict):
        changed = {
            key: _changed(mine[key], other) if key in mine else other
            for key, other in theirs.items()
        }
        mine.clear()
        mine.update(changed)
    elif isinstance(mine, set):
        mine.clear()
        mine.update(theirs)
    elif isinstance(mine, bytearray):
        mine[:] = theirs
    elif isinstance(mine, np.ndarray):
        fits = mine.shape == theirs.shape and mine.dtype == theirs.dtype
        if fits and mine.flags.writeable:
            mine[...] = theirs


def _changed(own, other):
    if type(own) is type(other) and isinstance(own, (*CHANGEABLE, tuple)):
        change(own, other)
        return own
    return other
