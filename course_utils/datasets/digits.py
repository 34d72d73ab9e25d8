"""The 8×8 digits that scikit-learn brings along."""

import functools
import importlib.util
from pathlib import Path

import numpy as np

from course_utils.datasets.arrays import read_only


@functools.cache
def digits():
    """All digits, in the order of the file (writer after writer).

    Returns
    -------
    images : (1797, 8, 8) float64 array, read-only
        Ink from 0 to 16: how many of 4×4 finer pixels were black.
    labels : (1797,) int64 array, read-only
        0 to 9.
    """
    # Reading the file without importing scikit-learn saves a second.
    package = Path(importlib.util.find_spec("sklearn").origin).parent
    rows = np.loadtxt(package / "datasets" / "data" / "digits.csv.gz", delimiter=",")
    return read_only(rows[:, :-1].reshape(-1, 8, 8)), read_only(rows[:, -1], np.int64)
