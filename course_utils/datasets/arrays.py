"""Arrays that no cell can change, so that a later cell computes with the same numbers."""

import numpy as np


def read_only(values, dtype=float):
    """Return a copy of ``values`` as an array that cannot be written to."""
    array = np.array(values, dtype=dtype)
    array.setflags(write=False)
    return array
